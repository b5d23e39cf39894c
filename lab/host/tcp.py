"""What TCP counted in a container's network namespace: accept queue, segments, retransmissions.

/proc/PID/net/netstat and snmp come as pairs of lines, names above values. The namespace is the
container's own and as new as it is, so every count is of its whole life. /proc/PID/net/tcp lists
the listeners first and then every connection: only its beginning is read, however many there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

LOOPBACK = 127
_LISTEN = "0A"  # TCP_LISTEN, as the kernel prints it


@dataclass(frozen=True)
class Tcp:
    """None where the kernel does not tell."""

    accept_queue: int | None = None  # level: connections complete that nobody has accepted yet
    listen_overflows: int | None = None  # a connection was complete and the accept queue full
    listen_drops: int | None = None  # those, and whatever else was lost before accept()
    segments_in: int | None = None
    segments_out: int | None = None
    retransmitted: int | None = None  # by the server; what the load sent again is not in it
    bytes_out: int | None = None  # of IP packets, what was sent again among them


def read(network: Path) -> Tcp:
    """`network`: /proc/PID/net."""
    extra = extended(network)
    plain = _table(network / "snmp", "Tcp:")
    return Tcp(
        accept_queue=_accept_queue(network),
        listen_overflows=extra.get("ListenOverflows"),
        listen_drops=extra.get("ListenDrops"),
        segments_in=plain.get("InSegs"),
        segments_out=plain.get("OutSegs"),
        retransmitted=plain.get("RetransSegs"),
        bytes_out=_table(network / "netstat", "IpExt:").get("OutOctets"),
    )


def extended(network: Path) -> dict[str, int]:
    """The counters of TCP beyond the MIB, by the kernel's names, such as ListenOverflows."""
    return _table(network / "netstat", "TcpExt:")


def syn_retries(network: Path) -> int | None:
    """SYNs that clients in this namespace sent again, a second or more after the first."""
    return extended(network).get("TCPSynRetrans")


def loopback_listener(network: Path, port: int) -> str | None:
    """The address of 127.0.0.0/8 on which somebody listens at this port."""
    for words in _listeners(network) or ():
        address, _, number = words[1].partition(":")
        if int(number, 16) == port:
            at = dotted(address)
            return at if at.startswith(f"{LOOPBACK}.") else None
    return None


def dotted(address: str) -> str:
    """As people write it. The kernel prints it as one number of the host's byte order (x86 and
    ARM: little-endian)."""
    return ".".join(map(str, bytes.fromhex(address)[::-1]))


def _accept_queue(network: Path) -> int | None:
    """Of all IPv4 listeners together. A listener's receive queue is its accept queue."""
    listeners = _listeners(network)
    if listeners is None:
        return None
    return sum(int(words[4].partition(":")[2], 16) for words in listeners)


def _listeners(network: Path) -> list[list[str]] | None:
    """The words of each IPv4 listener's line."""
    try:
        with (network / "tcp").open() as lines:
            sockets = (line.split() for line in islice(lines, 1, None))
            return list(takewhile(lambda words: words[3] == _LISTEN, sockets))
    except OSError:
        return None


def _table(file: Path, protocol: str) -> dict[str, int]:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return {}
    for names, values in zip(lines[::2], lines[1::2], strict=False):
        if names.startswith(protocol):
            numbers = map(int, values.split()[1:])
            return dict(zip(names.split()[1:], numbers, strict=False))
    return {}
