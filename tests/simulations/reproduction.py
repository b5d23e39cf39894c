"""Whole runs of seven models done again, simulated: how often a rule says that something changed.

`python -m tests.simulations.reproduction` prints what two rules make of the seven figures, where
nothing has changed and where one model is slower; and what becomes of the ranks, where nothing
has. The first run is of ten sittings, a trial each; the second of as many, or in one go. Each
sitting has an effect of its own on each model, and each trial some noise.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from tabulate import tabulate

from lab.statistics.ranking import SURPRISING, Comparison, compare_all
from lab.statistics.ratio import holm, ratio_of_sittings
from tests.simulations.again import SITTING_EFFECTS, TRIALS, Sitting, sitting

RUNS = 1000
RUNS_RANKED = 200  # each compares 21 pairs twice
MODELS = 7
TEN_SITTINGS, ONE_GO = (1,) * TRIALS, (TRIALS,)
AGAIN = {"in one go": ONE_GO, "in ten sittings": TEN_SITTINGS}
CHANGES = {"nothing changed": 1.0, "one 10 % slower": 0.9, "one 20 % slower": 0.8}
GAPS = (0.02, 0.05, 0.10, 0.20)
OF_RANKS = (0.0, 0.05)  # what sittings vary by there
Run = list[list[Sitting]]  # by model


class Alarms(NamedTuple):
    """Shares of second runs that are said to differ from the first."""

    outside: float  # since any of the intervals excludes 1
    claimed: float  # since any does after Holm's correction


class Ranks(NamedTuple):
    """Shares of second runs, nothing having changed."""

    same: float  # each pair is told apart in both or in neither
    turned: float  # some pair is told apart the other way round


def alarms(again: Sequence[int], effect: float, speed: float, runs: int = RUNS) -> Alarms:
    """`again`: the trials of each sitting of the second run; `speed`: of its first model."""
    chance = np.random.default_rng(round(effect * 1000))
    before, now = [1.0] * MODELS, [speed] + [1.0] * (MODELS - 1)
    outside = claimed = 0
    for _ in range(runs):
        first, second = _run(chance, effect, TEN_SITTINGS, before), _run(chance, effect, again, now)
        ratios = [ratio_of_sittings(*pair) for pair in zip(second, first, strict=True)]
        ps = [ratio.p for ratio in ratios if ratio is not None]
        outside += min(ps) < SURPRISING
        claimed += min(holm(ps)) < SURPRISING
    return Alarms(outside / runs, claimed / runs)


def ranks(again: Sequence[int], effect: float, gap: float, runs: int = RUNS_RANKED) -> Ranks:
    """`gap`: by which each model is slower than the next."""
    chance = np.random.default_rng(round(effect * 1000))
    speeds = [(1 - gap) ** place for place in range(MODELS)]
    same = turned = 0
    for _ in range(runs):
        first, second = (
            [
                pair.apart and pair.verdict
                for pair in _compared(_run(chance, effect, sittings, speeds))
            ]
            for sittings in (TEN_SITTINGS, again)
        )
        same += first == second
        turned += any({*pair} == {"faster", "slower"} for pair in zip(first, second, strict=True))
    return Ranks(same / runs, turned / runs)


def _run(
    chance: np.random.Generator, effect: float, sittings: Sequence[int], speeds: Sequence[float]
) -> Run:
    return [[sitting(chance, effect, trials, speed) for trials in sittings] for speed in speeds]


def _compared(run: Run) -> list[Comparison]:
    by_block = [dict(enumerate(chain(*sittings))) for sittings in run]
    return compare_all({str(model): each for model, each in enumerate(by_block)}, None, seed=0)


def main() -> None:
    lines = []
    for name, again in AGAIN.items():
        for effect in SITTING_EFFECTS:
            print(f"figures, again {name}, sittings vary by {effect:.0%}", file=sys.stderr)
            told = [each for speed in CHANGES.values() for each in alarms(again, effect, speed)]
            lines.append([name, f"{effect:.0%}", *(f"{share:.1%}" for share in told)])
    heads = ["again", "sittings vary by"]
    for change in CHANGES:
        heads += [f"{change}: any outside", "any claimed"]
    print(tabulate(lines, heads, tablefmt="github", disable_numparse=True), flush=True)
    lines = []
    for effect in OF_RANKS:
        for gap in GAPS:
            print(f"ranks, gaps of {gap:.0%}, sittings vary by {effect:.0%}", file=sys.stderr)
            found = [each for again in AGAIN.values() for each in ranks(again, effect, gap)]
            lines.append([f"{effect:.0%}", f"{gap:.0%}", *(f"{share:.1%}" for share in found)])
    heads = ["sittings vary by", "each model slower by"]
    for name in AGAIN:
        heads += [f"{name}: same ranks", "a pair turned"]
    print("\n" + tabulate(lines, heads, tablefmt="github", disable_numparse=True))


if __name__ == "__main__":
    main()
