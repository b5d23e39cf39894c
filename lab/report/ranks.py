"""What rankings say, in words: how neighbours differ, and what has changed since another run of
the same plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lab.analysis.rankings import Ranking
from lab.figure import counted
from lab.records.noise_floor import By
from lab.records.step import describe_step
from lab.statistics.ranking import TOO_FEW, Comparison, Verdict

BETTER: Mapping[By, str] = {  # the ratio is of this: more of it is better
    "throughput": "throughput",
    "p99": "1 / p99",
    "CPU": "1 / CPU time",
}
KNOWN: Mapping[Verdict, str] = {"faster": "faster", "slower": "slower", "tie": "tie"}


def in_words(rankings: Sequence[Ranking]) -> list[str]:
    """How each row compares with the next one, as far as they have a ratio and trials enough."""
    compared = [
        (ranking, each) for ranking in rankings for each in _neighbours(ranking) if each.ratio
    ]
    told = [
        f"{describe_step(*ranking.step)}: {_compared(each, ranking.by)}"
        for ranking, each in compared
        if each.reason != TOO_FEW
    ]
    if untold := len(compared) - len(told):
        told.append(f"{counted(untold, 'pair')} more: not known ({TOO_FEW})")
    return told


def _neighbours(ranking: Ranking) -> list[Comparison]:
    beside = set(pairwise(ranking.names))
    return [each for each in ranking.pairs if (each.first, each.second) in beside]


def _compared(pair: Comparison, by: By) -> str:
    assert pair.ratio is not None
    span = pair.ratio.interval
    ratio = f"{span.mid:.3f} [{span.low:.3f}, {span.high:.3f}] times"
    return f"{pair.first} / {pair.second}: {ratio} by {BETTER[by]}: {verdict(pair)}"


def verdict(pair: Comparison) -> str:
    words = KNOWN.get(pair.verdict, "not known")
    return f"{words} ({pair.reason})" if pair.reason else words


@dataclass(frozen=True)
class Change:
    """Between the rankings of two runs. `turned`: the two claim opposite orders of a pair.

    What only one run claims is no contradiction: the other did not know.
    """

    words: str
    turned: bool = False


def changed(first: Sequence[Ranking], second: Sequence[Ranking]) -> list[Change]:
    """Where the two runs rank differently: which rows are ranked, and which pairs are apart.

    Both are runs of one plan, so that their pairs stand in the same order.
    """
    others = {(each.step, each.by): each for each in second}
    ours = {(each.step, each.by) for each in first}
    changes = [
        Change(f"{describe_step(*step)}: ranked by {by} in the second run only")
        for step, by in others
        if (step, by) not in ours
    ]
    for one in first:
        other = others.get((one.step, one.by))
        if other is None:
            changes.append(
                Change(f"{describe_step(*one.step)}: ranked by {one.by} in the first run only")
            )
        else:
            changes += _between(one, other)
    return changes


def _between(one: Ranking, other: Ranking) -> Iterator[Change]:
    at = describe_step(*one.step)
    if gone := [name for name in one.names if name not in other.names]:
        yield Change(f"{at}: {', '.join(gone)}: ranked in the first run only")
    if come := [name for name in other.names if name not in one.names]:
        yield Change(f"{at}: {', '.join(come)}: ranked in the second run only")
    now = {(each.first, each.second): each for each in other.comparisons}
    for each in one.comparisons:
        after = now.get((each.first, each.second), each)
        if after.verdict != each.verdict and (each.apart or after.apart):
            words = f"{at}: {each.first} / {each.second}: {_short(each)} then, {_short(after)} now"
            yield Change(words, turned=each.apart and after.apart)


def _short(pair: Comparison) -> str:
    return KNOWN.get(pair.verdict, "not known")
