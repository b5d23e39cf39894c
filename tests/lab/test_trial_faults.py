"""Every way in which a trial can be lost, at every step, and the one message that each gets."""

from __future__ import annotations

import pytest

from lab.host.rig import Exited, Role, Said
from lab.records import events
from lab.records.step import Trial
from lab.run.watch import Limits
from tests.lab.fakes import FakeRig, Script
from tests.lab.test_trial import before, run

NAMING_S = Limits().naming_s
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
    assert record.last_words == f"{role} says why"
    waited_s = NAMING_S if role == "worker" and when == "in mid-trial" else 0.0
    assert rig.clock_s == pytest.approx(at_s + waited_s)
    assert rig.diary[-2:] == ["end server", "down"]


def test_a_server_that_nobody_can_reach_is_told_at_the_first_look() -> None:
    rig = FakeRig([])
    rig.hidden = "127.0.0.1"
    record = run(rig)
    assert record.reason is not None
    assert record.reason.startswith("the server listens on 127.0.0.1, which nobody outside its")
    assert "let it bind 0.0.0.0" in record.reason
    assert rig.clock_s == Limits().look_s


def test_of_a_lost_worker_the_masters_word_is_awaited_for_it_knows_the_name() -> None:
    named = Said(events.Failed("load worker-1 was lost; its log says why"))
    record = run(FakeRig([*before(5.0), (5.0, Exited("worker", 137)), (6.2, named)]))
    assert record.reason is not None
    assert record.reason.startswith("the load gave up: load worker-1 was lost")
    assert record.last_words == "worker says why"


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


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ('{"event":"waiting"}\nof use\n{"event":"done"}\n', "of use"),
        ('{"event":"waiting"}\n{"event":"failed","reason":"no answer"}\n', None),
    ],
)
def test_of_last_words_those_are_shown_that_are_for_people(log: str, told: str | None) -> None:
    rig = FakeRig([*before(0.4), (0.5, Said(events.Failed("no answer")))])
    rig.tails["master"] = log
    record = run(rig)
    assert (record.reason, record.last_words) == ("the load gave up: no answer", told)


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
