"""The table, the page; and that the page in docs/ is what the record and prose give."""

from __future__ import annotations

from pathlib import Path

from benchmarks.inside.measured import Measured
from benchmarks.loadgen.benchmark import LOADGEN
from benchmarks.loadgen.claims import judge
from benchmarks.loadgen.page import table
from benchmarks.page import render
from benchmarks.record import read
from tests.benchmarks.loadgen.figures import figures, record

ROOT = Path(__file__).parents[3]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_line_shows_what_was_measured_its_spread_the_floor_and_the_verdict() -> None:
    found = figures(2)
    found[1].values["rate_per_s"] = 80_000  # the engine's second round
    [line, *_] = table(judge(found, 2), "pipe").splitlines()[2:]
    assert cells(line) == [
        "keep-alive", "keep-alive: requests/s by wrk's", "0.90", "0.80 to 1.00", "at least 0.90",
        "pass",
    ]  # fmt: skip


def test_what_is_not_reached_is_told_apart_with_the_cost_of_a_request() -> None:
    found = figures(changed={"keep-alive engine rate_per_s": 80_000})
    text = render(LOADGEN, record(found), "@MISSED@\n@COSTS@")
    assert "- `keep-alive`, keep-alive: requests/s by wrk's: missed." in text
    [line] = [line for line in text.splitlines() if line.startswith("| keep-alive | engine")]
    assert cells(line)[2:] == ["80,000", "2.0", "5.0", "1.0", "6.0", "10.0"]


def test_where_all_is_reached_it_says_so() -> None:
    assert render(LOADGEN, record(figures()), "@MISSED@").endswith("Nothing.")


def test_the_stall_is_shown_by_arithmetic_open_and_closed() -> None:
    found = figures(changed={"stall closed response_p95_us": 200.0})
    [line] = [
        line
        for line in render(LOADGEN, record(found), "@STALL@").splitlines()
        if line.startswith("| p95")
    ]
    assert cells(line) == ["p95", "0.500", "0.500", "0.000", "0.000"]


def test_faults_and_remarks_are_told() -> None:
    found = [
        *figures(),
        Measured("fresh", "ab", 2, faults="ab: Connection reset"),
        Measured(
            "counts",
            "fresh",
            2,
            {"requests": 1.0, "differing": 1.0},
            "",
            "client connected 3, server 4",
        ),
    ]
    text = render(LOADGEN, record(found), "@FAULTS@")
    assert "- `fresh`, ab, round 2: ab: Connection reset" in text
    assert "- `counts`, fresh, round 2: client connected 3, server 4" in text


def test_the_prose_is_kept_and_every_place_filled() -> None:
    text = render(LOADGEN, record(figures()), (ROOT / LOADGEN.template).read_text())
    assert "@" not in text.replace("make generator", "")
    assert "Abacus" in text
    assert "make generator PAIRS=1" in text


def test_the_page_is_what_the_record_and_the_prose_give() -> None:
    """Mended by `make generator RENDER=1`."""
    kept = read(ROOT / LOADGEN.record, LOADGEN.command)
    template = (ROOT / LOADGEN.template).read_text()
    assert (ROOT / LOADGEN.page).read_text() == render(LOADGEN, kept, template)
