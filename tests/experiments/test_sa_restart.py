"""The verdict on SA_RESTART follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.sa_restart import Accept, Evidence, judge

GOES_ON = Accept(accepted=True, errno="", waited_s=0.4, signals=1)
EINTR = Accept(accepted=False, errno="EINTR", waited_s=0.1, signals=1)
MISSED = replace(GOES_ON, signals=0)
EARLY = replace(GOES_ON, waited_s=0.01)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (Evidence(restart=GOES_ON, plain=EINTR, python=GOES_ON, timeout=EINTR), "refined"),
        (Evidence(restart=EINTR, plain=EINTR, python=GOES_ON, timeout=EINTR), "refuted"),
        (Evidence(restart=GOES_ON, plain=GOES_ON, python=GOES_ON, timeout=EINTR), "refuted"),
        (Evidence(restart=MISSED, plain=EINTR, python=GOES_ON, timeout=EINTR), "inconclusive"),
        (Evidence(restart=EARLY, plain=EINTR, python=GOES_ON, timeout=EINTR), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
