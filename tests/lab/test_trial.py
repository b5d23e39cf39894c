"""The life of one trial, on fakes: the order of its steps, and every fault at every step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab import events
from lab.errors import Interrupted, LabError
from lab.plan import Trial
from lab.record import ServerRecord
from lab.rig import Exited, Role, Said
from lab.trial import run_trial
from lab.watch import Limits
from tests.lab.fakes import SMOOTH, FakeRig, Script, Silent

TRIAL = Trial(1, 1, "epoll", 20, 7)
LIMITS = Limits(ready_s=10.0, ramp_s=20.0, flush_s=5.0, farewell_s=2.0)


def run(rig: FakeRig, limits: Limits = LIMITS) -> ServerRecord:
    return run_trial(TRIAL, rig, Silent(), limits, timeout_s=3.0).record


def before(at_s: float) -> Script:
    return [(when, what) for when, what in SMOOTH if when < at_s]


def test_the_steps_come_in_their_order() -> None:
    rig = FakeRig()
    record = run(rig)
    assert rig.diary == [
        "settle",
        "up",
        "counters at 2",
        "counters at 12",
        "end server",
        "down",
    ]
    assert record.outcome == "ok"
    assert record.reason is None
    assert list(record.marks_s) == [
        "up",
        "ready",
        "announced",
        "opened",
        "closed",
        "done",
        "drained",
        "down",
    ]


def test_counters_are_read_at_the_edges_that_were_announced() -> None:
    record = run(FakeRig())
    assert record.opened is not None
    assert record.closed is not None
    assert (record.opened.cpu_s, record.closed.cpu_s) == (1.0, 10.5)
    assert (record.marks_s["opened"], record.marks_s["closed"]) == (2.0, 12.0)


def test_what_is_shown_while_it_runs() -> None:
    shown = Silent()
    run_trial(TRIAL, FakeRig(), shown, LIMITS, 3.0)
    assert shown.steps == [
        "settling",
        "starting",
        "waiting for /health",
        "connecting users",
        "connected 20 of 20",
        "warm-up",
        "window open",
        "1000/s, 0 failed",
        "flushing",
        "draining",
    ]


def test_done_may_come_before_the_clock_wakes_us_for_the_second_edge() -> None:
    script = [*before(12), (11.9999, Said(events.Done()))]
    rig = FakeRig(script)
    assert run(rig).closed is not None
    assert rig.diary.count("end server") == 1


DEATHS: list[tuple[Role, int, str]] = [
    ("server", 1, "the server died {when} (exit code 1)"),
    ("server", 137, "the server died {when} (exit code 137: killed"),
    ("server", 139, "the server died {when} (exit code 139: by signal 11)"),
    ("worker", 137, "a load worker was lost {when}"),
    ("master", 1, "the load's master ended before it was done {when}"),
    ("master", 0, "the load's master ended before it was done {when}"),
    ("redis", 137, "Redis went away {when}"),
    ("vmhost", 137, "the VM host went away {when}"),
]


@pytest.mark.parametrize("at_s", [0.05, 0.5, 0.65, 1.5, 5.0, 12.1])
@pytest.mark.parametrize(("role", "code", "reason"), DEATHS)
def test_a_death_ends_the_trial_at_once(role: Role, code: int, reason: str, at_s: float) -> None:
    rig = FakeRig([*before(at_s), (at_s, Exited(role, code))])
    record = run(rig)
    when = "at start" if at_s < 0.4 else "in mid-trial"
    assert record.outcome == "failed"
    assert record.reason is not None
    assert record.reason.startswith(reason.format(when=when))
    assert record.reason.endswith(f"{role} says why")
    assert rig.clock_s == at_s
    assert rig.diary[-2:] == ["end server", "down"]


def test_a_worker_that_leaves_properly_just_before_the_last_word_is_no_loss() -> None:
    script = [*before(12.1), (12.1, Exited("worker", 0)), (12.2, Said(events.Done()))]
    assert run(FakeRig(script)).outcome == "ok"


def test_a_worker_that_leaves_properly_and_no_last_word_is_one() -> None:
    rig = FakeRig([*before(5.0), (5.0, Exited("worker", 0))])
    record = run(rig)
    assert record.reason is not None
    assert record.reason.startswith("the load did not say that it is done in time")
    assert rig.clock_s == 7.0


@pytest.mark.parametrize(
    ("script", "step", "ends_at_s"),
    [
        ([], "become ready", 10.0),
        (before(0.4), "become ready", 10.0),
        (before(0.5), "connect its users", 20.4),
        (before(0.7), "connect its users", 20.4),
        (before(3.0), "finish", 20.0),  # closes at 12, an answer may take 3, flushing 5
        (before(12.0), "finish", 20.0),
    ],
)
def test_a_load_that_hangs_is_given_up(script: Script, step: str, ends_at_s: float) -> None:
    rig = FakeRig(script)
    record = run(rig)
    assert record.reason is not None
    assert record.reason.startswith(f"the load did not {step} in time")
    assert rig.clock_s == pytest.approx(ends_at_s)
    assert not rig.running


def test_the_loads_own_reason_is_told() -> None:
    record = run(FakeRig([*before(0.4), (0.5, Said(events.Failed("no answer")))]))
    assert record.reason is not None
    assert record.reason.startswith("the load gave up: no answer")


def test_without_counters_the_trial_still_counts() -> None:
    rig = FakeRig()
    up = rig.up

    def without_files(trial: Trial) -> None:
        up(trial)
        rig._readings.clear()

    rig.up = without_files  # type: ignore[method-assign]
    record = run(rig)
    assert record.outcome == "ok"
    assert (record.opened, record.closed, record.counters_missing) == (None, None, "no such files")


@pytest.mark.parametrize("fault", [LabError("Docker is gone"), Interrupted(2)])
@pytest.mark.parametrize("step", ["up", "next_happening", "read_counters", "end server"])
def test_what_ends_the_run_leaves_nothing_running(step: str, fault: BaseException) -> None:
    rig = FakeRig()
    rig.broken[step] = fault
    with pytest.raises(type(fault)):
        run(rig)
    assert rig.diary[-1] == "down"
    assert not rig.running


def test_nothing_is_up_when_settling_is_interrupted() -> None:
    rig = FakeRig()
    rig.broken["settle"] = Interrupted(2)
    with pytest.raises(Interrupted):
        run(rig)
    assert rig.diary == ["settle"]


def test_a_server_that_never_came_has_no_end() -> None:
    rig = FakeRig([(0.1, Exited("server", 1))])
    rig.end = None
    record = run(rig)
    assert record.end is None
    assert record.outcome == "failed"


def test_the_deadline_of_the_ramp_begins_when_the_server_is_ready() -> None:
    late = replace(LIMITS, ready_s=100.0)
    rig = FakeRig([(90.0, Said(events.Ready(probes=3)))])
    run(rig, late)
    assert rig.clock_s == 110.0


def test_a_load_on_another_clock_costs_the_counters_and_nothing_else() -> None:
    far = events.Window(warms_at_s=90_001.0, opens_at_s=90_002.0, closes_at_s=90_012.0)
    script = [(when, Said(far) if when == 0.7 else what) for when, what in SMOOTH]
    rig = FakeRig(script)
    rig.shifts = False
    record = run(rig)
    assert record.outcome == "ok"
    assert record.counters_missing == "the load's clock is not this host's"
    hangs = FakeRig(script[:4])
    hangs.shifts = False
    assert run(hangs).outcome == "failed"
    assert hangs.clock_s < 100
