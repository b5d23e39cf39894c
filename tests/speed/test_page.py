"""The table, the page, the record; and that the page in docs/ is what the record and prose give."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.errors import LabError
from speed import page, record
from speed.inside.events import Measured
from speed.inside.rows import ROWS
from speed.record import Record

ROOT = Path(__file__).parents[2]
BY_NAME = {row.name: row for row in ROWS}


def figures(name: str, ours: float | None, theirs: float | None, why: str = "") -> list[Measured]:
    row = BY_NAME[name]
    return [
        *(Measured(name, side.name, 1, ours) for side in row.ours),
        *(Measured(name, side.name, 1, theirs, why) for side in row.theirs),
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
    return page.table(page.comparisons(found), "pipe").splitlines()[2:]


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
    text = page.render(found, "@FAULTS@")
    named = "uvicorn, uvloop + httptools"
    assert f"- `uvicorn`, {named}, 1 of 1 runs: Connection reset by peer (104)" in text


def test_the_prose_is_kept_and_every_place_filled() -> None:
    template = (ROOT / page.TEMPLATE).read_text()
    text = page.render(made(*figures("nginx-best", 100, 100)), template)
    assert not any(f"@{name}@" in text for name in ("TABLE", "SIDES", "FAULTS", "HOST", "COMMAND"))
    assert "Abacus" in text
    assert "make speed PAIRS=1" in text
    assert "- `nginx-best` tried: epoll, sendfile: 100;" in text


def test_the_page_is_what_the_record_and_the_prose_give() -> None:
    """Mended by `make speed RENDER=1`."""
    kept = record.read(ROOT / page.RECORD)
    template = (ROOT / page.TEMPLATE).read_text()
    assert (ROOT / page.PAGE).read_text() == page.render(kept, template)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = made(*figures("uvicorn", 15_000, None, "reset"))
    record.write(tmp_path / "record.json", found)
    assert record.read(tmp_path / "record.json") == found


def test_a_record_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"cannot read record\.json"):
        record.read(tmp_path / "record.json")
    (tmp_path / "record.json").write_text("{}")
    with pytest.raises(LabError, match="make speed"):
        record.read(tmp_path / "record.json")
