"""What this host is and does, from the kernel's files. What it does not tell is None."""

from __future__ import annotations

import json
import os
import platform
import resource
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from lab.host import cpus
from lab.records.manifest import Conditions, Host

SYSCTLS = (  # those that change what a server under load can do
    "net.core.somaxconn",
    "net.core.netdev_max_backlog",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_tw_reuse",
    "net.ipv4.tcp_max_syn_backlog",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_congestion_control",
    "net.netfilter.nf_conntrack_max",
    "net.bridge.bridge-nf-call-iptables",
    "kernel.pid_max",
    "kernel.threads-max",
    "vm.overcommit_memory",
)


def read(path: str, root: Path = Path("/")) -> str | None:
    """A file's text, without the blanks around it; None where it cannot be read."""
    try:
        return (root / path).read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None


def online() -> tuple[int, ...]:
    """The CPUs that are there, by number."""
    try:
        return cpus.parse_list(read("sys/devices/system/cpu/online") or "")
    except ValueError:
        return tuple(range(os.cpu_count() or 1))


def siblings(numbers: Sequence[int], root: Path = Path("/")) -> dict[int, frozenset[int]]:
    """For each CPU those of the same core, itself among them."""
    found = {}
    for number in numbers:
        text = read(f"sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list", root)
        found[number] = frozenset(cpus.parse_list(text)) if text else frozenset({number})
    return found


def keep_to(numbers: Sequence[int]) -> None:
    """This process and those that it starts run on these CPUs from now on, where they may."""
    with suppress(OSError):
        os.sched_setaffinity(0, numbers)


def describe(cgroup_version: str | None, storage_driver: str | None) -> Host:
    """The two arguments are the Docker daemon's to tell."""
    there = online()
    return Host(
        kernel=platform.release(),
        architecture=platform.machine(),
        cpu_model=cpu_model(),
        cpus=len(there),
        siblings={number: sorted(same) for number, same in siblings(there).items()},
        governor=read("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        memory_bytes=_memory_bytes(),
        cgroup_version=cgroup_version,
        storage_driver=storage_driver,
        userland_proxy=userland_proxy(),
        sysctls={
            name: value
            for name in SYSCTLS
            if (value := read(f"proc/sys/{name.replace('.', '/')}")) is not None
        },
        open_files=resource.getrlimit(resource.RLIMIT_NOFILE)[1],
    )


def userland_proxy(root: Path = Path("/")) -> bool | None:
    """Whether published ports are served by a process of Docker's: its default, unless told not to.

    None where no daemon runs on this host.
    """
    for folder in root.glob("proc/[0-9]*"):
        if read(f"{folder.relative_to(root)}/comm", root) == "dockerd":
            words = read(f"{folder.relative_to(root)}/cmdline", root) or ""
            told = json.loads(read("etc/docker/daemon.json", root) or "{}")
            return "--userland-proxy=false" not in words and bool(told.get("userland-proxy", True))
    return None


def conditions(root: Path = Path("/")) -> Conditions:
    """What else runs here at this moment."""
    load = read("proc/loadavg", root)
    ticks = (read("proc/stat", root) or "").partition("\n")[0].split()
    pressure = read("proc/pressure/cpu", root) or ""
    total_us = pressure.partition("\n")[0].partition("total=")[2]
    return Conditions(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        load_1m=float(load.split()[0]) if load else None,
        steal_s=int(ticks[8]) / os.sysconf("SC_CLK_TCK") if len(ticks) > 8 else None,
        cpu_pressure_s=int(total_us) / 1e6 if total_us.isdigit() else None,
    )


def cpu_model(root: Path = Path("/")) -> str | None:
    """With family and model, where there are any: a hypervisor may call all of its CPUs alike."""
    keys = ("model name", "cpu family", "model")
    name, family, model = (_field("proc/cpuinfo", key, root) for key in keys)
    return f"{name} (family {family}, model {model})" if name and family and model else name


def _field(path: str, name: str, root: Path = Path("/")) -> str | None:
    for line in (read(path, root) or "").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return None


def _memory_bytes() -> int | None:
    kilobytes = _field("proc/meminfo", "MemTotal")
    return int(kilobytes.split()[0]) * 1024 if kilobytes else None
