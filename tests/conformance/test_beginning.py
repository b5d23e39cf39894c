"""Signals and deaths at the edges of a server's life."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.conformance.running import PATIENCE_S, ROOT, running

SIGNAL_AT_ONCE = """
import os, signal, sys
from servers import __main__ as server
application = server.Application
def slow_to_start(*given):
    os.kill(os.getpid(), signal.{name})
    return application(*given)
server.Application = slow_to_start
sys.argv[1:] = ["{model}", "--port=0", "--bind=127.0.0.1"]
sys.exit(server.main())
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_server_that_is_stopped_while_it_starts_leaves_its_account(model: str, name: str) -> None:
    """The signal comes before the model has taken it over."""
    ended = subprocess.run(
        [sys.executable, "-c", SIGNAL_AT_ONCE.format(name=name, model=model)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert json.loads(ended.stdout)["accepted"] == 0
    assert "Traceback" not in ended.stderr


def test_children_leave_when_their_parent_was_killed() -> None:
    with running("preforked", "--workers=3") as server:
        deadline_s = time.monotonic() + PATIENCE_S
        while len(children := server.children()) < 3:
            assert time.monotonic() < deadline_s
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        while any(_alive(pid) for pid in children):
            assert time.monotonic() < deadline_s, "a child lives on"
            time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"
