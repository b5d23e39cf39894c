"""How alike two orders are: Kendall's tau-b, 1 the same, 0 no relation, -1 the opposite."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scipy import stats

FEWEST = 3  # names: fewer make no order worth comparing


def tau_b(first: Mapping[str, float], second: Mapping[str, float]) -> float | None:
    """Of the names that both have. None where those are fewer than three, or all alike in one."""
    both = [name for name in first if name in second]
    if len(both) < FEWEST:
        return None
    found = stats.kendalltau([first[name] for name in both], [second[name] for name in both])
    return None if math.isnan(found.statistic) else float(found.statistic)
