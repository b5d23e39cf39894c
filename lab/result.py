"""One trial as it is judged: the two records that it left, and the verdict on them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lab.record import ServerRecord
from lab.validity import Judgement, judge
from loadgen.record import LoadRecord


@dataclass(frozen=True)
class Result:
    """`load` is None where the trial left no record of the load that can be read."""

    server: ServerRecord
    load: LoadRecord | None
    ceiling_rps: float | None = None  # of one load worker here, where it was calibrated

    @cached_property
    def judgement(self) -> Judgement:
        return judge(self.server, self.load, self.ceiling_rps)
