"""images/vmhost/forward, told by a false DNS and a false kernel what it has to do."""

from __future__ import annotations

import subprocess
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from requests import RequestException

from lab.containers.forwarding import ForwardingError
from lab.containers.own_end import unless_ended
from tests.containers.conftest import ROOT

GETENT = """#!/bin/sh
case $2 in
epoll) printf '172.18.0.4 STREAM epoll\\n172.18.0.4 DGRAM\\n' ;;
poll) printf '172.18.0.9 STREAM poll\\n' ;;
*) exit 2 ;;
esac
"""
NFT = """#!/bin/sh
cat >> "$RECEIVED"
echo "transaction $*" >> "$CALLS"
[ -z "${REFUSE:-}" ] || { echo "Operation not permitted"; exit 1; }
"""


class Vmhost:
    """Runs the script with the false commands before the real ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in (("getent", GETENT), ("nft", NFT)):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)

    def forward(self, *wishes: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.folder}:/usr/bin:/bin",
            "RECEIVED": str(self.folder / "received"),
            "CALLS": str(self.folder / "calls"),
            **more,
        }
        words = [str(ROOT / "images/vmhost/forward"), *wishes]
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)

    @property
    def received(self) -> str:
        file = self.folder / "received"
        return file.read_text() if file.exists() else ""


@pytest.fixture
def vmhost(tmp_path: Path) -> Vmhost:
    return Vmhost(tmp_path)


def test_forwards_what_is_up_and_says_what_is_not(vmhost: Vmhost) -> None:
    done = vmhost.forward("8007=epoll:8000", "8001=iterative:8000", "8006=poll:80")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "127.0.0.1:8007 -> epoll 172.18.0.4:8000",
        "127.0.0.1:8001 -> iterative is not up",
        "127.0.0.1:8006 -> poll 172.18.0.9:80",
    ]
    assert "elements = { 8007 : 172.18.0.4 . 8000, 8006 : 172.18.0.9 . 80 }" in vmhost.received


def test_replaces_the_table_in_one_transaction(vmhost: Vmhost) -> None:
    assert vmhost.forward("8007=epoll:8000").returncode == 0
    assert (vmhost.folder / "calls").read_text() == "transaction -f -\n"
    declared, deleted, table = vmhost.received.splitlines()[:3]
    assert (declared, deleted, table) == ("table ip lab", "delete table ip lab", "table ip lab {")


def test_nothing_up_is_an_error_and_leaves_the_table(vmhost: Vmhost) -> None:
    done = vmhost.forward("8001=iterative:8000")
    assert done.returncode == 1
    assert done.stderr == "forward: none of the services is up\n"
    assert vmhost.received == ""


def test_a_kernel_that_refuses_is_an_error_of_one_line(vmhost: Vmhost) -> None:
    done = vmhost.forward("8007=epoll:8000", REFUSE="yes")
    assert done.returncode == 1
    assert done.stderr == "forward: the kernel refused the table: Operation not permitted\n"


@pytest.mark.parametrize(
    "wish",
    [
        "",
        "8007",
        "8007=epoll",
        "epoll:8000",
        "0=epoll:8000",
        "65536=epoll:8000",
        "x=epoll:8000",
        "123456789012345678901=epoll:8000",
        "8007=epoll:",
        "8007=:8000",
        "8007=epoll } flush ruleset {:8000",
        "8007=epoll:8000 }",
        "8007=a=b:1",
    ],
)
def test_a_wish_that_is_none_is_refused_before_anything_is_done(vmhost: Vmhost, wish: str) -> None:
    done = vmhost.forward("8006=poll:8000", wish)
    assert done.returncode == 2
    assert done.stderr.startswith("forward: ")
    assert done.stderr.count("\n") == 1
    assert vmhost.received == ""


def test_no_wish_at_all_shows_the_usage(vmhost: Vmhost) -> None:
    done = vmhost.forward()
    assert (done.returncode, done.stderr[:15]) == (2, "forward: usage:")


class Guest:
    """It ended, or it runs on: then whoever waits for its end waits in vain."""

    def __init__(self, *, ended: bool) -> None:
        self.ended = ended

    def wait(self, timeout: float) -> None:
        assert timeout
        if not self.ended:
            raise RequestException


@pytest.mark.parametrize("ended", [True, False])
def test_a_guest_that_ended_before_it_was_forwarded_to_is_no_fault_of_the_way(
    *, ended: bool
) -> None:
    guest: Any = Guest(ended=ended)
    with nullcontext() if ended else pytest.raises(ForwardingError), unless_ended(guest):
        raise ForwardingError("none of the services is up")
