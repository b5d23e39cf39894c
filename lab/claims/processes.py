"""Processes and sockets as the kernel shows them to everybody: /proc/PID (proc(5))."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from lab.host import tcp

PROC = Path("/proc")
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
SOCKET_STATES = {  # include/net/tcp_states.h, as /proc/net/tcp prints them
    "01": "ESTABLISHED",
    "02": "SYN_SENT",
    "03": "SYN_RECV",
    "04": "FIN_WAIT1",
    "05": "FIN_WAIT2",
    "06": "TIME_WAIT",
    "07": "CLOSE",
    "08": "CLOSE_WAIT",
    "09": "LAST_ACK",
    "0A": "LISTEN",
    "0C": "NEW_SYN_RECV",
}


@dataclass(frozen=True)
class Task:
    """A process. `state`: R, S, D, Z (zombie), T. Switches are of its first thread.

    `cpu_s` counts in ticks of the kernel's clock (TICK_S).
    """

    pid: int
    parent: int
    state: str
    threads: int
    cpu_s: float
    voluntary: int
    involuntary: int


@dataclass(frozen=True)
class Socket:
    """A line of /proc/PID/net/tcp. `receive_queue` of a listener is its accept queue."""

    state: str
    local_address: str
    local_port: int
    remote_port: int
    receive_queue: int
    inode: int


def task(pid: int, proc: Path = PROC) -> Task | None:
    """None where there is no such process any more."""
    try:
        stat = (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    told = status(pid, proc)
    if not told:
        return None
    return Task(
        pid=pid,
        parent=int(stat[1]),
        state=stat[0],
        threads=int(stat[17]),
        cpu_s=(int(stat[11]) + int(stat[12])) * TICK_S,
        voluntary=int(told.get("voluntary_ctxt_switches", 0)),
        involuntary=int(told.get("nonvoluntary_ctxt_switches", 0)),
    )


def children(pid: int, proc: Path = PROC) -> list[Task]:
    """All whose parent it is, zombies too, by their pids."""
    pids = sorted(int(each.name) for each in proc.glob("[0-9]*"))
    found = (task(each, proc) for each in pids)
    return [each for each in found if each is not None and each.parent == pid]


def running(program: str, *words: str, proc: Path = PROC) -> Task | None:
    """The first process of this program whose command line has these words too."""
    for each in sorted(proc.glob("[0-9]*/cmdline")):
        try:
            command = each.read_bytes().decode(errors="replace").split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if Path(command[0]).name == program and set(words) <= set(command):
            return task(int(each.parent.name), proc)
    return None


def threads(pid: int, proc: Path = PROC) -> list[Task]:
    """Each of the process's threads as a Task of its own; `pid` is then the thread's id."""
    folder = proc / str(pid) / "task"
    found = (task(int(each.name), folder) for each in sorted(folder.glob("[0-9]*")))
    return [each for each in found if each is not None]


def status(pid: int, proc: Path = PROC) -> dict[str, str]:
    """/proc/PID/status by the kernel's names; empty where there is no such process any more."""
    try:
        lines = (proc / str(pid) / "status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def sockets(pid: int, proc: Path = PROC) -> list[Socket]:
    """The IPv4 TCP sockets of the process's network namespace."""
    lines = (proc / str(pid) / "net" / "tcp").read_text().splitlines()[1:]
    return [_socket(line.split()) for line in lines]


def _socket(words: list[str]) -> Socket:
    return Socket(
        state=SOCKET_STATES.get(words[3], words[3]),
        local_address=tcp.dotted(words[1].partition(":")[0]),
        local_port=int(words[1].partition(":")[2], 16),
        remote_port=int(words[2].partition(":")[2], 16),
        receive_queue=int(words[4].partition(":")[2], 16),
        inode=int(words[9]),
    )
