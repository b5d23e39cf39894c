"""Counters from cgroup files of both versions, found through the container's process."""

from __future__ import annotations

import os
import shutil
import socket
import time
from pathlib import Path

import pytest

from lab.host import cgroup, tasks, tcp
from lab.host.rig import UnreadableError

NETSTAT = """\
TcpExt: SyncookiesSent ListenOverflows ListenDrops
TcpExt: 0 12 13
IpExt: InNoRoutes OutOctets
IpExt: 0 90000
"""
SNMP = """\
Ip: Forwarding InReceives
Ip: 1 900
Tcp: RtoAlgorithm InSegs OutSegs RetransSegs InErrs
Tcp: 1 800 700 5 0
"""
SOCKETS = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0B00007F:A3C1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 00000000:1F40 00000000:0000 0A 00000000:0000002A 00:00000000 00000000 10001
   2: 020014AC:1F40 030014AC:D2F0 01 00000000:00000063 00:00000000 00000000 10001
"""
STATUS = "Name:\tserver\nvoluntary_ctxt_switches:\t{}\nnonvoluntary_ctxt_switches:\t{}\n"


@pytest.fixture
def host(tmp_path: Path) -> Path:
    for name in ("proc/self", "proc/42/net", "groups"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "proc/42/net/netstat").write_text(NETSTAT)
    (tmp_path / "proc/42/net/snmp").write_text(SNMP)
    (tmp_path / "proc/42/net/tcp").write_text(SOCKETS)
    thread(tmp_path, 42, 42, voluntary=10, involuntary=1)
    thread(tmp_path, 43, 43, voluntary=20, involuntary=2)
    thread(tmp_path, 43, 44, voluntary=30, involuntary=3)
    return tmp_path


def thread(host: Path, pid: int, tid: int, voluntary: int, involuntary: int) -> None:
    folder = host / f"proc/{pid}/task/{tid}"
    folder.mkdir(parents=True)
    (folder / "status").write_text(STATUS.format(voluntary, involuntary))


def mount(host: Path, lines: list[str], groups: str) -> None:
    (host / "proc/self/mountinfo").write_text("".join(f"{line}\n" for line in lines))
    (host / "proc/42/cgroup").write_text(groups)


def version_1(host: Path, root: str = "/", inside: str = "/docker/c1") -> None:
    mount(
        host,
        [
            "30 20 0:1 / /proc rw - proc proc rw",
            f"31 20 0:2 {root} {host}/groups/cpu,cpuacct rw shared:1 - cgroup c rw,cpu,cpuacct",
            f"32 20 0:3 {root} {host}/groups/memory rw - cgroup cgroup rw,memory",
            f"33 20 0:4 {root} {host}/groups/pids rw - cgroup cgroup rw,pids",
            f"34 20 0:5 / {host}/groups/unified rw - cgroup2 cgroup2 rw",
        ],
        f"4:memory:{inside}\n3:cpu,cpuacct:{inside}\n2:pids:{inside}\n0::/\n",
    )
    below = inside.removeprefix(root) if root != "/" else inside
    for name, text in {
        f"cpu,cpuacct{below}/cpuacct.usage": "3500000000\n",
        f"cpu,cpuacct{below}/cpuacct.usage_user": "2000000000\n",
        f"cpu,cpuacct{below}/cpuacct.usage_sys": "1000000000\n",
        f"memory{below}/memory.usage_in_bytes": "5000\n",
        f"memory{below}/memory.stat": "cache 900\ntotal_rss 3000\ntotal_inactive_file 700\n",
        f"pids{below}/pids.current": "9\n",
        f"pids{below}/cgroup.procs": "42\n43\n",
    }.items():
        path = host / "groups" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def version_2(host: Path) -> None:
    line = f"34 20 0:5 / {host}/groups rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"
    mount(host, [line], "0::/system.slice/docker-c1.scope\n")
    folder = host / "groups/system.slice/docker-c1.scope"
    folder.mkdir(parents=True)
    for name, text in {
        "cpu.stat": "usage_usec 3000000\nuser_usec 2000000\nsystem_usec 1000000\nnr_periods 0\n",
        "memory.current": "5000\n",
        "memory.stat": "anon 3000\ninactive_file 700\n",
        "pids.current": "9\n",
        "pids.peak": "12\n",
        "cgroup.procs": "42\n43\n",
    }.items():
        (folder / name).write_text(text)


def test_version_1_counts_exactly_and_splits_by_ticks(host: Path) -> None:
    version_1(host)
    found = cgroup.read(cgroup.locate(42, host / "proc"))
    assert found.source == "cgroup v1"
    assert (found.cpu_s, found.cpu_user_s, found.cpu_system_s) == (3.5, 2.0, 1.0)
    assert (found.memory_bytes, found.rss_bytes, found.pids) == (4300, 3000, 9)
    assert (found.listen_overflows, found.listen_drops) == (12, 13)


def test_version_2_has_all_in_one_folder(host: Path) -> None:
    version_2(host)
    found = cgroup.read(cgroup.locate(42, host / "proc"))
    assert found.source == "cgroup v2"
    assert (found.cpu_s, found.cpu_user_s, found.cpu_system_s) == (3.0, 2.0, 1.0)
    assert (found.memory_bytes, found.rss_bytes, found.pids) == (4300, 3000, 9)


def test_how_long_a_quota_held_the_container_back_is_read_in_both_versions(host: Path) -> None:
    version_1(host)
    assert cgroup.read(cgroup.locate(42, host / "proc")).throttled_s is None, "no such file"
    told = host / "groups/cpu,cpuacct/docker/c1/cpu.stat"
    told.write_text("nr_periods 9\nnr_throttled 5\nthrottled_time 250000000\n")
    assert cgroup.read(cgroup.locate(42, host / "proc")).throttled_s == 0.25
    version_2(host)
    found = cgroup.locate(42, host / "proc")
    assert cgroup.read(found).throttled_s is None, "the controller is off"
    with (found.cpu / "cpu.stat").open("a") as stat:
        stat.write("nr_throttled 5\nthrottled_usec 250000\n")
    assert cgroup.read(found).throttled_s == 0.25


def test_a_quota_is_found_where_version_1_mounts_its_controller_apart(host: Path) -> None:
    version_1(host)
    mountinfo = host / "proc/self/mountinfo"
    apart = f"35 20 0:6 / {host}/groups/cpu rw - cgroup cgroup rw,cpu\n"
    mountinfo.write_text(mountinfo.read_text().replace("rw,cpu,cpuacct", "rw,cpuacct") + apart)
    (host / "groups/cpu/docker/c1").mkdir(parents=True)
    (host / "groups/cpu/docker/c1/cpu.stat").write_text("throttled_time 3000000000\n")
    assert cgroup.read(cgroup.locate(42, host / "proc")).throttled_s == 3.0


def test_a_hierarchy_mounted_from_within_is_found(host: Path) -> None:
    """As where the lab itself runs in a container: the mount's root is not the hierarchy's."""
    version_1(host, root="/outer", inside="/outer/docker/c1")
    assert cgroup.read(cgroup.locate(42, host / "proc")).pids == 9


def test_no_such_process(host: Path) -> None:
    version_1(host)
    with pytest.raises(UnreadableError):
        cgroup.locate(43, host / "proc")


def test_a_host_without_the_files(host: Path) -> None:
    mount(host, [], "0::/\n")
    with pytest.raises(UnreadableError, match="no cgroup files for process 42"):
        cgroup.locate(42, host / "proc")


@pytest.mark.parametrize("broken", ["memory.current", "cpu.stat", "memory.stat", "pids.current"])
def test_files_that_go_away_or_change_are_told(host: Path, broken: str) -> None:
    version_2(host)
    found = cgroup.locate(42, host / "proc")
    path = found.cpu / broken
    path.write_text("no number\n")
    with pytest.raises(UnreadableError):
        cgroup.read(found)
    path.unlink()
    with pytest.raises(UnreadableError):
        cgroup.read(found)


def test_a_namespace_that_hides_its_counters_costs_only_those(host: Path) -> None:
    version_2(host)
    (host / "proc/42/net/netstat").unlink()
    (host / "proc/42/net/snmp").unlink()
    (host / "proc/42/net/tcp").unlink()
    found = cgroup.read(cgroup.locate(42, host / "proc"))
    assert (found.listen_drops, found.segments_in, found.accept_queue) == (None, None, None)


def test_switches_are_summed_over_every_thread_of_every_process(host: Path) -> None:
    version_1(host)
    found = cgroup.read(cgroup.locate(42, host / "proc"))
    assert (found.processes, found.threads) == (2, 3)
    assert (found.voluntary_switches, found.involuntary_switches) == (60, 6)
    assert found.switches_missing is None


def test_a_process_that_ends_while_it_is_read_counts_for_nothing(host: Path) -> None:
    version_1(host)
    (host / "proc/43/task/44/status").unlink()
    assert cgroup.read(cgroup.locate(42, host / "proc")).voluntary_switches == 30
    shutil.rmtree(host / "proc/43")
    found = cgroup.read(cgroup.locate(42, host / "proc"))
    assert (found.processes, found.threads, found.voluntary_switches) == (1, 1, 10)


def test_thousands_of_threads_are_counted_and_their_switches_let_be(
    host: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version_1(host)
    monkeypatch.setattr(tasks, "MOST_TASKS", 3)
    assert cgroup.read(cgroup.locate(42, host / "proc")).voluntary_switches == 60
    thread(host, 43, 45, voluntary=1, involuntary=1)
    found = cgroup.read(cgroup.locate(42, host / "proc"))
    assert (found.threads, found.voluntary_switches, found.involuntary_switches) == (4, None, None)
    assert found.switches_missing == "4 threads: switches are read of 3 at most"


def test_the_namespace_tells_its_segments(host: Path) -> None:
    version_1(host)
    found = cgroup.read(cgroup.locate(42, host / "proc"))
    assert (found.segments_in, found.segments_out, found.retransmitted) == (800, 700, 5)
    assert found.bytes_out == 90_000


def test_the_accept_queue_is_what_the_listeners_hold_and_not_what_connections_do(
    host: Path,
) -> None:
    version_1(host)
    assert cgroup.read(cgroup.locate(42, host / "proc")).accept_queue == 42


def test_the_accept_queue_of_this_kernel_is_read() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        assert (tcp.read(Path("/proc/self/net")).accept_queue or 0) >= 1


def test_the_most_tasks_at_once_are_known_where_the_kernel_keeps_them(host: Path) -> None:
    version_1(host)
    assert cgroup.read(cgroup.locate(42, host / "proc")).pids_peak is None
    version_2(host)
    assert cgroup.read(cgroup.locate(42, host / "proc")).pids_peak == 12


def test_the_kernel_of_this_machine_is_understood() -> None:
    """Whatever it mounts: these counters are there on every Linux."""
    found = tcp.read(Path("/proc/self/net"))
    assert None not in (found.listen_overflows, found.listen_drops, found.retransmitted)
    assert cgroup._mounts(Path("/proc/self/mountinfo").read_text()) is not None
    before = tasks.read([os.getpid()], Path("/proc"))
    time.sleep(0.001)  # gives the CPU away: a voluntary switch
    after = tasks.read([os.getpid()], Path("/proc"))
    assert after.processes == 1
    assert (after.voluntary or 0) > (before.voluntary or 0)
