"""Experiments one after the other: each one's evidence is on the disk before the next begins."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lab.claims.claim import Experiment
from lab.claims.judged import Judged, as_json, judge
from lab.claims.laboratory import Laboratory
from lab.containers.daemon import explained
from lab.errors import LabError
from lab.records import claims_record
from lab.records.claims_record import ClaimsRecord, Gathered


def run(
    experiments: Sequence[Experiment[Any]],
    laboratory: Laboratory,
    folder: Path,
    record: ClaimsRecord,
    tell: Callable[[Judged], None],
) -> list[str]:
    """Those that `record` has not; the ids of those that failed, each with its reason said."""
    failed = []
    due = [each for each in experiments if each.claim.id not in record.claims]
    for place, experiment in enumerate(due, 1):
        name = experiment.claim.id
        laboratory.say(f"[{place}/{len(due)}] {name}")
        began_s = time.monotonic()
        try:
            with explained():
                evidence = as_json(experiment, experiment.gather(laboratory))
        except (LabError, OSError) as error:
            failed.append(name)
            laboratory.say(f"{name} failed: {error}")
            continue
        gathered = Gathered(
            gathered_at=datetime.now(UTC).isoformat(timespec="seconds"),
            took_s=round(time.monotonic() - began_s, 1),
            evidence=evidence,
        )
        record = record.with_claim(name, gathered)
        claims_record.write(folder, record)
        tell(judge(experiment, gathered))
    return failed
