"""A claim of the notes, what an experiment on it is made of, and what may come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from lab.claims.laboratory import Laboratory
from lab.figure import figure

Outcome = Literal["supported", "refuted", "refined", "inconclusive"]
Evidence = TypeVar("Evidence")


@dataclass(frozen=True)
class Claim:
    """`quote` stands in experiments/notes.txt, letter by letter. The rest is for readers.

    `control`: what shows that the probe can see the effect at all. `knob`: the one thing varied.
    """

    id: str
    quote: str
    if_true: str
    if_false: str
    control: str
    knob: str


@dataclass(frozen=True)
class Verdict:
    """`refined`: not true as written; the sentence says what is true instead. `inconclusive`: a
    control failed, so nothing may be said."""

    outcome: Outcome
    sentence: str


@dataclass(frozen=True)
class Bars:
    """The figure of an experiment: a value for each setting of the knob, in `unit`."""

    title: str
    unit: str
    values: tuple[tuple[str, float], ...]

    def figures(self) -> list[str]:
        """Each value as people read it: counts stay whole."""
        whole = all(value == int(value) for _, value in self.values)
        return [f"{value:,.0f}" if whole else figure(value) for _, value in self.values]


@dataclass(frozen=True)
class Experiment(Generic[Evidence]):
    """`evidence`: a frozen dataclass of numbers and texts, which is what is kept.

    `judge` and `bars` are pure: the same evidence gives the same verdict on any day.
    """

    claim: Claim
    evidence: type[Evidence]
    gather: Callable[[Laboratory], Evidence]
    judge: Callable[[Evidence], Verdict]
    bars: Callable[[Evidence], Bars | None] = lambda _seen: None  # where nothing has a size
