"""The command line of `make speed`: mistakes all at once, before anything is started."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from lab.errors import MisuseError
from speed.inside.rows import ROWS
from speed.run import check

ROOT = Path(__file__).parents[2]
PLAIN = {"rows": "", "pairs": "", "seconds": "", "tune": ""}


def test_what_nobody_said_is_the_whole_table() -> None:
    asked = check(**PLAIN)
    assert (asked.rows, asked.pairs, asked.whole) == (ROWS, 5, True)


@pytest.mark.parametrize("less", [{"rows": "nginx"}, {"pairs": "4"}, {"tune": "1"}])
def test_a_lesser_run_makes_no_page(less: dict[str, str]) -> None:
    assert not check(**(PLAIN | less)).whole


def test_every_mistake_is_told() -> None:
    with pytest.raises(MisuseError) as told:
        check(rows="lighttpd", pairs="0", seconds="-1", tune="")
    said = [mistake.partition(":")[0] for mistake in told.value.mistakes]
    assert said == ["ROWS", "PAIRS", "DURATION"]


def test_the_command_says_what_was_asked() -> None:
    asked = check(**(PLAIN | {"rows": "idle,nginx"}))
    assert asked.command == "make speed ROWS=nginx,idle PAIRS=5 DURATION=2"


def test_what_runs_in_the_container_needs_neither_the_lab_nor_its_packages() -> None:
    for source in (ROOT / "speed" / "inside").glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert node.module.partition(".")[0] not in ("lab", "servers", "docker"), source
