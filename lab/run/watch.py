"""The middle of a trial, from up to done: follow the load, read the counters at the window's edges.

They are read once before as well, when the server is ready and idle: what grew since is the load's.
One loop waits for whichever comes first: something happening, the instant of an edge, or the
deadline of the present step. Each step has its own deadline, so a load that hangs ends the trial in
bounded time and the message says at which step it hung.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf

from lab.errors import LabError
from lab.host.rig import Exited, Progress, Rig, Role, UnreadableError
from lab.records import events
from lab.records.record import Counters
from lab.run.trial_fault import TrialFaultError, exited

FAR_S = 30.0  # an announcement this far off means that the two clocks are not one


@dataclass(frozen=True)
class Limits:
    """How long each step may take."""

    ready_s: float = 40.0  # from up to the first answer of /health
    look_s: float = 1.0  # how often to look meanwhile whether the server can be reached at all
    ramp_s: float = 90.0  # from there to the announcement of the window
    flush_s: float = 20.0  # from the window's end to done, beyond the scenario's own timeout
    farewell_s: float = 5.0  # from a load worker's proper end to the master's done
    naming_s: float = 2.5  # from a load worker's loss to the master's word on which it was


@dataclass
class Watch:
    """What was seen of one trial; complete once `follow` has returned."""

    rig: Rig
    progress: Progress
    limits: Limits
    timeout_s: float  # the scenario's: how long one answer may take
    meet: Callable[[], None]  # returns when the trials beside this one are ready as well
    started: Counters | None = None
    opened: Counters | None = None
    closed: Counters | None = None
    finished: Counters | None = None
    counters_missing: str | None = None
    marks_s: dict[str, float] = field(default_factory=dict)

    _lost: TrialFaultError | None = None  # a load worker; the master may know which
    _step: str = "become ready"
    _deadline_s: float = 0.0
    _look_s: float = inf  # when to look next whether the server can be reached
    _agenda: list[tuple[float, str]] = field(default_factory=list)  # the window's edges

    def __post_init__(self) -> None:
        self._began_s = self.rig.now_s()

    def mark(self, name: str) -> None:
        """Note that a step is over."""
        self.marks_s[name] = round(self.rig.now_s() - self._began_s, 4)

    def follow(self) -> None:
        """Returns when the load is done. TrialFaultError as soon as anything went wrong; LabError
        for what would hit every trial alike."""
        self._expect("become ready", self.limits.ready_s)
        self._look_s = self.rig.now_s() + self.limits.look_s
        while True:
            edge_s = self._agenda[0][0] if self._agenda else self._deadline_s
            happening = self.rig.next_happening(min(edge_s, self._look_s, self._deadline_s))
            if happening is None:
                self._time_has_come()
            elif isinstance(happening, Exited):
                self._exited(happening)
            elif isinstance(happening.event, events.Done):
                while self._agenda:  # the load was quicker than the clock's wake-up
                    self._read_edge()
                with suppress(UnreadableError):
                    self.finished = self.rig.read_counters()
                self.mark("done")
                return
            else:
                self._said(happening.event)

    def _expect(self, step: str, within_s: float) -> None:
        self._step = step
        self._deadline_s = self.rig.now_s() + within_s

    def _said(self, event: events.Event) -> None:
        match event:
            case events.Ready():
                self.mark("ready")
                self._look_s = inf
                with suppress(UnreadableError):  # the edges will tell
                    self.started = self.rig.read_counters()
                self.progress.step("connecting users")
                self._expect("connect its users", self.limits.ramp_s)
            case events.Ramp(established, requested):
                self.progress.step(f"connected {established} of {requested}")
            case events.Standby():
                self.progress.step("waiting for the trials beside it")
                self.meet()
                self.rig.fire()
            case events.Window():
                self.mark("announced")
                self.progress.step("warm-up")
                self._announced(event)
            case events.Tick(good_per_s, failed_per_s):
                self.progress.rate(good_per_s, failed_per_s)
            case events.Mismatch() as mismatch:
                raise TrialFaultError(str(mismatch), mismatch=mismatch)
            case events.Unwritten(reason):
                raise LabError(
                    f"the load's record is lost: {reason}",
                    "make room (df -h results), or allow it to be written (ls -ld results),"
                    " then run again: written trials are kept",
                )
            case events.Failed(reason):
                role: Role = "worker" if self._lost else "master"
                raise TrialFaultError(f"the load gave up: {reason}", role)

    def _announced(self, window: events.Window) -> None:
        ahead_s = window.warms_at_s - self.rig.now_s()
        if abs(ahead_s) > FAR_S:  # containers in another machine than the lab
            self.counters_missing = "the load's clock is not this host's"
            ahead_s = FAR_S
        else:
            self._agenda = [(window.opens_at_s, "opened"), (window.closes_at_s, "closed")]
        lasts_s = window.closes_at_s - window.warms_at_s
        self._expect("finish", ahead_s + lasts_s + self.timeout_s + self.limits.flush_s)

    def _time_has_come(self) -> None:
        now_s = self.rig.now_s()
        if self._agenda and self._agenda[0][0] <= now_s:
            self._read_edge()
        elif self._look_s <= now_s:
            self._look(now_s)
        elif self._deadline_s <= now_s:
            if self._lost is not None:
                raise self._lost
            raise TrialFaultError(f"the load did not {self._step} in time", "master")

    def _look(self, now_s: float) -> None:
        if (address := self.rig.hidden_at()) is not None:
            raise TrialFaultError(
                f"the server listens on {address}, which nobody outside its container can reach:"
                " let it bind 0.0.0.0",
                "server",
            )
        self._look_s = now_s + self.limits.look_s

    def _read_edge(self) -> None:
        _, edge = self._agenda.pop(0)
        try:
            setattr(self, edge, self.rig.read_counters())
        except UnreadableError as error:
            self.counters_missing = str(error)
        self.mark(edge)
        self.progress.step("window open" if edge == "opened" else "flushing")

    def _exited(self, ended: Exited) -> None:
        if ended.role == "worker" and ended.exit_code == 0:
            # Workers may leave just before the master's last word is read.
            self._agenda.clear()
            self._look_s = inf
            self._expect("say that it is done", self.limits.farewell_s)
            return
        when = "in mid-trial" if "ready" in self.marks_s else "at start"
        fault = exited(ended, when)
        if ended.role != "worker" or "ready" not in self.marks_s:
            raise self._lost or fault
        self._lost = self._lost or fault
        self._agenda.clear()
        self._expect("say which worker was lost", self.limits.naming_s)
