"""How often the interval of the median holds the truth, by simulation: `python -m
lab.statistics.coverage`. Its table stands in docs/measuring.md.

A thousand experiments each of trials that scatter as real ones do: evenly (normal), with a long
tail (lognormal), and about two values (bimodal, as a host that changes its clock makes them).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from tabulate import tabulate

from lab.statistics.interval import median_interval

EXPERIMENTS = 1_000
TRIALS = (5, 10)
TRUTH_FROM = 2_000_000  # trials, to know a distribution's median to four digits

Draw = Callable[[np.random.Generator, int], np.ndarray]


def _normal(chance: np.random.Generator, count: int) -> np.ndarray:
    return chance.normal(100.0, 5.0, count)


def _lognormal(chance: np.random.Generator, count: int) -> np.ndarray:
    return chance.lognormal(np.log(100.0), 0.3, count)


def _bimodal(chance: np.random.Generator, count: int) -> np.ndarray:
    low, high = chance.normal(95.0, 2.0, count), chance.normal(110.0, 2.0, count)
    mixed: np.ndarray = np.where(chance.random(count) < 0.6, low, high)
    return mixed


KINDS: dict[str, Draw] = {"normal": _normal, "lognormal": _lognormal, "bimodal": _bimodal}


def coverage(draw: Draw, trials: int, experiments: int, seed: int = 1) -> tuple[float, float]:
    """The share of experiments whose interval held the truth, and its mean width by the truth."""
    chance = np.random.default_rng(seed)
    truth = float(np.median(draw(chance, TRUTH_FROM)))
    held, width = 0, 0.0
    for number in range(experiments):
        interval = median_interval(list(draw(chance, trials)), seed=number)
        assert interval is not None
        held += interval.holds(truth)
        width += (interval.high - interval.low) / truth
    return held / experiments, width / experiments


def main() -> None:
    rows = []
    for trials in TRIALS:
        for kind, draw in KINDS.items():
            held, width = coverage(draw, trials, EXPERIMENTS)
            rows.append([kind, trials, f"{held:.1%}", f"{width:.1%}"])
    heads = ["trials scatter", "trials", "intervals that hold the truth", "mean width"]
    print(tabulate(rows, heads, tablefmt="pipe", colalign=["left", "right", "right", "right"]))


if __name__ == "__main__":
    main()
