"""The verdict on SIGINT follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.sigint import CtrlC, Evidence, Sent, judge

ENDED = Sent(ignored=False, exit_code=0, answers=False)
LIVES = Sent(ignored=True, exit_code=None, answers=True)
SEEN = Evidence(
    terminal_default=CtrlC("SIGINT"),
    terminal_ignored=CtrlC(""),
    drain=ENDED,
    ignore=LIVES,
    arrived=1,
    sigterm_code=0,
)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, ignore=replace(LIVES, exit_code=0, answers=False)), "refuted"),
        (replace(SEEN, ignore=replace(LIVES, answers=False)), "refuted"),
        (replace(SEEN, terminal_ignored=CtrlC("SIGINT")), "refuted"),
        (replace(SEEN, terminal_default=CtrlC("")), "inconclusive"),  # no keyboard
        (replace(SEEN, arrived=0), "inconclusive"),  # the signal went elsewhere
        (replace(SEEN, drain=LIVES), "inconclusive"),
        (replace(SEEN, drain=replace(ENDED, ignored=True)), "inconclusive"),
        (replace(SEEN, ignore=replace(LIVES, ignored=False)), "inconclusive"),  # no effect
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
