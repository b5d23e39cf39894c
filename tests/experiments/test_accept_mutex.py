"""The verdict on the accept mutex follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.accept_mutex import Evidence, Woken, judge

ONE = Woken(threads=8, answered=40, switches=1.25)
TWO = Woken(threads=8, answered=40, switches=2.8)
HERD = Woken(threads=8, answered=40, switches=10.2)
BETWEEN = Woken(threads=8, answered=40, switches=5.0)
NOT_READ = Woken(threads=8, answered=40, switches=0.0)
SEEN = Evidence(off_block=ONE, on_block=TWO, off_poll=HERD, on_poll=TWO)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "refined"),
        (replace(SEEN, off_block=HERD), "supported"),
        (replace(SEEN, on_poll=HERD), "refuted"),
        (replace(SEEN, on_block=HERD), "refuted"),
        (replace(SEEN, off_poll=TWO), "inconclusive"),  # the knob had no effect
        (replace(SEEN, on_poll=BETWEEN), "inconclusive"),
        (replace(SEEN, off_block=BETWEEN), "inconclusive"),
        (replace(SEEN, off_poll=BETWEEN), "inconclusive"),
        (Evidence(NOT_READ, NOT_READ, NOT_READ, NOT_READ), "inconclusive"),
        (replace(SEEN, on_poll=NOT_READ), "inconclusive"),
        (replace(SEEN, on_poll=replace(TWO, threads=0)), "inconclusive"),  # another process
        (replace(SEEN, on_poll=replace(TWO, answered=0)), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
