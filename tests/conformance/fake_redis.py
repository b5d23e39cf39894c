"""A Redis of four commands on a loopback port, which a test can take away and bring back."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import hiredis

if TYPE_CHECKING:
    from collections.abc import Iterator


class Store(socketserver.ThreadingTCPServer):
    """Lists and counters, and the connections that use them."""

    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Line)
        self.port: int = self.server_address[1]
        self.lists: dict[bytes, list[bytes]] = {}
        self.counters: dict[bytes, int] = {}
        self.lines: set[_Line] = set()
        self.turn = threading.Lock()
        self.takes_s = 0.0  # for each command

    def obey(self, command: list[bytes]) -> bytes:
        """Carry out one command; its reply on the wire."""
        name, key = command[0].upper(), command[1]
        remarks = self.lists.setdefault(key, [])
        if name == b"INCR":
            self.counters[key] = self.counters.get(key, 0) + 1
            return b":%d\r\n" % self.counters[key]
        if name == b"RPUSH":
            remarks.extend(command[2:])
            return b":%d\r\n" % len(remarks)
        first, last = int(command[2]), int(command[3])
        kept = remarks[first:] if last == -1 else remarks[first : last + 1]
        if name == b"LTRIM":
            self.lists[key] = kept
            return b"+OK\r\n"
        assert name == b"LRANGE", name
        return b"*%d\r\n" % len(kept) + b"".join(b"$%d\r\n%b\r\n" % (len(r), r) for r in kept)


class _Line(socketserver.BaseRequestHandler):
    server: Store

    def hang_up(self) -> None:
        """End the connection, also for the thread that waits in its recv()."""
        try:
            self.request.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the server under test hung up before

    def handle(self) -> None:
        self.server.lines.add(self)
        # Replies go out one by one: a later one must not wait for the ACK of the one before.
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = hiredis.Reader(notEnoughData=...)
        while data := self.request.recv(65536):
            reader.feed(data)
            while (command := reader.gets()) is not ...:
                with self.server.turn:
                    time.sleep(self.server.takes_s)
                    reply = self.server.obey(command)
                self.request.sendall(reply)


@contextmanager
def fake_redis(port: int = 0) -> Iterator[Store]:
    """A store for the length of a block; then its connections are cut and its port refuses."""
    store = Store(port)
    thread = threading.Thread(target=store.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield store
    finally:
        store.shutdown()
        thread.join()
        for line in tuple(store.lines):
            line.hang_up()
        store.server_close()  # waits for the threads of the lines
