"""Mutated requests by the million: `python -m tests.http1.mutated [COUNT] [SEED]`.

Each wire is made of valid and of refused requests (the tables of the tests) by cutting, joining,
repeating and overwriting. Of each it is asked:

- nothing but ProtocolError is raised, and the same comes out however the bytes are cut;
- what is accepted, h11 and httptools read alike, or the difference is tabled (differences.py);
- the work is linear: no request takes longer than its length allows.

A disagreement is printed with the wire that shows it; the exit is 1 then.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from time import perf_counter, process_time

from tests.http1.accepted import ACCEPTED
from tests.http1.alike import differs
from tests.http1.refused import REFUSED
from tests.http1.wire import converse, split_at

LONGEST = 4000
# Far above what the slowest byte takes (some 5 us, in pieces of one byte), so that a busy host does
# not trip it, and far below what work that grows with the square of the length would take.
FREE_S, MOST_S_PER_BYTE = 0.2, 50e-6
AWKWARD = [bytes((byte,)) for byte in b'\r\n\0\t :;,="%/#?@[]0129afgx-+\x0b\x7f\x80\xff']
AWKWARD += [b"\r\n", b"\r\n\r\n", b"\n\n", b"0\r\n\r\n", b"HTTP/1.1", b"chunked", b"100-continue"]
AWKWARD += [b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: y\r\n", b"GET "]
GOOD = [wire for wire, _ in ACCEPTED.values() if len(wire) < LONGEST]
BAD = [wire for wire, _ in REFUSED.values() if len(wire) < LONGEST]


def mutated(dice: random.Random) -> bytes:
    """One wire: a seed, or two spliced, and then a few mutations."""
    wire = bytearray(dice.choice(dice.choice((GOOD, GOOD, GOOD, BAD))))
    for _ in range(dice.choice((0, 1, 1, 1, 2, 2, 3, 5))):
        at = dice.randint(0, len(wire))
        end = min(len(wire), at + dice.choice((0, 1, 1, 2, 8, 64)))
        match dice.randrange(6):
            case 0:
                wire[at:end] = dice.choice(AWKWARD)
            case 1:
                wire[at:at] = dice.choice(AWKWARD) * dice.choice((1, 1, 2, 100))
            case 2:
                del wire[at:end]
            case 3:
                wire[end:end] = wire[at:end] * dice.choice((1, 1, 3, 30))
            case 4:
                other = dice.choice(dice.choice((GOOD, BAD)))
                wire[at:] = other[dice.randint(0, len(other)) :]
            case _ if at < len(wire):
                wire[at] ^= 1 << dice.randrange(8)
    return bytes(wire[:LONGEST])


def faults(wire: bytes, dice: random.Random) -> Iterator[str]:
    """What is wrong with our reading of this wire."""
    began_s = process_time()
    whole = converse([wire])
    cut = converse(split_at(wire, *(dice.randint(0, len(wire)) for _ in range(3))))
    took_s = process_time() - began_s
    if whole != cut:
        yield f"cut otherwise it reads as {cut}, whole as {whole}"
    if took_s > FREE_S + len(wire) * MOST_S_PER_BYTE:
        yield f"{len(wire)} bytes took {took_s:.3f} s"
    if whole.requests:
        yield from differs(wire, whole.requests[0])


def run(count: int, seed: int) -> list[tuple[bytes, str]]:
    """Every fault among `count` mutations; any exception but ProtocolError ends it."""
    dice = random.Random(seed)
    found = []
    for _ in range(count):
        wire = mutated(dice)
        try:
            found += [(wire, fault) for fault in faults(wire, dice)]
        except Exception as error:
            error.add_note(f"the wire: {wire!r}")
            raise
    return found


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began_s = perf_counter()
    found = run(count, seed)
    for wire, fault in found[:50]:
        print(f"{wire!r}: {fault}")
    took_s = perf_counter() - began_s
    print(f"{count:,} mutations, seed {seed}, {took_s:.0f} s: {len(found)} faults")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
