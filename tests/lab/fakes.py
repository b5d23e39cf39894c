"""A rig without containers: plays a script, keeps a diary of the steps, and can be broken anywhere.

Time is the script's own: it advances to whatever instant the life cycle waits for.
"""

from __future__ import annotations

from pathlib import Path

from lab.host.rig import Happening, Role, Said, UnreadableError
from lab.records import events
from lab.records.record import Counters, Link, Receive, ServerEnd, Settling
from lab.records.step import Trial
from loadgen.formats import record as load_record
from loadgen.formats.figures import Arrivals
from tests.lab import records

READINGS = ((0.4, 0.2), (2.0, 1.0), (12.0, 10.5))  # when, and CPU so far, in seconds

Script = list[tuple[float, Happening]]  # seconds after up -> what happens

SMOOTH: Script = [
    (0.1, Said(events.Waiting())),
    (0.4, Said(events.Ready(probes=1))),
    (0.6, Said(events.Ramp(established=20, requested=20))),
    (0.7, Said(events.Window(warms_at_s=1.0, opens_at_s=2.0, closes_at_s=12.0))),
    (3.0, Said(events.Tick(good_per_s=1000.0, failed_per_s=0.0))),
    (12.2, Said(events.Done())),
]


class FakeRig:
    """Plays `lab.host.rig.Rig`. `up` counts how many trials have something running: 0 is clean."""

    def __init__(self, script: Script | None = None, results: Path | None = None) -> None:
        self.script = SMOOTH if script is None else script
        self.results = results  # where the load would write its record
        self.diary: list[str] = []
        self.running = False
        self.clock_s = 0.0
        self.broken: dict[str, BaseException] = {}
        self.tails: dict[Role, str] = {}
        self.end: ServerEnd | None = records.server().end
        self.shifts = True
        self.hidden: str | None = None
        self.receive: Receive = "guest"
        self.links: tuple[Link, ...] = ()
        self._left: Script = []
        self._readings = [records.counters(at_s, cpu_s) for at_s, cpu_s in READINGS]

    def now_s(self) -> float:
        return self.clock_s

    def settle(self) -> Settling:
        self._step("settle")
        return Settling()

    def up(self, trial: Trial) -> None:
        self.running = True  # a start that fails half-way leaves something too
        self._step("up")
        self._trial = trial
        self._left = [(self.clock_s + after_s, what) for after_s, what in self.script]
        if self.shifts:
            self._shifted(self.clock_s)
        self._readings = [records.counters(at_s, cpu_s) for at_s, cpu_s in READINGS]

    def next_happening(self, until_s: float) -> Happening | None:
        self._breaks("next_happening")
        if self._left and self._left[0][0] <= until_s:
            self.clock_s, happening = self._left.pop(0)
            if happening == Said(events.Done()):
                self._write_load()
            return happening
        self.clock_s = until_s
        return None

    def fire(self) -> None:
        self._step("fire")

    def stop(self) -> None:
        """It never waits, so it need not be stopped."""

    def read_counters(self) -> Counters:
        self._step(f"counters at {self.clock_s:g}")
        self._breaks("read_counters")
        if not self._readings:
            raise UnreadableError("no such files")
        return self._readings.pop(0)

    def hidden_at(self) -> str | None:
        return self.hidden

    def end_server(self) -> tuple[ServerEnd, str] | None:
        self._step("end server")
        return (self.end, "listening\n{account}\n") if self.end else None

    def tail(self, role: Role) -> str:
        return self.tails.get(role, f"{role} says why")

    def down(self) -> None:
        self._step("down")
        self.running = False

    def _step(self, name: str) -> None:
        self.diary.append(name)
        self._breaks(name)

    def _breaks(self, name: str) -> None:
        if name in self.broken:
            raise self.broken.pop(name)

    def _shifted(self, by_s: float) -> None:
        """Instants of the window are absolute: move them to this trial's time."""
        for place, (at_s, happening) in enumerate(self._left):
            if isinstance(happening, Said) and isinstance(happening.event, events.Window):
                window = happening.event
                moved = events.Window(
                    window.warms_at_s + by_s, window.opens_at_s + by_s, window.closes_at_s + by_s
                )
                self._left[place] = (at_s, Said(moved))

    def _write_load(self) -> None:
        if self.results is not None:
            folder = self.results / "trials" / self._trial.name
            model, users = self._trial.model, self._trial.users
            record = records.load(model=model, users=users, opened_at_s=2.0, closed_at_s=12.0)
            load_record.write(record, folder / "load.json")


class ElasticRig(FakeRig):
    """Servers with a capacity: an open loop beyond it is answered late, and not in full."""

    def __init__(self, capacities_rps: dict[str, float], results: Path) -> None:
        super().__init__(results=results)
        self.capacities_rps = capacities_rps

    def _write_load(self) -> None:
        assert self.results is not None
        trial = self._trial
        assert trial.rate_rps is not None
        use = trial.rate_rps / self.capacities_rps[trial.model]
        due, good = 10_000, 10_000 if use <= 1 else int(10_000 / use)
        record = records.load(
            {int(1_000 * (1 + 9 * use**4)): good},  # 10 ms at its capacity
            model=trial.model,
            users=trial.users,
            loop="open",
            rate_rps=trial.rate_rps,
            opened_at_s=2.0,
            closed_at_s=12.0,
            arrivals=Arrivals(
                process="poisson",
                due=due,
                offered_rps=trial.rate_rps,
                achieved_rps=trial.rate_rps * good / due,
                good=good,
                failed=0,
                dropped=due - good,
                cut=0,
                queued=0,
                in_flight_mean=1.0,
                in_flight_max=9,
            ),
        )
        load_record.write(record, self.results / "trials" / trial.name / "load.json")


class Silent:
    """Progress that remembers its lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps: list[str] = []
        self.left_s: list[float] = []

    def trial_begins(self, trial: Trial, of: int, left_s: float) -> None:
        self.left_s.append(left_s)
        self.lines.append(f"{trial.number}/{of} {trial.model}")

    def step(self, text: str) -> None:
        self.steps.append(text)

    def rate(self, good_per_s: float, failed_per_s: float) -> None:
        self.steps.append(f"{good_per_s:g}/s, {failed_per_s:g} failed")

    def trial_ends(self, trial: Trial, summary: str, good: bool) -> None:
        self.lines.append(f"{trial.number} {'ok' if good else 'bad'}: {summary}")
