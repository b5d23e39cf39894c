"""A run done again on a host that changes from hour to hour, simulated: what the intervals know.

`python -m tests.simulations.again` prints how often the interval of the two runs' ratio holds the
truth, and how wide it is: by medians, where both were measured in one go, and by sittings, where
the first was spread, a trial each, and the second measured in one go. Each sitting has an effect of
its own on all of its trials, and each trial some noise.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from tabulate import tabulate

from lab.statistics.ratio import Ratio, ratio_of_medians, ratio_of_sittings

RUNS = 1000
TRIALS = 10
NOISE = 0.03
SITTING_EFFECTS = (0.0, 0.02, 0.05, 0.10)
SLOWER = 0.9  # what the second run is, where something did change

Sitting = list[float]
Method = Callable[[np.random.Generator, float, float], Ratio]


class Told(NamedTuple):
    """Shares of simulated pairs of runs."""

    holds: float  # 1, where nothing has changed
    width: float  # the interval's, in medians
    notices: float  # where the second run is a tenth slower


def told(method: Method, effect: float, runs: int = RUNS) -> Told:
    """`effect`: standard deviation of a sitting's, as a share."""
    chance = np.random.default_rng(round(effect * 1000))
    same = [method(chance, effect, 1.0).interval for _ in range(runs)]
    slower = [method(chance, effect, SLOWER).interval for _ in range(runs)]
    return Told(
        sum(each.holds(1.0) for each in same) / runs,
        sum(each.high - each.low for each in same) / runs,
        sum(not each.holds(1.0) for each in slower) / runs,
    )


def in_one_go(chance: np.random.Generator, effect: float, speed: float) -> Ratio:
    first, second = (sitting(chance, effect, TRIALS, each) for each in (1.0, speed))
    found = ratio_of_medians(second, first)
    assert found is not None
    return found


def spread(chance: np.random.Generator, effect: float, speed: float) -> Ratio:
    first = [sitting(chance, effect, 1, 1.0) for _ in range(TRIALS)]
    found = ratio_of_sittings([sitting(chance, effect, TRIALS, speed)], first)
    assert found is not None
    return found


def sitting(chance: np.random.Generator, effect: float, trials: int, speed: float) -> Sitting:
    """Its trials' figures, around `speed`."""
    logs = chance.normal(chance.normal(0, effect), NOISE, trials)
    return list(speed * np.exp(logs))


def main() -> None:
    lines = []
    for effect in SITTING_EFFECTS:
        print(f"sittings vary by {effect:.0%}", file=sys.stderr)
        both = [each for method in (in_one_go, spread) for each in told(method, effect)]
        lines.append([f"{effect:.0%}", *(f"{share:.1%}" for share in both)])
    heads = ["sittings vary by", "medians hold it", "width", "10 % noticed"]
    heads += ["sittings hold it", "width", "10 % noticed"]
    print(tabulate(lines, heads, tablefmt="github", disable_numparse=True))


if __name__ == "__main__":
    main()
