"""How often an interval holds the truth: `python -m tests.simulations.coverage` measures it.

1,000 experiments of 5, 7 and 10 trials are simulated from distributions whose median is known, and
each way of making a 95 % interval is asked for its own. Of the ways that hold the truth often
enough, the narrowest is the best. `percentile` is, to the line, what lab/statistics/interval.py
does: which trials a resample draws is settled once for all experiments, as there by its one seed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy import stats
from tabulate import tabulate

from lab.statistics.interval import OUTSIDE, Floats, draws, middle_95, resampled_medians
from tests.simulations.differences import NOISES

Ends = tuple[Floats, Floats]
EXPERIMENTS = 1000
TRIALS = (5, 7, 10)
Z = float(stats.norm.ppf(1 - OUTSIDE))


class Covered(NamedTuple):
    """One cell of the table; its mean width in units of the distribution's median."""

    method: str
    distribution: str
    trials: int
    coverage: float
    width: float


def percentile(trials: Floats) -> Ends:
    """The middle 95 % of the resamples' medians."""
    return middle_95(resampled_medians(trials, draws(trials.shape[1], 0)))


def basic(trials: Floats) -> Ends:
    """The percentile interval, mirrored at the median."""
    low, high = percentile(trials)
    middle = np.median(trials, axis=1)
    return 2 * middle - high, 2 * middle - low


def bca(trials: Floats) -> Ends:
    """Percentiles moved for bias, and for acceleration by the jackknife (Efron)."""
    count = trials.shape[1]
    medians = np.sort(resampled_medians(trials, draws(count, 0)), axis=1)
    middle = np.median(trials, axis=1, keepdims=True)
    below = ((medians < middle).mean(axis=1) + (medians <= middle).mean(axis=1)) / 2
    bias = stats.norm.ppf(below)
    without = np.stack([np.median(np.delete(trials, i, 1), axis=1) for i in range(count)], axis=1)
    away = without.mean(axis=1, keepdims=True) - without
    speed = (away**3).sum(axis=1) / (6 * (away**2).sum(axis=1) ** 1.5)

    def end(z: float) -> Floats:
        share = stats.norm.cdf(bias + (bias + z) / (1 - speed * (bias + z)))
        at = np.clip((share * medians.shape[1]).astype(int), 0, medians.shape[1] - 1)
        return np.take_along_axis(medians, at[:, None], axis=1)[:, 0]

    return end(-Z), end(Z)


def bootstrap_t(trials: Floats) -> Ends:
    """Resamples in units of their own standard error, McKean and Schrader's, from two ranks."""
    count = trials.shape[1]
    rank = max(1, round((count + 1) / 2 - Z * np.sqrt(count / 4)))
    ranks, ordered = draws(count, 0), np.sort(trials, axis=1)
    middle = np.median(trials, axis=1, keepdims=True)
    error = (ordered[:, count - rank] - ordered[:, rank - 1]) / (2 * Z)
    errors = (ordered[:, ranks[:, count - rank]] - ordered[:, ranks[:, rank - 1]]) / (2 * Z)
    errors[errors == 0] = np.nan  # a resample of one trial only has no error to divide by
    scaled = (resampled_medians(trials, ranks) - middle) / errors
    low, high = np.nanquantile(scaled, [OUTSIDE, 1 - OUTSIDE], axis=1)
    return middle[:, 0] - high * error, middle[:, 0] - low * error


def smoothed(trials: Floats) -> Ends:
    """Each trial that a resample draws is blurred by the standard error of the mean."""
    count = trials.shape[1]
    blur = np.random.default_rng(1).normal(0, count**-0.5, (len(draws(count, 0)), count))
    ranks, ordered = draws(count, 0), np.sort(trials, axis=1)
    ends = [
        middle_95(np.median(line[ranks] + line.std(ddof=1) * blur, axis=1)[None, :])
        for line in ordered
    ]
    return np.array([low[0] for low, _ in ends]), np.array([high[0] for _, high in ends])


def order_statistics(trials: Floats) -> Ends:
    """Two trials as far from either end that hold 95 % whatever the distribution, or the ends."""
    count = trials.shape[1]
    rank = max(1, int(stats.binom.ppf(OUTSIDE, count, 0.5)))
    ordered = np.sort(trials, axis=1)
    return ordered[:, rank - 1], ordered[:, count - rank]


METHODS: tuple[Callable[[Floats], Ends], ...] = (
    percentile, bca, basic, bootstrap_t, smoothed, order_statistics,
)  # fmt: skip


def measure(methods: tuple[Callable[[Floats], Ends], ...] = METHODS) -> Iterator[Covered]:
    """Every method on the same experiments."""
    for count in TRIALS:
        for noise in NOISES:
            trials = noise.draw(np.random.default_rng(count), (EXPERIMENTS, count))
            for method in methods:
                low, high = method(trials)
                held = (low <= noise.median) & (noise.median <= high)
                width = float((high - low).mean()) / noise.median
                name = method.__name__.replace("_", " ")
                yield Covered(name, noise.name, count, float(held.mean()), width)


def main() -> None:
    lines: dict[tuple[int, str], list[str]] = {}
    for each in measure():
        print(f"{each.trials} trials, {each.distribution}: {each.method}", file=sys.stderr)
        cell = f"{each.coverage:.1%} ({each.width:.3f})"
        lines.setdefault((each.trials, each.method), []).append(cell)
    heads = ("trials", "method", *(noise.name for noise in NOISES))
    print(
        tabulate(
            [(*key, *cells) for key, cells in lines.items()],
            heads,
            tablefmt="github",
            disable_numparse=True,
        )
    )


if __name__ == "__main__":
    main()
