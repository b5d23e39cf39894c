"""How answers were spread over users."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from loadgen.formats.figures import Shares


def shares(answers: Sequence[int]) -> Shares | None:
    """`answers`: each user's. Jain's index: R. Jain et al., DEC-TR-301, 1984. None of nobody."""
    if not answers:
        return None
    squares = sum(each * each for each in answers)
    return Shares(
        served=sum(each > 0 for each in answers),
        min=min(answers),
        median=median(answers),
        max=max(answers),
        jain=round(sum(answers) ** 2 / (len(answers) * squares), 4) if squares else 0.0,
    )
