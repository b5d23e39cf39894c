"""What the kernel counted for one container: CPU, memory, tasks and their switches, TCP.

The files are found through the container's process: /proc/PID/cgroup names its groups, and
/proc/self/mountinfo says where their hierarchies are mounted, so neither the cgroup version, the
driver nor a nested daemon need be known. Reading them takes some 200 us of the lab's own CPU, 20
more for each thread, and none of the server's, where the daemon's `stats` take a second and count
in ticks.

If the containers run in another machine than the lab (a desktop's VM, a remote daemon), there are
no such files: `UnreadableError`, and the lab uses the daemon's `stats` instead.

Facts that shaped it: version 1's `cpuacct.usage` is exact while `usage_user` and `usage_sys` are
sampled by ticks, so total and split are kept apart. Version 1 may mount `cpu`, which knows of
quotas, apart from `cpuacct`. A group counts how long its own quota held it back, not one further
up. Groups know nothing of context switches: `tasks.py` sums them over the living threads, last,
because it takes longest.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lab.host import tasks, tcp
from lab.host.rig import UnreadableError
from lab.records.record import Counters


@dataclass(frozen=True)
class Cgroup:
    """Folders of one container's groups; under version 2 all of them are the same one."""

    version: int
    cpu: Path
    memory: Path
    pids: Path
    quota: Path | None  # None: no controller that could hold a container back
    network: Path  # /proc/PID/net: the container's own network namespace
    proc: Path


def locate(pid: int, proc: Path = Path("/proc")) -> Cgroup:
    """The groups of the process `pid` of this host."""
    try:
        mounted = _mounts((proc / "self/mountinfo").read_text())
        paths = _paths((proc / str(pid) / "cgroup").read_text())
    except OSError as error:
        raise UnreadableError(str(error)) from error
    network = proc / str(pid) / "net"
    for version, names in ((1, ("cpuacct", "memory", "pids")), (2, ("", "", ""))):
        folders = [_folder(mounted.get(name), paths.get(name)) for name in names]
        marker = "cpuacct.usage" if version == 1 else "cpu.stat"
        cpu, memory, pids = folders
        if cpu and memory and pids and (cpu / marker).exists():
            quota = _folder(mounted.get("cpu"), paths.get("cpu")) if version == 1 else cpu
            return Cgroup(version, cpu, memory, pids, quota, network, proc)
    raise UnreadableError(f"no cgroup files for process {pid}")


def located(pid: int) -> Cgroup | None:
    """As `locate`; None where the process has ended, or this host shows no such files."""
    with suppress(UnreadableError):
        return locate(pid)
    return None


def cpu_s(group: Cgroup) -> float | None:
    """CPU time alone; None where it cannot be read."""
    try:
        return _cpu_s(group)[0]
    except (OSError, ValueError, KeyError):
        return None


def read(group: Cgroup) -> Counters:
    """All counters at once; `read_at_s` is CLOCK_MONOTONIC just before the CPU's were read."""
    try:
        read_at_s = time.monotonic()
        total_s, user_s, system_s = _cpu_s(group)
        if group.version == 1:
            usage = int((group.memory / "memory.usage_in_bytes").read_text())
            stat = _numbers((group.memory / "memory.stat").read_text())
            inactive, anonymous = stat["total_inactive_file"], stat["total_rss"]
        else:
            usage = int((group.memory / "memory.current").read_text())
            stat = _numbers((group.memory / "memory.stat").read_text())
            inactive, anonymous = stat["inactive_file"], stat["anon"]
        current = int((group.pids / "pids.current").read_text())
        network = tcp.read(group.network)
        living = tasks.read(_processes(group), group.proc)
        return Counters(
            source=f"cgroup v{group.version}",
            read_at_s=read_at_s,
            cpu_s=total_s,
            cpu_user_s=user_s,
            cpu_system_s=system_s,
            throttled_s=_throttled_s(group),
            memory_bytes=max(0, usage - inactive),  # cache that could go at once is not counted
            rss_bytes=anonymous,
            pids=current,
            pids_peak=_peak(group),
            processes=living.processes,
            threads=living.threads,
            voluntary_switches=living.voluntary,
            involuntary_switches=living.involuntary,
            switches_missing=living.missing,
            accept_queue=network.accept_queue,
            listen_overflows=network.listen_overflows,
            listen_drops=network.listen_drops,
            segments_in=network.segments_in,
            segments_out=network.segments_out,
            retransmitted=network.retransmitted,
            bytes_out=network.bytes_out,
        )
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableError(f"cgroup files went away or are not as known: {error}") from error


def _cpu_s(group: Cgroup) -> tuple[float, float, float]:
    """All, user and system."""
    if group.version == 1:
        files = [group.cpu / f"cpuacct.usage{part}" for part in ("", "_user", "_sys")]
        total, user, system = (int(file.read_text()) / 1e9 for file in files)
    else:
        cpu = _numbers((group.cpu / "cpu.stat").read_text())
        total, user, system = (cpu[f"{part}_usec"] / 1e6 for part in ("usage", "user", "system"))
    return total, user, system


def _mounts(mountinfo: str) -> dict[str, tuple[str, str]]:
    """Controller ('' for version 2) -> (root of the mount within the hierarchy, mount point)."""
    found: dict[str, tuple[str, str]] = {}
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        kind, _, options = right.split(" ", 2)
        root, point = left.split(" ")[3:5]
        if kind == "cgroup2":
            found.setdefault("", (root, point))
        elif kind == "cgroup":
            for option in options.split(","):
                found.setdefault(option, (root, point))
    return found


def _paths(cgroup: str) -> dict[str, str]:
    """Controller ('' for version 2) -> path within its hierarchy, from /proc/PID/cgroup."""
    lines = (line.split(":", 2) for line in cgroup.splitlines())
    return {name: path for _, names, path in lines for name in names.split(",")}


def _folder(mounted: tuple[str, str] | None, path: str | None) -> Path | None:
    if mounted is None or path is None:
        return None
    root, point = mounted
    inside = path.removeprefix(root) if root != "/" else path
    return Path(point) / inside.lstrip("/")


def _numbers(text: str) -> dict[str, int]:
    return {name: int(value) for name, value in (line.split() for line in text.splitlines())}


def _processes(group: Cgroup) -> list[int]:
    """Their ids as the lab sees them."""
    return [int(line) for line in (group.pids / "cgroup.procs").read_text().split()]


def _throttled_s(group: Cgroup) -> float | None:
    """Held back by a quota so far, summed over CPUs; None where the kernel does not tell."""
    if group.quota is None:
        return None
    try:
        stat = _numbers((group.quota / "cpu.stat").read_text())
    except FileNotFoundError:  # a kernel that knows no quotas
        return None
    known = (("throttled_usec", 1e6), ("throttled_time", 1e9))  # version 2, version 1
    return next((stat[name] / per_s for name, per_s in known if name in stat), None)


def _peak(group: Cgroup) -> int | None:
    """The most tasks at once, those that started the container too; newer kernels keep it."""
    try:
        return int((group.pids / "pids.peak").read_text())
    except FileNotFoundError:
        return None
