"""Counters from cgroup files of both versions, found through the container's process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lab import cgroup
from lab.rig import UnreadableError

NETSTAT = """\
TcpExt: SyncookiesSent ListenOverflows ListenDrops
TcpExt: 0 12 13
IpExt: InNoRoutes
IpExt: 0
"""


@pytest.fixture
def host(tmp_path: Path) -> Path:
    for name in ("proc/self", "proc/42/net", "groups"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "proc/42/net/netstat").write_text(NETSTAT)
    return tmp_path


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


def test_a_namespace_that_hides_its_accept_queue_costs_only_that(host: Path) -> None:
    version_2(host)
    (host / "proc/42/net/netstat").unlink()
    assert cgroup.read(cgroup.locate(42, host / "proc")).listen_drops is None


def test_the_kernel_of_this_machine_is_understood() -> None:
    """Whatever it mounts: the accept queue's counters are there on every Linux."""
    overflows, drops = cgroup._accept_queue(Path(f"/proc/{os.getpid()}/net"))
    assert overflows is not None
    assert drops is not None
    assert cgroup._mounts(Path("/proc/self/mountinfo").read_text()) is not None
