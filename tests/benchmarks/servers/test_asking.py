"""The command line of `make speed`: mistakes all at once, before anything is started."""

from __future__ import annotations

import pytest

from benchmarks.run import Asked, check
from benchmarks.servers.benchmark import SERVERS
from lab.errors import MisuseError

PLAIN = {"rows": "", "pairs": "", "seconds": "", "tune": ""}


def asking(**words: str) -> Asked:
    return check(SERVERS, **(PLAIN | words))


def test_what_nobody_said_is_the_whole_table() -> None:
    asked = asking()
    assert (asked.rows, asked.pairs, asked.whole) == (SERVERS.rows, 5, True)


@pytest.mark.parametrize("less", [{"rows": "nginx"}, {"pairs": "4"}, {"tune": "1"}])
def test_a_lesser_run_makes_no_page(less: dict[str, str]) -> None:
    assert not asking(**less).whole


def test_every_mistake_is_told() -> None:
    with pytest.raises(MisuseError) as told:
        asking(rows="lighttpd", pairs="0", seconds="-1")
    said = [mistake.partition(":")[0] for mistake in told.value.mistakes]
    assert said == ["ROWS", "PAIRS", "DURATION"]


def test_the_command_says_what_was_asked() -> None:
    asked = asking(rows="idle,nginx")
    assert asked.command == "make speed ROWS=nginx,idle PAIRS=5 DURATION=2"


def test_a_choice_keeps_the_order_of_the_table() -> None:
    assert asking(rows=" idle,nginx ").rows == ("nginx", "idle")


def test_an_unknown_row_is_named_with_those_there_are() -> None:
    with pytest.raises(MisuseError, match=r"no row lighttpd; there are: .*nginx-best"):
        asking(rows="nginx,lighttpd")
