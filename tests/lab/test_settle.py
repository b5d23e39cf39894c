"""Settling: what is waited for, how long at most, and what the record tells of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.host import machine
from lab.host.settle import (
    CONNTRACK_SHARE,
    CPU_BUSY,
    CPU_PATIENCE_S,
    PATIENCE_S,
    TIME_WAIT,
    Patience,
    settle,
)

AT_ONCE = Patience(network_s=0.0, cpu_s=0.0)


class Host:
    """A host of two CPUs that spends each sample, a hundred ticks, as it is told."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.clock_s, self.samples = root, 0.0, 0
        self.spent = [[0, 100, 0], [0, 100, 0]]  # busy, idle, stolen
        self.busy = [0, 0]  # in each further sample
        self.stolen = 0
        self.then: Callable[[], None] = lambda: None
        self.tell(conntrack=100, waiting=0)
        monkeypatch.setattr("lab.host.settle.time.sleep", self.sample)
        monkeypatch.setattr("lab.host.settle.time.monotonic", lambda: self.clock_s)

    def tell(self, conntrack: int, waiting: int) -> None:
        for path, text in {
            "proc/sys/net/netfilter/nf_conntrack_count": f"{conntrack}\n",
            "proc/sys/net/netfilter/nf_conntrack_max": "1000\n",
            "proc/42/net/sockstat": f"sockets: used 9\nTCP: inuse 3 tw {waiting} alloc 4 mem 1\n",
            "proc/loadavg": "0.52 0.40 0.30 1/200 4242\n",
            "proc/stat": "cpu  1 1 1 1 1 1 1 1 0 0\n"
            + "".join(
                f"cpu{cpu} {busy} 0 0 {idle} 0 0 0 {stolen} 0 0\n"
                for cpu, (busy, idle, stolen) in enumerate(self.spent)
            )
            + "ctxt 7\n",
        }.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        self.told = (conntrack, waiting)

    def sample(self, for_s: float) -> None:
        self.clock_s += for_s
        self.samples += 1
        for spent, busy in zip(self.spent, self.busy, strict=True):
            spent[0] += busy
            spent[1] += 100 - busy - self.stolen
            spent[2] += self.stolen
        self.tell(*self.told)
        self.then()


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    return Host(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("conntrack", "waiting", "calm"),
    [
        (int(1000 * CONNTRACK_SHARE), 0, True),
        (int(1000 * CONNTRACK_SHARE) + 1, 0, False),
        (0, TIME_WAIT, True),
        (0, TIME_WAIT + 1, False),
    ],
)
def test_conntrack_and_time_wait_are_waited_for(
    host: Host, conntrack: int, waiting: int, calm: bool
) -> None:
    host.tell(conntrack, waiting)
    found = settle(42, {0, 1}, host.root, AT_ONCE)
    assert found.calm == calm
    assert (found.conntrack_count, found.conntrack_max) == (conntrack, 1000)
    assert (found.time_wait, found.load_1m) == (waiting, 0.52)


@pytest.mark.parametrize(("busy", "calm"), [(CPU_BUSY, True), (CPU_BUSY + 0.01, False)])
def test_the_busiest_cpu_of_the_lab_decides(host: Host, busy: float, calm: bool) -> None:
    host.busy = [0, round(busy * 100)]
    found = settle(42, {0, 1}, host.root, AT_ONCE)
    assert (found.calm, found.cpu_busy, found.cpu_steal) == (calm, busy, 0.0)


def test_cpus_that_the_lab_does_not_use_may_be_busy(host: Host) -> None:
    host.busy = [0, 100]
    assert settle(42, {0}, host.root, AT_ONCE).calm


def test_stolen_time_is_recorded_and_is_nobodys_work(host: Host) -> None:
    host.stolen = 40
    found = settle(42, {0, 1}, host.root, AT_ONCE)
    assert (found.calm, found.cpu_busy, found.cpu_steal) == (True, 0.0, 0.4)


def test_a_calm_host_costs_one_sample(host: Host) -> None:
    found = settle(42, {0, 1}, host.root)
    assert (found.calm, host.samples) == (True, 1)
    assert found.waited_s < 0.3


def test_the_wait_ends_as_soon_as_the_host_is_calm(host: Host) -> None:
    host.tell(conntrack=900, waiting=0)
    host.busy = [100, 0]

    def calm_down() -> None:
        if host.samples == 3:
            host.busy = [0, 0]
            host.told = (0, 0)

    host.then = calm_down
    found = settle(42, {0, 1}, host.root)
    assert found.calm
    assert host.samples == 4


def test_a_busy_neighbour_is_not_waited_for_as_long_as_the_network(host: Host) -> None:
    host.busy = [100, 100]
    found = settle(42, {0, 1}, host.root)
    assert not found.calm
    assert found.waited_s == pytest.approx(CPU_PATIENCE_S, abs=0.3)
    host.tell(conntrack=900, waiting=0)
    found = settle(42, {0, 1}, host.root)
    assert not found.calm
    assert found.waited_s == pytest.approx(PATIENCE_S, abs=0.3)


def test_a_host_that_tells_nothing_counts_as_calm(tmp_path: Path) -> None:
    found = settle(None, {0, 1}, tmp_path)
    assert (found.calm, found.cpu_busy) == (True, None)


def test_this_host_is_looked_at_in_no_time() -> None:
    began_s = time.monotonic()
    found = settle(None, machine.online(), patience=AT_ONCE)
    assert time.monotonic() - began_s < 1.0
    assert found.cpu_busy is not None
