"""The short form of `python -m tests.http1.mutated`."""

from __future__ import annotations

import random

from tests.http1.mutated import run


def test_no_mutation_is_read_wrongly() -> None:
    """Another seed each time: a fault names its wire, and that is all that is needed to mend it."""
    assert run(50_000, random.SystemRandom().randrange(1 << 32)) == []
