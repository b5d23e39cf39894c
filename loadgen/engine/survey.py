"""What a load host is like, and its network to the lab's host: measured once, before a run.

The lab listens at the addresses of SURVEYED (host:port, with commas between), where the servers and
the master will be. What was found is one line of JSON on standard output (`formats/survey.py`).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from pathlib import Path

from loadgen.engine.clock import clock
from loadgen.formats.survey import ECHO, STREAM, Survey

ROUND_TRIPS = 50
STREAM_S = 1.0
CONNECT_S = 3.0
SILENT_S = 3.0
BOOT = Path("/proc/sys/kernel/random/boot_id")
CHUNK_BYTES = 1 << 18

Address = tuple[str, int]


def survey(addresses: Iterable[Address]) -> Survey:
    """Takes a second, or CONNECT_S for each address that nobody reaches."""
    reached: list[Address] = []
    unreachable: dict[str, str] = {}
    for address in addresses:
        try:
            socket.create_connection(address, CONNECT_S).close()
            reached.append(address)
        except OSError as error:
            unreachable[f"{address[0]}:{address[1]}"] = error.strerror or str(error)
    rtt_us = bytes_per_s = None
    if reached:
        try:
            rtt_us = round(round_trip_s(reached[0]) * 1e6)
            bytes_per_s = round(stream_bytes_per_s(reached[0]))
        except OSError as error:
            where = "{}:{}".format(*reached[0])
            unreachable[where] = f"the connection broke: {error.strerror or error}"
    return Survey(
        boot=BOOT.read_text(encoding="ascii").strip(),
        cpus=os.cpu_count() or 1,
        unreachable=unreachable,
        rtt_us=rtt_us,
        bytes_per_s=bytes_per_s,
    )


def round_trip_s(address: Address) -> float:
    """The shortest of many, of one byte there and back."""
    shortest_s = CONNECT_S
    with socket.create_connection(address, CONNECT_S) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(ECHO)
        for _ in range(ROUND_TRIPS):
            began_s = clock()
            client.sendall(b"?")
            if not client.recv(1):
                raise ConnectionResetError("closed by the lab")
            shortest_s = min(shortest_s, clock() - began_s)
    return shortest_s


def stream_bytes_per_s(address: Address, lasts_s: float = STREAM_S) -> float:
    """What one connection gives in this direction, which is the answers'. The first half is TCP's
    slow start (RFC 5681, 3.1) and does not count."""
    counted = 0
    with socket.create_connection(address, CONNECT_S) as client:
        client.settimeout(SILENT_S)
        client.sendall(STREAM)
        began_s = clock()
        from_s, until_s = began_s + lasts_s / 2, began_s + lasts_s
        while (now_s := clock()) < until_s:
            size = len(client.recv(CHUNK_BYTES))
            if not size:
                raise ConnectionResetError("closed by the lab")
            counted += size if now_s >= from_s else 0
    return counted / (lasts_s / 2)


def main(surveyed: str) -> int:
    pairs = (each.rpartition(":") for each in surveyed.split(",") if each)
    print(survey((host, int(port)) for host, _, port in pairs).model_dump_json(), flush=True)
    return 0
