"""The command line of `make generator`: mistakes all at once, before anything is started."""

from __future__ import annotations

import pytest

from benchmarks.loadgen.benchmark import LOADGEN
from benchmarks.loadgen.claims import CLAIMS
from benchmarks.run import Asked, check
from lab.errors import MisuseError


def asking(rows: str = "", pairs: str = "", seconds: str = "", tune: str = "") -> Asked:
    return check(LOADGEN, rows=rows, pairs=pairs, seconds=seconds, tune=tune)


def test_what_nobody_said_is_the_whole_table() -> None:
    asked = asking()
    assert (asked.rows, asked.pairs, asked.whole) == (LOADGEN.rows, 5, True)


@pytest.mark.parametrize(("rows", "pairs"), [("rate", ""), ("", "4")])
def test_a_lesser_run_makes_no_page(rows: str, pairs: str) -> None:
    assert not asking(rows=rows, pairs=pairs).whole


def test_every_mistake_is_told() -> None:
    with pytest.raises(MisuseError) as told:
        asking(rows="slow", pairs="0", seconds="1.5")
    said = [mistake.partition(":")[0] for mistake in told.value.mistakes]
    assert said == ["ROWS", "PAIRS", "DURATION"]


def test_the_command_says_what_was_asked_in_the_tables_order() -> None:
    asked = asking(rows="crowd, rate", pairs="2", seconds="1")
    assert asked.command == "make generator ROWS=rate,crowd PAIRS=2 DURATION=1"
    assert asked.inside == ("rate",)


def test_every_row_has_a_claim_and_every_claim_a_row() -> None:
    assert {claim.row for claim in CLAIMS} == set(LOADGEN.rows)
