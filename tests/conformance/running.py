"""A server under test as its own process, and a client that speaks bytes to it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 10.0
# The suite under other settings: CONFORMANCE_FLAGS=--trigger=edge pytest tests/conformance -k epoll
FLAGS = os.environ.get("CONFORMANCE_FLAGS", "").split()


class Server:
    """`python -m servers MODEL` on a free port of the loopback.

    `modules`: a folder whose modules come before those that are installed.
    """

    def __init__(
        self, model: str, *flags: str, most_files: int | None = None, modules: Path | None = None
    ) -> None:
        command = [sys.executable, "-m", "servers", model, "--port=0", "--bind=127.0.0.1"]
        command += [*FLAGS, *flags]
        if most_files is not None:
            command = ["prlimit", f"--nofile={most_files}:{most_files}", *command]
        self.model = model
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ["PATH"]} | ({"PYTHONPATH": str(modules)} if modules else {}),
        )
        assert self.process.stderr is not None
        told = self.process.stderr.readline()
        match = re.search(r"listens on http://127\.0\.0\.1:(\d+)/", told)
        assert match, told + self.process.stderr.read()
        self.port = int(match[1])
        self.clients: list[socket.socket] = []

    def connect(self) -> socket.socket:
        """A client socket with a timeout: a test fails rather than hangs. Closed at the end."""
        client = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.clients.append(client)
        return client

    def stop(self, number: int = signal.SIGTERM) -> dict[str, Any]:
        """End the server by a signal; its account. Asserts that it left with 0."""
        self.process.send_signal(number)
        return self.account()

    def account(self) -> dict[str, Any]:
        """Wait for the end of a server that was told to stop; its account."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 0, err
        assert "Traceback" not in err, err
        account: dict[str, Any] = json.loads(out.splitlines()[-1])
        return account

    def children(self) -> dict[int, str]:
        """The children of the server: pid -> state, as in /proc/PID/stat."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue  # it ended while we looked
            if int(parent) == self.process.pid:
                found[int(stat.parent.name)] = state
        return found


@contextmanager
def running(model: str, *flags: str, most_files: int | None = None) -> Iterator[Server]:
    """A server for the length of a block; it is killed if the block did not stop it."""
    server = Server(model, *flags, most_files=most_files)
    try:
        yield server
    finally:
        for client in server.clients:
            client.close()
        orphans = server.children()
        server.process.kill()
        for pid in orphans:
            with suppress(ProcessLookupError):  # it ended while we looked
                os.kill(pid, signal.SIGKILL)
        server.process.communicate()


class Answer:
    """One response, read off the wire by its framing."""

    def __init__(self, status: int, fields: dict[str, str], body: bytes) -> None:
        self.status, self.fields, self.body = status, fields, body


def read_answer(client: socket.socket, *, head_only: bool = False) -> Answer:
    """Read exactly one response. Raises EOFError where the peer closed before its end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        if not byte:
            raise EOFError(head)
        head += byte
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1])
    fields = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines[1:] if line)
    }
    length = 0 if head_only or status in (204, 304) else int(fields.get("content-length", 0))
    body = b""
    while len(body) < length:
        piece = client.recv(length - len(body))
        if not piece:
            raise EOFError(head + body)
        body += piece
    return Answer(status, fields, body)


def ask(
    server: Server, path: str = "/615b.html", *, method: str = "GET", body: bytes = b""
) -> Answer:
    """One request on a connection of its own."""
    with server.connect() as client:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        form = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{length}{form}\r\n"
        client.sendall(head.encode() + body)
        return read_answer(client, head_only=method == "HEAD")


def closed(client: socket.socket) -> bool:
    """Wait for the peer to hang up; False if it sends something instead."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True
