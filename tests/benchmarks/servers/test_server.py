"""Servers and crowds, on real sockets: proved before they are timed, and gone afterwards."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.container import _lines
from benchmarks.inside.rounds import Conditions
from benchmarks.inside.server import ServerError, answer
from benchmarks.servers.inside import places
from benchmarks.servers.inside.crowd import CrowdError, standing
from benchmarks.servers.inside.rows import Side
from benchmarks.servers.inside.server import running

ROOT = Path(__file__).parents[3]
CPU = min(os.sched_getaffinity(0))
EPOLL = Side("epoll", "lab", ("epoll",))
CROWD = 20
FILE = f"/{places.FILE}"


@pytest.fixture
def body(tmp_path: Path, _in_the_repository: None) -> bytes:
    return places.furnish(tmp_path)


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # `python3` is the image's own there; here it must be the one that has the packages.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")


@pytest.fixture
def at(tmp_path: Path) -> Conditions:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    return Conditions(tmp_path, port, CPU, CPU, seconds=1)


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False


def alive(pid: int) -> bool:
    """A zombie is not: it only waits for a parent to ask."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_server_answers_rightly_while_it_runs_and_is_gone_afterwards(
    at: Conditions, body: bytes
) -> None:
    with running(EPOLL, at, body) as url:
        assert url == f"http://127.0.0.1:{at.port}/615b.html"
        assert answer(at.port, FILE)[2] == body
    assert refused(at.port)


def test_a_server_whose_answer_is_another_is_never_timed(at: Conditions, body: bytes) -> None:
    with (
        pytest.raises(ServerError, match=r"wrong answer: 200, 615 bytes of 616"),
        running(EPOLL, at, body + b"."),
    ):
        pytest.fail("it was taken for right")
    assert refused(at.port)


def test_a_server_that_does_not_start_is_quoted(at: Conditions, body: bytes) -> None:
    wrong = Side("wrong", "lab", ("epoll", "--workers", "3"))
    with (
        pytest.raises(ServerError, match=r"it ended at its start: .*takes no setting"),
        running(wrong, at, body),
    ):
        pytest.fail("it was taken for running")


def test_a_crowd_stands_while_it_is_wanted(at: Conditions, body: bytes) -> None:
    with (
        running(EPOLL, at, body),
        standing(at.port, CROWD, CPU, len(body)),
    ):
        assert answer(at.port, FILE)[0] == 200


def test_a_crowd_that_the_server_dismissed_is_no_crowd(at: Conditions, body: bytes) -> None:
    hasty = Side("hasty", "lab", ("epoll", "--idle-timeout", "50ms"))
    with (
        running(hasty, at, body),
        pytest.raises(CrowdError, match=rf"of {CROWD} idle connections 0 stayed"),
        standing(at.port, CROWD, CPU, len(body)),
    ):
        _wait_until_dismissed(at.port)


def _wait_until_dismissed(port: int) -> None:
    """The last to come is the last to go."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as last:
        while last.recv(4096):
            pass


def test_a_crowd_needs_a_server(at: Conditions) -> None:
    with pytest.raises(CrowdError, match="could not be made"), standing(at.port, CROWD, CPU, 615):
        pytest.fail("it was taken for standing")


def test_the_whole_process_group_ends_also_where_a_member_will_not(
    at: Conditions, body: bytes
) -> None:
    children: list[int] = []
    preforked = Side("preforked", "lab", ("preforked", "--workers", "2"))
    with running(preforked, at, body):
        deadline_s = time.monotonic() + 5
        while len(children) < 3:  # the first worker may answer before the second is forked
            assert time.monotonic() < deadline_s
            found = subprocess.run(  # the members of the listener's session
                ["pgrep", "-f", f"servers preforked .*--port {at.port}"],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            children = [int(pid) for pid in found.stdout.split()]
        assert len(children) == 3
        os.kill(children[-1], signal.SIGSTOP)
    deadline_s = time.monotonic() + 5
    while any(map(alive, children)):
        assert time.monotonic() < deadline_s


def test_events_are_whole_lines_however_the_stream_is_cut() -> None:
    assert list(_lines(iter([b'{"a"', b': 1}\n\n{"b": 2}\n{"c', b'": 3}\n']))) == [
        '{"a": 1}', '{"b": 2}', '{"c": 3}',
    ]  # fmt: skip
