"""Runs whose answer is known, simulated: what `compare_all` and the intervals make of them.

`python -m tests.simulations.differences` prints how often a true difference of 10 % is claimed, how
often the intervals of the ratio hold it, and how often seven equal models are claimed to differ.
Every block has an effect of its own (10 %) on all models, as a neighbour on the host would.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats
from tabulate import tabulate

from lab.statistics.interval import Floats
from lab.statistics.ranking import Comparison, compare_all
from lab.statistics.ratio import ratio_of_medians

RUNS = 1000
TRUTH = 1.10
BLOCK_EFFECT = 0.10
BLOCKS = (5, 10)
TWO, ONE_OF_SEVEN, SEVEN_EQUALS = [TRUTH, 1.0], [TRUTH] + [1.0] * 6, [1.0] * 7
Draw = Callable[[np.random.Generator, tuple[int, ...]], Floats]


@dataclass(frozen=True)
class Noise:
    """How trials scatter around a figure of about 1."""

    name: str
    median: float
    draw: Draw


def _mixed(name: str, slow_share: float, slow: float, deviation: float) -> Noise:
    """Some trials around 1, and a share of less than half of them around something slower."""

    def draw(chance: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        return chance.normal(np.where(chance.random(shape) < slow_share, slow, 1.0), deviation)

    # The slow ones are all below the median: of the others, fewer need be.
    below = (0.5 - slow_share) / (1 - slow_share)
    return Noise(name, float(stats.norm.ppf(below, 1, deviation)), draw)


NOISES = (
    _mixed("normal", 0.0, 1.0, deviation=0.05),
    Noise("lognormal", 1.0, lambda chance, shape: chance.lognormal(0, 0.3, shape)),
    _mixed("bimodal", 0.3, 0.8, deviation=0.02),
    _mixed("bad trials", 0.05, 0.5, deviation=0.01),
)


class Judged(NamedTuple):
    """Shares of simulated runs in which one of two models is 10 % faster."""

    claimed: float  # that it is faster
    holds: float  # the truth: the interval paired by block
    holds_apart: float  # the truth: the interval of two runs apart


def known_difference(noise: Noise, blocks: int, runs: int = RUNS) -> Judged:
    chance = np.random.default_rng(blocks)
    claimed = holds = holds_apart = 0
    for _ in range(runs):
        (pair,) = compared(noise, blocks, TWO, chance)
        claimed += pair.verdict == "faster"
        holds += pair.ratio is not None and pair.ratio.interval.holds(TRUTH)
        fast, slow = noise.draw(chance, (2, blocks))
        apart = ratio_of_medians(list(fast * TRUTH), list(slow))
        holds_apart += apart is not None and apart.interval.holds(TRUTH)
    return Judged(claimed / runs, holds / runs, holds_apart / runs)


def claims_of_one_among_seven(noise: Noise, blocks: int, runs: int = RUNS) -> float:
    """The first of seven is 10 % faster: the share of its six differences that are claimed."""
    chance = np.random.default_rng(blocks)
    all_pairs = (compared(noise, blocks, ONE_OF_SEVEN, chance) for _ in range(runs))
    found = sum(pair.first == "0" and pair.verdict == "faster" for run in all_pairs for pair in run)
    return found / runs / 6


def claims_among_equals(noise: Noise, blocks: int, runs: int = RUNS) -> float:
    """The share of runs of seven equal models in which any pair is said to differ."""
    chance = np.random.default_rng(blocks)
    all_pairs = (compared(noise, blocks, SEVEN_EQUALS, chance) for _ in range(runs))
    return sum(any(pair.apart for pair in run) for run in all_pairs) / runs


def compared(
    noise: Noise, blocks: int, speeds: Sequence[float], chance: np.random.Generator
) -> list[Comparison]:
    """All pairs of one simulated run; the models are called 0, 1, 2 ..."""
    effects = chance.lognormal(0, BLOCK_EFFECT, blocks)
    figures = noise.draw(chance, (len(speeds), blocks)) * effects * np.array(speeds)[:, None]
    values = {str(model): dict(enumerate(line)) for model, line in enumerate(figures)}
    return compare_all(values, None, seed=0)


def main() -> None:
    lines = []
    for noise in NOISES:
        for blocks in BLOCKS:
            print(f"{noise.name}, {blocks} blocks", file=sys.stderr)
            seven = [claims_of_one_among_seven(noise, blocks), claims_among_equals(noise, blocks)]
            shares = [f"{share:.1%}" for share in (*known_difference(noise, blocks), *seven)]
            lines.append([noise.name, blocks, *shares])
    heads = ("noise", "blocks", "of two: claimed", "paired holds it", "two runs hold it",
             "of seven: claimed", "seven equals: any claim")  # fmt: skip
    print(tabulate(lines, heads, tablefmt="github", disable_numparse=True))


if __name__ == "__main__":
    main()
