"""What the host itself, Docker apart, has to say for or against running the lab. Reads files only.

Each check takes the root of the file system, so that tests can hand it another host.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lab.host.machine import read

OPEN_FILES = 20_000  # what docker-compose.yml asks for
CONNTRACK_LEAST = 131_072
MEMORY_LEAST_BYTES = 4 * 10**9


@dataclass(frozen=True)
class Finding:
    """One line of the report; the remedy is empty where there is nothing to mend."""

    name: str
    level: Literal["ok", "warning", "wrong"]
    text: str
    remedy: str = ""


def findings(root: Path) -> Iterator[Finding]:
    """All of the host's, in a fixed order."""
    yield _python()
    yield _system()
    yield cpus(root)
    yield memory(root)
    yield from open_files(root)
    yield from conntrack(root)
    yield from bridge(root)


def cpus(root: Path) -> Finding:
    """The server and the load want a CPU each."""
    numbers = re.findall(r"^processor\s*:", read("proc/cpuinfo", root) or "", re.MULTILINE)
    load = float((read("proc/loadavg", root) or "0").split()[0])
    text = f"{len(numbers)}, load {load:.1f}"
    if len(numbers) < 2:
        remedy = "give this machine a second CPU: the server and the load share one now"
        return Finding("cpus", "warning", text, remedy)
    if load > len(numbers) / 2:
        return Finding("cpus", "warning", text, "figures want a quiet host: see top")
    return Finding("cpus", "ok", text)


def memory(root: Path) -> Finding:
    """4 GB take 15,000 connections of the hungriest model and the load beside it."""
    found = re.search(r"^MemAvailable:\s+(\d+) kB", read("proc/meminfo", root) or "", re.MULTILINE)
    if not found:
        return Finding("memory", "warning", "cannot be read", "see /proc/meminfo")
    available = int(found[1]) * 1024
    text = f"{available / 1e9:.1f} GB available"
    if available < MEMORY_LEAST_BYTES:
        return Finding("memory", "warning", text, "close something, or ask for fewer users")
    return Finding("memory", "ok", text)


def open_files(root: Path) -> Iterator[Finding]:
    """The daemon's own limit, which a container may be unable to pass. Root can read it."""
    for folder in (root / "proc").glob("[0-9]*"):
        if read(f"{folder.relative_to(root)}/comm", root) not in ("dockerd", "containerd"):
            continue
        limits = read(f"{folder.relative_to(root)}/limits", root) or ""
        found = re.search(r"^Max open files\s+\S+\s+(\d+|unlimited)", limits, re.MULTILINE)
        if found and found[1].isdigit() and int(found[1]) < OPEN_FILES:
            yield Finding(
                "open files",
                "wrong",
                f"the daemon grants {found[1]} of the {OPEN_FILES} that a container asks for",
                "raise LimitNOFILE of docker and containerd (systemctl edit docker)",
            )
            return
        if found:
            yield Finding("open files", "ok", f"the daemon has {found[1]}")
            return


def conntrack(root: Path) -> Iterator[Finding]:
    """A full table drops packets in silence."""
    limit = read("proc/sys/net/netfilter/nf_conntrack_max", root)
    count = read("proc/sys/net/netfilter/nf_conntrack_count", root)
    if not (limit and count):
        return
    text = f"{count} of {limit} entries in use"
    if int(limit) < CONNTRACK_LEAST:
        remedy = f"sudo sysctl net.netfilter.nf_conntrack_max={2 * CONNTRACK_LEAST}"
        yield Finding("conntrack", "warning", text, remedy)
    elif int(count) > int(limit) / 2:
        remedy = "wait two minutes: entries of closed connections linger"
        yield Finding("conntrack", "warning", text, remedy)
    else:
        yield Finding("conntrack", "ok", text)


def bridge(root: Path) -> Iterator[Finding]:
    """Whether packets between containers pass the host's firewall too."""
    value = read("proc/sys/net/bridge/bridge-nf-call-iptables", root)
    if value is not None:
        does = "pass" if value == "1" else "do not pass"
        text = f"packets between containers {does} the host's iptables (recorded with each run)"
        yield Finding("bridge", "ok", text)


def _python() -> Finding:
    text = platform.python_version()
    if sys.version_info < (3, 11):  # noqa: UP036 - the very thing to be told
        return Finding("python", "wrong", text, "the lab needs Python 3.11 or newer")
    return Finding("python", "ok", text)


def _system() -> Finding:
    text = f"{platform.system()} {platform.release()} {platform.machine()}"
    if platform.system() != "Linux":
        remedy = "run the lab in a Linux machine: it reads the kernel's own counters"
        return Finding("system", "wrong", text, remedy)
    return Finding("system", "ok", text)
