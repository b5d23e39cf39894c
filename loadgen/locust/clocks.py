"""How far the workers' clocks are from the master's, where the load comes from several hosts.

CLOCK_MONOTONIC counts from each host's own start. A worker is asked for its clock many times, and
the shortest round trip is believed. All are asked before the window and after it, since two clocks
also drift apart.

    from the master   ask      {number}
    to the master     clock    {number, clock_s}
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from gevent.event import Event

from loadgen.engine.clock import Offset, clock, offset
from loadgen.engine.report import WorkerReport

if TYPE_CHECKING:
    from locust.runners import MasterRunner, WorkerRunner

ROUNDS = 24
AT_ONCE = 8  # workers: of more, each would wait until the others are asked and heard
WITHIN_S = 1.0  # for one round


def noted(report: WorkerReport, over: Offset) -> WorkerReport:
    """With the offset of its worker's clock among its evidence."""
    known = {
        "clock_offset_s": round(over.known_s, 6),
        "clock_bound_s": round(over.bound_s, 6),
    }
    evidence = report.evidence.model_copy(update=known)
    return report.model_copy(update={"evidence": evidence})


def answer(runner: WorkerRunner) -> None:
    """A worker tells its clock whenever it is asked."""

    def tell(msg: Any, **_: object) -> None:
        runner.send_message("clock", {"number": msg.data["number"], "clock_s": clock()})

    runner.register_message("ask", tell)


class Clocks:
    """The master's side."""

    def __init__(self, runner: MasterRunner) -> None:
        self._runner = runner
        self._number = 0
        self._asked_s: dict[str, float] = {}  # those that have not answered yet
        self._found: dict[str, Offset] = {}
        self._all = Event()
        runner.register_message("clock", self._told)

    def measure(self, nodes: Sequence[str]) -> dict[str, Offset]:
        """Of each node that answered, the best of its round trips."""
        self._found = {}
        for group in (nodes[at : at + AT_ONCE] for at in range(0, len(nodes), AT_ONCE)):
            for _ in range(ROUNDS):
                if not self._ask(group):
                    break  # what is known by now must do
        return self._found

    def _ask(self, nodes: Sequence[str]) -> bool:
        """Whether all of them answered in time."""
        self._number += 1
        self._asked_s = dict.fromkeys(nodes, inf)
        self._all.clear()
        for node in nodes:
            self._asked_s[node] = clock()
            self._runner.send_message("ask", {"number": self._number}, node)
        return bool(self._all.wait(WITHIN_S))

    def _told(self, msg: Any, **_: object) -> None:
        now_s = clock()
        if msg.data["number"] != self._number:
            return  # to a question that was given up
        found = offset(self._asked_s.pop(msg.node_id), msg.data["clock_s"], now_s)
        best = self._found.get(msg.node_id)
        if best is None or found.bound_s < best.bound_s:
            self._found[msg.node_id] = found
        if not self._asked_s:
            self._all.set()
