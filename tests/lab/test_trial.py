"""The life of one trial, on fakes: the order of its steps, and every fault at every step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.errors import Interrupted, LabError
from lab.host.rig import Exited, Said, UnreadableError
from lab.records import events
from lab.records.record import ServerRecord, Settling
from lab.records.step import Trial
from lab.run.together import Company
from lab.run.trial import run_trial
from lab.run.watch import Limits
from tests.lab.fakes import SMOOTH, FakeRig, Script, Silent

TRIAL = Trial(1, 1, "epoll", 20, 7)
LIMITS = Limits(ready_s=10.0, ramp_s=20.0, flush_s=5.0, farewell_s=2.0)


def run(rig: FakeRig, limits: Limits = LIMITS) -> ServerRecord:
    return run_trial(
        TRIAL, rig, rig.settle(), Silent(), Company(), limits=limits, timeout_s=3.0
    ).record


def before(at_s: float) -> Script:
    return [(when, what) for when, what in SMOOTH if when < at_s]


def test_the_steps_come_in_their_order() -> None:
    rig = FakeRig()
    record = run(rig)
    assert rig.diary == [
        "settle",
        "up",
        "counters at 0.4",
        "counters at 2",
        "counters at 12",
        "counters at 12.2",
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


def test_counters_are_read_before_the_load_too_where_they_can_be() -> None:
    record = run(FakeRig())
    assert record.started is not None
    assert record.started.cpu_s == 0.2
    rig = FakeRig()
    rig.broken["counters at 0.4"] = UnreadableError("not yet")
    record = run(rig)
    assert record.started is None
    assert record.opened is not None
    assert record.counters_missing is None


def test_what_is_shown_while_it_runs() -> None:
    shown = Silent()
    run_trial(TRIAL, FakeRig(), Settling(), shown, Company(), limits=LIMITS, timeout_s=3.0)
    assert shown.steps == [
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
