"""What users ask: a scenario's requests made ready for the wire, drawn by weight."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate

from loadgen.formats.request import Request

UNKNOWN = -1


class Ask:
    """One request, ready to be sent, what its answer must be like, and how long answers took."""

    __slots__ = (
        "bytes",
        "head",
        "index",
        "length",
        "name",
        "size",
        "status",
        "times_us",
        "weight",
        "whole",
        "wire",
    )

    def __init__(self, request: Request, index: int, host: str, *, close: bool) -> None:
        self.index = index
        self.name = request.name
        self.weight = request.weight
        self.status = request.expect.status
        self.length = UNKNOWN if request.expect.bytes is None else request.expect.bytes
        self.wire = request.wire(host, close=close)
        self.size = len(self.wire)
        self.head = b""  # of the last good answer in one piece, and ...
        self.whole = UNKNOWN  # ... its length with the body
        self.times_us: dict[int, int] = {}  # of this step: response time -> how often
        self.bytes = 0  # received in good answers of this step

    def remember(self, answer: bytes, body_bytes: int) -> None:
        """A good answer in one piece: the same head at the same length will be as good.

        Only where the body is what follows the head: chunks carry framing of their own.
        """
        end = answer.index(b"\r\n\r\n") + 4
        if len(answer) - end == body_bytes:
            self.head = answer[:end]
            self.whole = len(answer)


def asks(requests: Sequence[Request], host: str, *, close: bool) -> list[Ask]:
    return [Ask(request, i, host, close=close) for i, request in enumerate(requests)]


class Mix:
    """One user's choices: the same seed asks the same in the same order."""

    __slots__ = ("_asks", "_draw", "_marks", "_only", "_total")

    def __init__(self, asks: Sequence[Ask], seed: str) -> None:
        self._asks = asks
        self._only = asks[0] if len(asks) == 1 else None
        if self._only is not None:  # nothing to draw, and a generator takes 3 kB of each user
            return
        self._marks = list(accumulate(ask.weight for ask in asks))
        self._total = self._marks[-1]
        self._draw = random.Random(seed).random  # noqa: S311 - no secret is made of it

    def next(self) -> Ask:
        if self._only is not None:
            return self._only
        return self._asks[bisect(self._marks, self._draw() * self._total)]


NOTHING = Ask(Request(get="/"), 0, "", close=False)  # asked before anything is
