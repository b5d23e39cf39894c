"""A tiny server that misbehaves as its path says: what the engine must tell apart.

Real sockets and plain threads, so that the engine under test has gevent's loop to itself.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

BODY = b"x" * 615
PAUSE_S = 0.005  # within an answer in two pieces


def _answer(body: bytes, status: str = "200 OK", fields: bytes = b"") -> bytes:
    length = str(len(body)).encode()
    return b"HTTP/1.1 %s\r\n%sContent-Length: %s\r\n\r\n%s" % (
        status.encode(),
        fields,
        length,
        body,
    )


ANSWERS = {
    b"/ok": _answer(BODY),
    b"/health": _answer(b"ok"),
    b"/missing": _answer(b"no", "404 Not Found"),
    b"/big": _answer(b"y" * 3_000_000),
    b"/longer": _answer(BODY + b"!"),
    b"/short": _answer(BODY)[:-1],
    b"/half-a-head": b"HTTP/1.1 200 OK\r\nContent-Le",
    b"/surplus": _answer(BODY) + b"more",
    b"/garbage": b"SSH-2.0-OpenSSH\r\n\r\n",
    b"/silent-close": b"",
    b"/chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"267\r\n%s\r\n0\r\n\r\n" % BODY,
    b"/to-the-end": b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
    b"/says-close": _answer(BODY, fields=b"Connection: close\r\n"),
}
THEN_CLOSES = {
    b"/short",
    b"/half-a-head",
    b"/silent-close",
    b"/to-the-end",
    b"/says-close",
    b"/surplus",
    b"/garbage",
}


class FaultyServer:
    """`seats`: how many connections are ever served; the others wait in the backlog for good."""

    def __init__(self, seats: int = 1_000_000, port: int = 0) -> None:
        self.listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.address: tuple[str, int] = self.listener.getsockname()
        self.accepted = 0
        self.answered = 0
        self.health_after = 0  # how often /health says 503 first
        self._counter = 0
        self._lock = threading.Lock()
        self._clients: list[socket.socket] = []
        self._seats = seats
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        for _ in range(self._seats):
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            self._clients.append(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with client:
                while self._converse(client):
                    pass
        except OSError:
            pass

    def _converse(self, client: socket.socket) -> bool:
        request = b""
        while b"\r\n\r\n" not in request:
            data = client.recv(65536)
            if not data:
                return False
            request += data
        head, _, _ = request.partition(b"\r\n\r\n")
        path = head.split(b" ")[1]
        if path == b"/reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if path == b"/hang":
            return client.recv(1) != b""
        if path.startswith(b"/slow/"):
            time.sleep(int(path.rpartition(b"/")[2]) / 1000)
            path = b"/ok"
        answer = ANSWERS.get(path) or ANSWERS[b"/missing"]
        if path == b"/silent-close":
            answer = b""
        with self._lock:
            self._counter += 1
            if path == b"/turns":  # of one length, and every second one is wrong
                answer = _answer(b"x" * 50, "200 OK" if self._counter % 2 else "404 OK")
            if path == b"/counter":
                answer = _answer(b"visit %d" % self._counter)
            if path == b"/health" and self._counter <= self.health_after:
                answer = _answer(b"", "503 Service Unavailable")
            self.answered += 1
        if path.startswith(b"/split/"):
            answer, first = ANSWERS[b"/ok"], int(path.rpartition(b"/")[2])
            client.sendall(answer[:first])
            time.sleep(PAUSE_S)
            answer = answer[first:]
        client.sendall(answer)
        closes = path in THEN_CLOSES or b"connection: close" in head.lower()
        return not closes

    def stop_after(self, answers: int) -> None:
        """As a killed server: after so many answers everything is closed at once."""
        while self.answered < answers:
            time.sleep(0.005)
        self.listener.close()
        for client in self._clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def faulty(seats: int = 1_000_000) -> Iterator[FaultyServer]:
    server = FaultyServer(seats)
    try:
        yield server
    finally:
        server.listener.close()
