"""The claims of the notes, each an experiment: what `experiments/` is written with.

An experiment states its claim, gathers evidence from the kernel, and judges it by a pure function.
"""

from __future__ import annotations

from lab.claims.articles import rates_of_articles
from lab.claims.claim import Bars, Claim, Experiment, Outcome, Verdict
from lab.claims.guest import Answer, Guest
from lab.claims.laboratory import Laboratory
from lab.claims.measured import Measured, Ratio, Row
from lab.claims.network import Network
from lab.claims.processes import Socket, Task
from lab.figure import counted
from lab.statistics.agreement import tau_b

__all__ = [
    "Answer",
    "Bars",
    "Claim",
    "Experiment",
    "Guest",
    "Laboratory",
    "Measured",
    "Network",
    "Outcome",
    "Ratio",
    "Row",
    "Socket",
    "Task",
    "Verdict",
    "counted",
    "rates_of_articles",
    "tau_b",
]
