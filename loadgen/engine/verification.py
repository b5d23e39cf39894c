"""Are the answers right? Each is looked at in full once, before the load; later only its length.

Everything is asked once, then every GET again: an answer that came out the same, even after what
was posted, is steady, and is held to its length during the window. Of the others (a page with a
counter, a POST) only what `expect` says is held. Loses where a page is the same twice by chance:
then say `expect: {bytes: ...}` or ask for something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loadgen.engine.link import Address
from loadgen.engine.mix import UNKNOWN, Ask, asks
from loadgen.engine.prober import Answer, ProbeError, Prober, in_words
from loadgen.engine.response import ResponseError
from loadgen.formats import mismatch
from loadgen.formats.mismatch import Unexpected
from loadgen.formats.scenario import Scenario


@dataclass(frozen=True)
class Verified:
    """`lengths`: each request's right body, UNKNOWN where answers differ."""

    lengths: tuple[int, ...]
    answers: int
    connected: int


class MismatchError(ProbeError):
    """The server answers all requests, but some otherwise than the scenario expects."""

    def __init__(self, answers: Sequence[Unexpected]) -> None:
        super().__init__(mismatch.in_words(answers))
        self.answers = answers


def verify_answers(address: Address, host: str, scenario: Scenario) -> Verified:
    """Raises ProbeError with all that is wrong; MismatchError where all was answered."""
    prober = Prober(address, scenario.timeout_s)
    lengths, answers = verify(
        asks(scenario.requests, host, close=True), lambda ask: prober.ask(ask.wire)
    )
    return Verified(tuple(lengths), answers, prober.connected)


def verify(asks: Sequence[Ask], probe: Callable[[Ask], Answer]) -> tuple[list[int], int]:
    """Each request's right length, and how many answers were looked at."""
    seen: dict[int, list[tuple[int, bytes]]] = {ask.index: [] for ask in asks}
    unanswered: list[str] = []
    unexpected: list[Unexpected] = []
    verified = 0
    for ask in [*asks, *(ask for ask in asks if ask.wire.startswith(b"GET "))]:
        try:
            answer = probe(ask)
        except (OSError, ResponseError) as error:
            unanswered.append(f"{ask.name}: {in_words(error)}")
            continue
        verified += 1
        if answer.status != ask.status:
            unexpected.append(Unexpected(ask.name, "status", ask.status, answer.status))
        elif ask.length not in (UNKNOWN, len(answer.body)):
            unexpected.append(Unexpected(ask.name, "bytes", ask.length, len(answer.body)))
        seen[ask.index].append((len(answer.body), hashlib.sha256(answer.body).digest()))
    if unanswered:
        raise ProbeError(mismatch.in_words(dict.fromkeys([*unanswered, *unexpected])))
    if unexpected:
        raise MismatchError(list(dict.fromkeys(unexpected)))
    lengths = [
        ask.length
        if ask.length != UNKNOWN or not _steady(seen[ask.index])
        else seen[ask.index][0][0]
        for ask in asks
    ]
    return lengths, verified


def _steady(answers: list[tuple[int, bytes]]) -> bool:
    return len(answers) > 1 and len(set(answers)) == 1
