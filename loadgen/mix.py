"""What users ask: a scenario's requests made ready for the wire, drawn by weight."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate

from loadgen.request import Request

UNKNOWN = -1


class Ask:
    """One request, ready to be sent, and what its answer must be like."""

    __slots__ = ("index", "length", "method", "name", "status", "target", "weight", "wire")

    def __init__(self, request: Request, index: int, host: str, *, close: bool) -> None:
        self.index = index
        self.name = request.name
        self.method = request.method
        self.target = request.target
        self.weight = request.weight
        self.status = request.expect.status
        self.length = UNKNOWN if request.expect.bytes is None else request.expect.bytes
        fields = f"Host: {host}\r\nUser-Agent: serverlab\r\n"
        if close:
            fields += "Connection: close\r\n"
        fields += "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        body = b""
        if request.method == "POST":
            body = request.body
            fields += "Content-Type: application/x-www-form-urlencoded\r\n"
            fields += f"Content-Length: {len(body)}\r\n"
        head = f"{request.method} {request.target} HTTP/1.1\r\n{fields}\r\n"
        self.wire = head.encode("ascii") + body


def asks(requests: Sequence[Request], host: str, *, close: bool) -> list[Ask]:
    return [Ask(request, i, host, close=close) for i, request in enumerate(requests)]


class Mix:
    """One user's choices: the same seed asks the same in the same order."""

    __slots__ = ("_asks", "_draw", "_marks", "_only", "_total")

    def __init__(self, asks: Sequence[Ask], seed: str) -> None:
        self._asks = asks
        self._only = asks[0] if len(asks) == 1 else None
        self._marks = list(accumulate(ask.weight for ask in asks))
        self._total = self._marks[-1]
        self._draw = random.Random(seed).random  # noqa: S311 - no secret is made of it

    def next(self) -> Ask:
        if self._only is not None:
            return self._only
        return self._asks[bisect(self._marks, self._draw() * self._total)]
