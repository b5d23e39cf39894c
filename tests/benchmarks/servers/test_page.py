"""The table, the page; and that the page in docs/ is what the record and prose give."""

from __future__ import annotations

from pathlib import Path

from benchmarks import page
from benchmarks import record as records
from benchmarks.inside.measured import RATE, Measured
from benchmarks.record import Record
from benchmarks.servers.benchmark import SERVERS
from benchmarks.servers.inside.rows import ROWS

ROOT = Path(__file__).parents[3]
BY_NAME = {row.name: row for row in ROWS}


def rate(value: float | None) -> dict[str, float]:
    return {} if value is None else {RATE: value}


def figures(name: str, ours: float | None, theirs: float | None, why: str = "") -> list[Measured]:
    row = BY_NAME[name]
    return [
        *(Measured(name, side.name, 1, rate(ours)) for side in row.ours),
        *(Measured(name, side.name, 1, rate(theirs), why) for side in row.theirs),
    ]


def made(*found: Measured) -> Record:
    return Record(
        at="2026-11-23T19:00+00:00",
        command="make speed PAIRS=1",
        pairs=1,
        seconds=3,
        host={"CPU": "Abacus, 2 online"},
        versions={"nginx": "nginx/1.26"},
        figures=list(found),
    )


def lines(found: Record) -> list[str]:
    return SERVERS.values(found)["TABLE"].splitlines()[2:]


def test_a_row_shows_both_rates_the_ratio_its_spread_the_floor_and_the_verdict() -> None:
    [line] = lines(made(*figures("uvicorn", 90_000, 30_000)))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[0] == "uvicorn"
    assert (cells[3], cells[5]) == ("90,000", "30,000")
    assert cells[6:] == ["3.00", "3.00 to 3.00", "2", "pass"]


def test_a_side_that_fails_is_shown_with_what_it_said() -> None:
    found = made(*figures("uvicorn", 15_000, None, "Connection reset by peer (104)"))
    [line] = lines(found)
    assert [cell.strip() for cell in line.strip("|").split("|")][5:] == [
        "fails", "-", "-", "2", "erring",
    ]  # fmt: skip
    text = page.render(SERVERS, found, "@FAULTS@")
    named = "uvicorn, uvloop + httptools"
    assert f"- `uvicorn`, {named}, 1 of 1 runs: Connection reset by peer (104)" in text


def test_the_prose_is_kept_and_every_place_filled() -> None:
    template = (ROOT / SERVERS.template).read_text()
    text = page.render(SERVERS, made(*figures("nginx-best", 100, 100)), template)
    assert not any(f"@{name}@" in text for name in ("TABLE", "SIDES", "FAULTS", "HOST", "COMMAND"))
    assert "Abacus" in text
    assert "make speed PAIRS=1" in text
    assert "- `nginx-best` tried: epoll, sendfile: 100;" in text


def test_the_page_is_what_the_record_and_the_prose_give() -> None:
    """Mended by `make speed RENDER=1`."""
    kept = records.read(ROOT / SERVERS.record, SERVERS.command)
    template = (ROOT / SERVERS.template).read_text()
    assert (ROOT / SERVERS.page).read_text() == page.render(SERVERS, kept, template)
