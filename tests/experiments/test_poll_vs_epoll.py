"""The verdict on poll and epoll follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.poll_vs_epoll import IDLE, REQUESTS, Evidence, Server, Step, bars, judge


def server(*cpu_us: float) -> Server:
    steps = (Step(idle, REQUESTS, cpu) for idle, cpu in zip(IDLE, cpu_us, strict=True))
    return Server(spin_us=5_100.0, steps=tuple(steps))


POLL, EPOLL = server(80, 400, 1_300, 10_000), server(80, 81, 79, 84)
SEEN = Evidence(POLL, EPOLL)
LOST = (*EPOLL.steps[:-1], replace(EPOLL.steps[-1], idle=4_000))
REFUSED = (*EPOLL.steps[:-1], replace(EPOLL.steps[-1], answered=0))


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (Evidence(POLL, POLL), "refuted"),
        (Evidence(EPOLL, EPOLL), "refuted"),
        (Evidence(server(80, 90, 110, 160), EPOLL), "inconclusive"),
        (Evidence(POLL, server(80, 90, 110, 160)), "inconclusive"),
        (Evidence(POLL, server(80, 90, 110, 129)), "supported"),  # 1.6 times, but 0.5 % of poll's
        (Evidence(POLL, server(80, 90, 110, 130)), "inconclusive"),
        (Evidence(POLL, server(20, 30, 40, 60)), "refuted"),  # little, but 3 times as much
        (Evidence(POLL, replace(EPOLL, steps=LOST)), "inconclusive"),  # connections did not stay
        (Evidence(POLL, replace(EPOLL, steps=REFUSED)), "inconclusive"),
        (Evidence(POLL, replace(EPOLL, steps=EPOLL.steps[:1])), "inconclusive"),
        (Evidence(POLL, server(0, 0, 0, 0)), "inconclusive"),  # another group was read
        (Evidence(replace(POLL, spin_us=3.0), EPOLL), "inconclusive"),
        (Evidence(POLL, replace(EPOLL, spin_us=50_000.0)), "inconclusive"),  # somebody else's too
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome


def test_the_figure_has_a_bar_for_each_server_and_step() -> None:
    assert bars(SEEN).values[3] == ("poll, 10,000 idle", 10_000)
    assert len(bars(SEEN).values) == 2 * len(IDLE)
