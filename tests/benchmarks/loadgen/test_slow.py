"""The slow servers, on real sockets; and the meter of CPU time."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from benchmarks.inside.rounds import Conditions
from benchmarks.inside.server import answer
from benchmarks.loadgen.inside import slow
from benchmarks.loadgen.inside.servers import running
from benchmarks.loadgen.inside.used import by_group, by_process

ROOT = Path(__file__).parents[3]
CPU = min(os.sched_getaffinity(0))


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers are started from where the image has the package."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(ROOT)


@pytest.fixture
def at(tmp_path: Path) -> Conditions:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    return Conditions(tmp_path, port, CPU, CPU, seconds=1)


def test_the_stalling_server_answers_nobody_before_the_stall_is_over(at: Conditions) -> None:
    with running("stalling", at):
        asked_s = time.monotonic()
        phase_s = asked_s % slow.CYCLE_S
        assert answer(at.port, "/")[2] == slow.BODY
        took_s = time.monotonic() - asked_s
        assert took_s >= max(0.0, slow.STALL_S - phase_s)
        assert took_s < slow.STALL_S + 1.0


def test_the_unhurried_server_takes_its_time_and_never_twice_its_mean(at: Conditions) -> None:
    assert slow.MOST_S < 2 * (slow.LEAST_S + slow.MOST_S) / 2
    with running("unhurried", at) as server:
        began_s = time.monotonic()
        assert answer(server.port, "/")[2] == slow.BODY
        assert time.monotonic() - began_s >= slow.LEAST_S


def test_cpu_time_of_a_group_is_that_of_its_processes() -> None:
    own = by_process(os.getpid())
    group = by_group(os.getpgid(0))
    assert group.user_s >= own.user_s > 0
    assert by_group(1 << 22).user_s == 0.0


def test_cpu_time_of_a_request() -> None:
    used = by_process(os.getpid())
    each = (used - used).per_request("client", 0)
    assert each == {"client_user_us": 0.0, "client_system_us": 0.0}
