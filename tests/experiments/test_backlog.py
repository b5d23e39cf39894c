"""The verdict on the backlog follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.backlog import Burst, Evidence, bars, judge


def burst(backlog: int, queued: int) -> Burst:
    full = queued < 200
    return Burst(
        backlog,
        queued,
        connected=queued,
        overflows=200 - queued,
        drops=200 - queued,
        p99_s=1.1 if full else 0.01,
        never=0,
    )


def seen(*queued: int) -> Evidence:
    return Evidence(tuple(map(burst, (1, 10, 128, 4096), queued)))


def blinded(**changes: object) -> Evidence:
    """In the shorter queues alone."""
    *short, longest = seen(2, 11, 129, 200).bursts
    return Evidence((*(replace(each, **changes) for each in short), longest))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("evidence", "outcome"),
    [
        (seen(2, 11, 129, 200), "supported"),
        (seen(1, 10, 128, 200), "supported"),
        (seen(5, 19, 193, 200), "refuted"),
        (seen(200, 200, 200, 200), "inconclusive"),  # the knob had no effect
        (seen(0, 0, 0, 0), "inconclusive"),  # another namespace was looked at
        (seen(2, 11, 129, 150), "inconclusive"),  # all were not there, or somaxconn is short
        (blinded(overflows=0), "inconclusive"),  # the counters were not read
        (blinded(queued=0), "inconclusive"),
        (blinded(p99_s=0.01), "inconclusive"),  # the server was not stopped
    ],
)
def test_the_verdict(evidence: Evidence, outcome: str) -> None:
    assert judge(evidence).outcome == outcome


def test_it_says_that_linux_holds_one_more_only_where_it_does() -> None:
    assert "one more" in judge(seen(2, 11, 129, 200)).sentence
    assert "one more" not in judge(seen(1, 10, 128, 200)).sentence


def test_the_figure_has_a_bar_for_each_backlog() -> None:
    labels = [label for label, _ in bars(seen(2, 11, 129, 200)).values]
    assert labels == ["backlog 1", "backlog 10", "backlog 128", "backlog 4096"]
