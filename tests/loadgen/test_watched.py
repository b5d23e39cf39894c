"""Users whom people watch: all begin together, come and go meanwhile, and stop for good."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent
import pytest

from loadgen.engine.load import Part
from loadgen.locust.watched import Watched
from tests.loadgen.faulty import faulty
from tests.loadgen.lives import scenario

WITHIN_S = 5.0


@contextmanager
def watched(
    address: tuple[str, int], users: int, connection: str = "keep-alive", rate: float | None = None
) -> Iterator[Watched]:
    asked = scenario("[{get: /ok}]", connection, "1s", "think: 2ms\n" if rate is None else "")
    made = Watched(address, "test", asked, Part(users, "seed", rate_rps=rate), [-1])
    for _ in range(users):
        made.add_user()
    try:
        yield made
    finally:
        made.stop()


def until(met: Callable[[], bool]) -> None:
    with gevent.Timeout(WITHIN_S):
        while not met():
            gevent.sleep(0.005)


def good(made: Watched) -> int:
    """Answers since it was last asked."""
    times_us, _ = made.tally.take()
    return sum(sum(times.values()) for times in times_us)


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
@pytest.mark.parametrize("rate", [None, 500.0])
def test_nobody_asks_before_the_beginning_and_nobody_after_the_stop(
    connection: str, rate: float | None
) -> None:
    with faulty() as server:
        with watched(server.address, 5, connection, rate) as made:
            gevent.sleep(0.05)
            assert server.answered == 0
            made.begin([5])
            until(lambda: server.answered > 50)
            assert good(made) > 0
        gevent.sleep(0.05)  # whatever the server had in hand when it was cut off
        answered = server.answered
        gevent.sleep(0.1)
        assert server.answered == answered


@pytest.mark.parametrize("rate", [None, 500.0])
def test_who_comes_later_begins_at_once_and_who_leaves_asks_no_more(rate: float | None) -> None:
    with faulty() as server, watched(server.address, 0, rate=rate) as made:
        made.begin([5])
        users = [made.add_user() for _ in range(4)]
        until(lambda: all(each.answered > 3 for each in users))
        for each in users[:3]:
            made.remove_user(each)
        before = [each.answered for each in users]
        until(lambda: users[3].answered > before[3] + 20)
        assert [each.answered for each in users[:3]] == before[:3]


def test_a_second_beginning_changes_nothing() -> None:
    with faulty() as server, watched(server.address, 3) as made:
        made.begin([5])
        made.begin([5])
        until(lambda: server.answered > 30)
        assert made.tally.connected == 3


def test_what_was_taken_is_not_there_again() -> None:
    with faulty() as server:
        with watched(server.address, 3) as made:
            made.begin([5])
            until(lambda: server.answered > 30)
            first = good(made)
        assert 0 < first + good(made) <= server.answered
        assert good(made) == 0


def test_users_without_a_server_fail_where_all_can_see_it() -> None:
    with socket.socket() as free:  # bound and not listening: nobody is there
        free.bind(("127.0.0.1", 0))
        with watched(free.getsockname(), 3) as made:
            made.begin([5])
            gevent.sleep(0.05)
            [failures] = made.tally.take()[1]
            assert failures["refused"] >= 3


def test_arrivals_are_dealt_anew_when_users_have_come_or_gone() -> None:
    with faulty() as server, watched(server.address, 2, rate=500.0) as made:
        made.begin([0, 2])
        gevent.sleep(0.1)
        assert server.answered == 0, "all arrivals are the other worker's"
        made.begin([2, 0])
        until(lambda: server.answered > 20)
