"""The Locust master of one trial: waits for the server, verifies, ramps, fires, collects, writes.

Each step has its deadline and its reason to give up, so that a trial ends in `done` with a whole
load.json or in `failed` with a reason, never in silence and never in between.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any

import gevent
import locust
from locust.env import Environment
from locust.runners import MasterRunner

from loadgen.engine.clock import Offset, clock
from loadgen.engine.prober import await_health
from loadgen.engine.report import WorkerReport
from loadgen.engine.trial_config import TrialConfig
from loadgen.engine.user_pool import RAMP_PER_USER_S, RAMP_S
from loadgen.engine.verification import verify_answers
from loadgen.formats import record
from loadgen.formats.figures import Versions
from loadgen.locust.announce import announce
from loadgen.locust.assemble import Course, assemble
from loadgen.locust.clocks import Clocks, noted
from loadgen.locust.losses import Losses
from loadgen.locust.standby import stand_by
from loadgen.locust.user import LabUser

AHEAD_S = 0.4  # between the announcement and the first shot: workers and lab must be told in time
LOOK_EVERY_S = 0.02
FOLLOW_EVERY_S = 0.1  # in the window every look of ours is a CPU that a worker waits for
FLUSH_S = 5.0  # for workers to ship, beyond the drain


class MasterError(Exception):
    """The trial cannot be finished; the message is its reason."""


class UnwrittenError(Exception):
    """The disk refuses load.json; the message says why."""


class Master:
    def __init__(self, config: TrialConfig) -> None:
        self.config = config
        self.scenario, self.sha256 = config.scenario()
        self.ramped: dict[str, dict[str, int]] = {}
        self.ticks: dict[str, dict[str, int]] = {}
        self.reports: dict[str, WorkerReport] = {}
        self.environment = Environment(user_classes=[LabUser])
        try:
            self.runner: MasterRunner = self.environment.create_master_runner(*config.master)
        except SystemExit:  # Locust's way to say that its port is taken
            where = ":".join(map(str, config.master))
            raise MasterError(
                f"{where} is taken; end the run that holds it, or set MASTER"
            ) from None
        self.losses = Losses(self.runner, config.workers)
        self.clocks = Clocks(self.runner)
        self.offsets: dict[str, Offset] = {}  # of workers on other hosts
        self.runner.register_message("ramped", lambda msg, **_: self._hear(self.ramped, msg))
        self.runner.register_message("tick", lambda msg, **_: self._hear(self.ticks, msg))
        self.runner.register_message("flushed", self._flushed)

    def _hear(self, place: dict[str, dict[str, int]], msg: Any) -> None:
        self.losses.hear(msg.node_id, msg.data.pop("name"))
        place[msg.node_id] = msg.data

    def _flushed(self, msg: Any, **_: object) -> None:
        self.reports[msg.node_id] = WorkerReport.model_validate(msg.data)

    def run(self) -> None:
        """Raises LostError, MasterError, ProbeError, TrialConfigError or UnwrittenError."""
        config = self.config
        announce("waiting")
        address = config.address()
        probes = await_health(address, config.host, config.ready_within_s)
        verified = verify_answers(address, config.host, self.scenario)
        announce("ready", probes=probes)
        self._await_workers()
        self._ramp()
        if config.standby and not stand_by():
            raise MasterError("nobody said when to fire")
        self.offsets = self._offsets() if config.path == "outside" else {}
        fire_at_s = round(clock() + AHEAD_S, 6)
        opens_at_s = round(fire_at_s + self.scenario.warmup_s, 6)
        closes_at_s = round(opens_at_s + self.scenario.window_s, 6)
        instants = {"opens_at_s": opens_at_s, "closes_at_s": closes_at_s}
        orders = {"lengths": list(verified.lengths), "connections": self._connections()}
        for node in self.runner.worker_indexes:
            ahead_s = self.offsets[node].known_s if self.offsets else 0.0
            theirs = {"fire_at_s": fire_at_s, **instants}
            told = {name: at_s + ahead_s for name, at_s in theirs.items()}
            self.runner.send_message("fire", {**orders, **told}, node)
        announce("window", warms_at_s=fire_at_s, **instants)
        self._follow(closes_at_s)
        if self.offsets:
            self._note_clocks()
        course = Course(
            config, self.scenario, self.sha256, probes, verified, opens_at_s, closes_at_s
        )
        versions = Versions(
            python=platform.python_version(), locust=locust.__version__, gevent=gevent.__version__
        )
        reports = sorted(self.reports.values(), key=lambda part: part.evidence.name)
        made = assemble(course, reports, versions)
        try:
            record.write(made, config.folder / "load.json")
        except OSError as error:
            raise UnwrittenError(f"load.json could not be written: {error.strerror}") from error

    def _offsets(self) -> dict[str, Offset]:
        """Raises MasterError where a worker does not tell its clock."""
        nodes = list(self.runner.worker_indexes)
        found = self.clocks.measure(nodes)
        if missing := [node for node in nodes if node not in found]:
            name = self.losses.name(missing[0])
            raise MasterError(f"load {name} does not tell its clock: stopped, or lost")
        return found

    def _note_clocks(self) -> None:
        """Into each worker's evidence, as known before the window and after it."""
        later = self._offsets()
        for node, report in self.reports.items():
            self.reports[node] = noted(report, self.offsets[node].until(later[node]))

    def _await(self, met: Callable[[], bool], until_s: float, otherwise: str) -> None:
        while not met():
            if clock() > until_s:
                raise MasterError(otherwise)
            gevent.sleep(LOOK_EVERY_S)

    def _await_workers(self) -> None:
        wanted = self.config.workers
        clients = self.runner.clients
        within_s = self.config.ready_within_s
        self._await(
            lambda: len(clients.ready) >= wanted,
            clock() + within_s,
            f"fewer than {wanted} Locust workers came within {within_s:g} s; see their logs",
        )

    def _ramp(self) -> None:
        users = self.config.users
        said = -1
        spawning = gevent.spawn(self.runner.start, users, users)  # all at once; the pool paces
        until_s = clock() + RAMP_S + users * RAMP_PER_USER_S + FLUSH_S
        while True:
            established = sum(part["established"] for part in self.ramped.values())
            settled = established + sum(part["unconnected"] for part in self.ramped.values())
            if established != said:
                announce("ramp", established=established, requested=users)
                said = established
            if settled >= users and spawning.ready():
                return
            if clock() > until_s:
                raise MasterError(f"only {settled} of {users} users came up; see the workers' logs")
            self.losses.check(self.reports)
            gevent.sleep(LOOK_EVERY_S)

    def _connections(self) -> list[int]:
        """Of each worker, by its number: made in the ramp, or where nobody made one, wanted."""
        parts = [self.ramped.get(node, {}) for node in self.runner.worker_indexes]
        made = [part.get("established", 0) for part in parts]
        return made if any(made) else [sum(part.values()) for part in parts]

    def _follow(self, closes_at_s: float) -> None:
        until_s = closes_at_s + self.scenario.timeout_s + FLUSH_S
        last, before = (
            closes_at_s - self.scenario.window_s - self.scenario.warmup_s,
            {"good": 0, "failed": 0},
        )
        while len(self.reports) < self.config.workers:
            self.losses.check(self.reports)
            gevent.sleep(FOLLOW_EVERY_S if clock() < closes_at_s else LOOK_EVERY_S)
            now = clock()
            if now > until_s:
                raise MasterError("a Locust worker did not deliver its counts; see its log")
            if now - last >= 1 and now < closes_at_s:
                so_far = {k: sum(part[k] for part in self.ticks.values()) for k in before}
                rates = {
                    f"{k}_per_s": round((so_far[k] - before[k]) / (now - last), 1) for k in so_far
                }
                announce("tick", **rates)
                last, before = now, so_far
