"""The lines of the notes, and to each the claims that it makes.

Pure: text and judged claims in, lines out. A claim belongs to the line in which its quote ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lab.claims.claim import Claim, Outcome
from lab.claims.judged import Judged

ORDER: tuple[Outcome, ...] = ("supported", "refined", "refuted", "inconclusive")
Kind = Literal["heading", "item", "text"]
BULLET = "•"


@dataclass(frozen=True)
class Piece:
    """A part of a line; `quoted`: some claim quotes it."""

    text: str
    quoted: bool


@dataclass(frozen=True)
class Tried:
    """A claim of a line; `judged` is None where nobody has tried it here."""

    claim: Claim
    judged: Judged | None


@dataclass(frozen=True)
class Line:
    kind: Kind
    pieces: tuple[Piece, ...]
    claims: tuple[Tried, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def lines(notes: str, claims: Sequence[Claim], judged: Mapping[str, Judged]) -> list[Line]:
    """Empty lines are left out. Every claim's quote has to stand in the notes."""
    found = {claim.id: notes.index(claim.quote) for claim in claims}
    quoted = bytearray(len(notes))
    for claim in claims:
        begin = found[claim.id]
        quoted[begin : begin + len(claim.quote)] = b"\1" * len(claim.quote)
    made, at = [], 0
    for text in notes.splitlines(keepends=True):
        here = [
            claim for claim in claims if at < found[claim.id] + len(claim.quote) <= at + len(text)
        ]
        tried = tuple(Tried(claim, judged.get(claim.id)) for claim in here)
        if text.strip():
            made.append(_line(text, bytes(quoted[at : at + len(text)]), tried))
        at += len(text)
    return made


def _line(text: str, quoted: bytes, claims: tuple[Tried, ...]) -> Line:
    shown = text.strip().removeprefix(BULLET).strip()
    begin = text.index(shown)
    pieces: list[Piece] = []
    for letter, mark in zip(shown, quoted[begin:], strict=False):
        if pieces and pieces[-1].quoted == bool(mark):
            pieces[-1] = Piece(pieces[-1].text + letter, bool(mark))
        else:
            pieces.append(Piece(letter, bool(mark)))
    return Line(_kind(text, shown), tuple(pieces), claims)


def _kind(text: str, shown: str) -> Kind:
    if text.strip().startswith(BULLET):
        return "item"
    heading = len(shown.split()) <= 4 and ("server" in shown.lower() or shown.startswith("Tests"))
    return "heading" if heading else "text"


def summary(judged: Mapping[str, Judged], of: int) -> str:
    """`23 claims: 15 supported, 6 refined, 2 refuted`."""
    counts = Counter(each.verdict.outcome for each in judged.values())
    told = [f"{counts[outcome]} {outcome}" for outcome in ORDER if counts[outcome]]
    if len(judged) < of:
        told.append(f"{of - len(judged)} not tried")
    return f"{of} claims: {', '.join(told)}"


def not_as_written(found: Sequence[Line]) -> list[Judged]:
    """The claims that are refuted or refined, in the order of the notes."""
    every = [tried.judged for line in found for tried in line.claims if tried.judged]
    return [each for each in every if each.verdict.outcome in ("refuted", "refined")]
