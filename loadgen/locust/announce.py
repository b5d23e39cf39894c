"""What the master says while a trial runs: one JSON object a line on standard output, flushed.

The lab follows these lines; everything else on the two streams is a log for people.

    {"event":"waiting"}                          until /health answers
    {"event":"ready","probes":n}                 it did, and every answer was verified
    {"event":"ramp","established":n,"requested":n}
    {"event":"standby"}                          all are connected; SIGUSR1 makes the load fire
    {"event":"window","warms_at_s":..,"opens_at_s":..,"closes_at_s":..}     CLOCK_MONOTONIC, ahead
    {"event":"tick","good_per_s":..,"failed_per_s":..}                      about once a second
    {"event":"done"}                                                        the last line, or
    {"event":"mismatch","answers":[..]}          answers that the scenario does not expect, each as
                                                 {"request":..,"part":"status"|"bytes","expected":n,"answered":n}
    {"event":"unwritten","reason":"..."}         load.json could not be written: no later one could
    {"event":"failed","reason":"..."}            anything else
"""

from __future__ import annotations

import json
import sys
from typing import Literal

Kind = Literal[
    "waiting",
    "ready",
    "ramp",
    "standby",
    "window",
    "tick",
    "done",
    "mismatch",
    "unwritten",
    "failed",
]


def announce(event: Kind, **fields: object) -> None:
    """A reader that went away is no reason to stop: what counts is in load.json."""
    try:
        sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        pass
