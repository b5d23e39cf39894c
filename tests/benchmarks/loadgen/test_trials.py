"""What trials of the lab say of a crowd and of the counts of both sides; and the peak's watcher."""

from __future__ import annotations

import os
import resource
from typing import Any

from benchmarks.loadgen.peak import Peak, high_water_bytes
from benchmarks.loadgen.trials import counts_figure, crowd_figure
from lab.analysis.result import Result
from lab.records.record import ServerEnd
from loadgen.formats.record import Connections
from tests.lab.records import account, life, load, server

MARKS_S = {"ready": 1.5, "announced": 7.0}


def peak(memory_bytes: int | None = 200_000_000) -> Peak:
    found = Peak()
    found.memory_bytes = memory_bytes
    return found


def crowd(**connections: int) -> Result:
    standing = Connections.model_validate(
        {"requested": 15_000, "established": 15_000, "unconnected": 0, "unserved": 0} | connections
    )
    return Result(server(marks_s=MARKS_S), load(connections=standing))


def counted(answered: int = 12_001, **changes: Any) -> Result:
    end = ServerEnd(exit_code=0, oom_killed=False, account=account(answered=answered))
    return Result(server(end=end), load(life=life(**changes)))


def test_a_crowd_that_stands() -> None:
    found = crowd_figure(crowd(), peak())
    assert found.good
    assert {name: found.values[name] for name in ("established", "served", "ramp_s")} == {
        "established": 15_000, "served": 15_000, "ramp_s": 5.5,
    }  # fmt: skip
    assert found.values["memory_bytes"] == 200_000_000


def test_who_never_came_and_who_was_never_served_are_missing() -> None:
    values = crowd_figure(crowd(established=14_990, unserved=20, unconnected=10), peak()).values
    assert (values["established"], values["served"]) == (14_990, 14_970)


def test_without_a_record_or_a_look_at_the_memory_there_is_a_fault() -> None:
    lost = Result(server(outcome="failed", reason="the server died"), None)
    assert crowd_figure(lost, peak()).faults == "the server died"
    assert "memory" in crowd_figure(crowd(), peak(None)).faults


def test_trials_add_up() -> None:
    found = counts_figure("fresh", [counted(), counted()])
    assert found.good
    assert found.values == {"requests": 24_000, "differing": 0, "trials": 2}
    assert found.remark == ""


def test_a_difference_is_counted_and_told() -> None:
    found = counts_figure("fresh", [counted(), counted(answered=11_000)])
    assert found.values["differing"] == 1
    assert found.remark == "client took 12001 answers, server gave 11000"


def test_a_trial_that_was_lost_is_a_fault() -> None:
    lost = Result(server(outcome="failed", reason="the server died"), None)
    assert counts_figure("fresh", [lost]).faults == "the server died"


def test_the_high_water_mark_is_the_kernels_own() -> None:
    asked_of_the_kernel = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert 0.5 < high_water_bytes(os.getpid()) / asked_of_the_kernel <= 1.01
    assert high_water_bytes(1 << 22) == 0


def test_a_peak_is_kept_after_its_process_is_gone() -> None:
    found = Peak()
    found._pids = [os.getpid(), 1 << 22]
    found.look()
    seen = found.memory_bytes
    assert seen is not None
    found._pids = [1 << 22]
    found.look()
    assert found.memory_bytes == seen
