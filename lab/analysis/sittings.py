"""Sittings: the parts of a run that were measured without a pause between them.

Trials of one sitting met the same state of the host; how that state changes from hour to hour, only
another sitting tells. They are told apart by the clock and not by the process, so that a run that
was broken off and gone on with at once is one sitting.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from lab.analysis.thresholds import SITTING_PAUSE_S
from lab.records.record import ServerRecord


def numbered(records: Iterable[ServerRecord]) -> dict[int, int]:
    """The sitting of each trial, from 1, by the trial's number.

    A trial whose counters were never read is counted to the sitting before it.
    """
    found: dict[int, int] = {}
    sitting, block, ended_at_s = 1, 0, None
    for record in sorted(records, key=attrgetter("number")):
        read_at_s = [
            counters.read_at_s
            for counters in (record.started, record.opened, record.closed)
            if counters is not None
        ]
        if read_at_s:
            together = record.beside and record.block == block  # with the one before it
            pause_s = 0.0 if ended_at_s is None or together else read_at_s[0] - ended_at_s
            if not 0 <= pause_s <= SITTING_PAUSE_S:  # below 0: the host was started anew
                sitting += 1
            ended_at_s, block = read_at_s[-1], record.block
        found[record.number] = sitting
    return found
