"""The order of rows: who outranks whom, as far as is known.

It is a partial order. What follows from two claims is claimed: where a outranks b, and b outranks
c, a outranks c. All else stays open, so that a row has a place, or a range of places: `1-3` is
first, second or third.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lab.statistics.ranking import Comparison


@dataclass(frozen=True)
class Order:
    """`names`: the best figure first. `beats`: name -> all those that it outranks."""

    names: tuple[str, ...]
    beats: Mapping[str, frozenset[str]]
    ties: frozenset[frozenset[str]]  # of two names each

    def outranks(self, one: str, other: str) -> bool:
        return other in self.beats[one]

    def ties_with(self, one: str, other: str) -> bool:
        return frozenset((one, other)) in self.ties

    def apart(self, one: str, other: str) -> bool:
        return self.outranks(one, other) or self.outranks(other, one)

    @property
    def unbeaten(self) -> tuple[str, ...]:
        """Those that nobody outranks."""
        beaten = frozenset().union(*self.beats.values())
        return tuple(name for name in self.names if name not in beaten)

    @property
    def says_something(self) -> bool:
        return bool(self.ties) or any(self.beats.values())

    def place(self, name: str) -> str:
        """`1`, or `2-3` where two places are open to it."""
        best = 1 + sum(name in beaten for beaten in self.beats.values())
        worst = len(self.names) - len(self.beats[name])
        return f"{best}" if best == worst else f"{best}-{worst}"

    def groups(self) -> list[tuple[str, ...]]:
        """The largest sets of names no two of which are apart, the best first.

        Insert and absorb (Piepho 2004): all start in one set; each pair that is apart splits every
        set that holds both, and a set within another goes.
        """
        held = [frozenset(self.names)]
        for better, beaten in self.beats.items():
            for worse in beaten:
                both = {better, worse}
                split = [
                    p for g in held for p in ((g - {better}, g - {worse}) if both <= g else (g,))
                ]
                whole = dict.fromkeys(split)  # each once
                held = [each for each in whole if not any(each < other for other in whole)]
        place = {name: at for at, name in enumerate(self.names)}
        return sorted(
            (tuple(sorted(each, key=place.__getitem__)) for each in held),
            key=lambda group: [place[name] for name in group],
        )


def order(names: Sequence[str], comparisons: Iterable[Comparison]) -> Order:
    """`names`: by their medians, the best first; every claim agrees with that."""
    beats: dict[str, set[str]] = {name: set() for name in names}
    found = list(comparisons)
    for each in found:
        if each.verdict == "faster":
            beats[each.first].add(each.second)
        elif each.verdict == "slower":
            beats[each.second].add(each.first)
    for name in reversed(names):  # the worst first: what it beats is whole by then
        for beaten in tuple(beats[name]):
            beats[name] |= beats[beaten]
    ties = frozenset(
        frozenset((each.first, each.second))
        for each in found
        if each.verdict == "tie"
        and each.second not in beats[each.first]
        and each.first not in beats[each.second]
    )
    return Order(tuple(names), {name: frozenset(each) for name, each in beats.items()}, ties)
