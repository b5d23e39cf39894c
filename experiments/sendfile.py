"""What does sendfile(2) save?

The same file of 1 MB, the same model, two ways to send it: sendfile(2), or read(2) into a buffer
and send(2) out of it. strace shows which bytes come through user space. The cgroup shows the CPU
time of the server, over hundreds of files on one connection. The client lets its kernel throw the
bytes away (MSG_TRUNC), so that it costs little and the server sets the pace.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from statistics import median

from experiments._trace import Call, calls
from lab.claims import Bars, Claim, Experiment, Guest, Laboratory, Verdict, counted

FILE_BYTES = 1_000_000
FILES = 600
ROUNDS = 4
REQUEST = b"GET /1mb.bin HTTP/1.1\r\nHost: lab\r\n\r\n"
READS = ("read", "readv", "pread", "pread64", "preadv")
GIGA = 1e9
CLEAR = 1.1  # times as much CPU by the medians, and no round otherwise: a difference

CLAIM = Claim(
    id="sendfile",
    quote=(
        "sendfile() works in the kernel space without the need to switch to user space by copying"
        " directly from one file descriptor to the next."
    ),
    if_true="No byte of the file comes through user space, and a gigabyte costs less CPU time.",
    if_false="The server reads the file's bytes in both ways, or both cost the same.",
    control="With read-write the trace must show the whole file being read into user space.",
    knob="transfer: sendfile or read-write",
)


@dataclass(frozen=True)
class Calls:
    """System calls that sent one file, from strace, and the bytes that they moved."""

    sendfile: int
    sendfile_bytes: int
    read: int
    read_bytes: int
    send: int


@dataclass(frozen=True)
class Way:
    """`cpu_s`: of the server, for a gigabyte; `gb_per_s`: as the client received it. By round."""

    calls: Calls
    cpu_s: tuple[float, ...]
    gb_per_s: tuple[float, ...]


@dataclass(frozen=True)
class Evidence:
    sendfile: Way
    read_write: Way


def gather(lab: Laboratory) -> Evidence:
    ways = ("sendfile", "read-write")
    seen = {way: _traced(lab, way) for way in ways}
    rounds: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for number in range(ROUNDS):  # each way is first as often as second
        for way in ways if number % 2 else reversed(ways):
            rounds[way].append(_round(lab, way))
    found = [Way(seen[way], *map(tuple, zip(*rounds[way], strict=True))) for way in ways]
    return Evidence(*found)


def _traced(lab: Laboratory, way: str) -> Calls:
    with lab.serve("epoll", transfer=way) as guest, guest.traced() as lines:
        _receive(guest, 1)
    trace = calls(lines)
    sent, read = _returned(trace, "sendfile"), _returned(trace, *READS)
    return Calls(len(sent), sum(sent), len(read), sum(read), len(_returned(trace, "sendto")))


def _returned(trace: list[Call], *names: str) -> list[int]:
    """What each successful call gave back."""
    results = (call.result for call in trace if call.name in names)
    return [result for result in results if result is not None and result >= 0]


def _round(lab: Laboratory, way: str) -> tuple[float, float]:
    with lab.serve("epoll", transfer=way) as guest:
        _receive(guest, 20)  # until the window of TCP has grown
        before, began_s = guest.counters().cpu_s, time.monotonic()
        received = _receive(guest, FILES)
        took_s, cpu_s = time.monotonic() - began_s, guest.counters().cpu_s - before
    return round(cpu_s * GIGA / received, 4), round(received / GIGA / took_s, 4)


def _receive(guest: Guest, files: int) -> int:
    """Bytes of so many files, one after the other on one connection."""
    room = bytearray(FILE_BYTES)
    received = 0
    with guest.connect() as client:
        for _ in range(files):
            client.sendall(REQUEST)
            head, _, begun = client.recv(4096).partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200 "):
                raise ConnectionError(f"not the file, but {head[:40]!r}")
            left = FILE_BYTES - len(begun)
            while left:
                got = client.recv_into(room, left, socket.MSG_TRUNC)
                if not got:
                    raise ConnectionError("the server hung up in the middle of the file")
                left -= got
            received += FILE_BYTES
    return received


def judge(seen: Evidence) -> Verdict:
    by_kernel, by_hand = seen.sendfile, seen.read_write
    if by_hand.calls.read_bytes < FILE_BYTES or by_hand.calls.sendfile:
        return Verdict("inconclusive", "The trace does not show read-write reading the file.")
    if not all(each.cpu_s and min(each.cpu_s) > 0 for each in (by_kernel, by_hand)):
        return Verdict("inconclusive", "The CPU time of the server was not read.")
    if by_kernel.calls.read_bytes >= FILE_BYTES:
        return Verdict("refuted", "With sendfile the server read the whole file all the same.")
    if by_kernel.calls.sendfile_bytes != FILE_BYTES:
        return Verdict("inconclusive", "The trace does not show sendfile sending the file.")
    copied = by_kernel.calls.read_bytes
    spared = (
        f"sendfile sent 1 MB in {counted(by_kernel.calls.sendfile, 'call')}, and"
        f" {f'{copied:,} bytes' if copied else 'no byte'} of it came through user space; read-write"
        f" took {counted(by_hand.calls.read, 'read')} and {counted(by_hand.calls.send, 'send')}."
    )
    costs = median(by_kernel.cpu_s), median(by_hand.cpu_s)
    told = f"A gigabyte costs {costs[0]:.2f} s of CPU by sendfile, {costs[1]:.2f} s by read-write"
    if max(by_kernel.cpu_s) >= min(by_hand.cpu_s) or costs[0] * CLEAR > costs[1]:
        return Verdict("refined", f"{spared} But it is not clearly cheaper here. {told}.")
    rates = median(by_kernel.gb_per_s), median(by_hand.gb_per_s)
    return Verdict(
        "supported",
        f"{spared} {told} ({costs[1] / costs[0]:.1f} times), in each of {ROUNDS} rounds. One client"
        f" receives {rates[0]:.1f} GB/s and {rates[1]:.1f} GB/s.",
    )


def bars(seen: Evidence) -> Bars:
    return Bars(
        "CPU time of the server for a gigabyte in files of 1 MB",
        "seconds",
        (
            ("sendfile", median(seen.sendfile.cpu_s)),
            ("read and write", median(seen.read_write.cpu_s)),
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
