"""Servers that answer from memory, but take their time.

    python -m benchmarks.loadgen.inside.slow WAY PORT

    stalling    serves nobody in the first second of every ten of CLOCK_MONOTONIC, then all who wait
    unhurried   takes 2 to 6 ms, drawn evenly; a thread for each connection, each with its own seed

The stalling one is a single loop, since what it has to catch up with after a stall should be done
in a moment. The unhurried one never takes twice its mean: wrk adds samples of its own for answers
that do (stats_correct in its source), and would be compared with what it made up.
"""

from __future__ import annotations

import random
import select
import socket
import sys
import threading
import time
from itertools import count

STALL_S, CYCLE_S = 1.0, 10.0
LEAST_S, MOST_S = 0.002, 0.006
BODY = b"ok\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (
    len(BODY),
    BODY,
)


def answered(client: socket.socket) -> bool:
    """Whether the client asked, and may ask again. Requests are small: one read is one request."""
    try:
        request = client.recv(65536)
        if request:
            client.sendall(ANSWER)
    except ConnectionError:
        return False
    return bool(request) and b"\r\nConnection: close\r\n" not in request


def stalling(listener: socket.socket) -> None:
    clients: dict[int, socket.socket] = {}
    poll = select.epoll()
    poll.register(listener, select.EPOLLIN)
    while True:
        for number, _ in poll.poll():
            left_s = STALL_S - time.monotonic() % CYCLE_S
            if left_s > 0:
                time.sleep(left_s)
            if number == listener.fileno():
                client, _ = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                clients[client.fileno()] = client
                poll.register(client, select.EPOLLIN)
            elif not answered(clients[number]):
                clients.pop(number).close()


def unhurried(listener: socket.socket) -> None:
    for number in count():
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_converse, args=(client, number), daemon=True).start()


def _converse(client: socket.socket, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secret is made of it
    with client:
        while client.recv(1, socket.MSG_PEEK):
            time.sleep(draw.uniform(LEAST_S, MOST_S))
            if not answered(client):
                return


if __name__ == "__main__":
    ways = {"stalling": stalling, "unhurried": unhurried}
    with socket.create_server(("127.0.0.1", int(sys.argv[2])), backlog=4096) as listening:
        ways[sys.argv[1]](listening)
