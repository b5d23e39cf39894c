"""The trials of an adaptive run: each block is one step of every model's search, shuffled.

So whatever drifts meets all models alike here too, as far as searches of unequal length allow. What
is known is written to search.json after every trial; the trials' own records hold all of it, and a
run that is gone on with reads them again rather than that file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from lab.analysis import found_rate
from lab.analysis.found_rate import Percentile, SearchRecord, finding
from lab.analysis.result import Result
from lab.analysis.result import of as result_of
from lab.analysis.search import Tried, next_rate
from lab.analysis.thresholds import ACHIEVED_SHARE
from lab.plan.blocks import Cell, make_block
from lab.records import durable
from lab.records.ceiling import Ceilings
from lab.records.run_folder import RunFolder
from lab.records.step import Trial
from lab.run.manifest_writer import ManifestWriter
from loadgen.formats.scenario import Scenario


class Seek:
    """To be iterated once; each trial must be in the folder when the next one is asked for."""

    def __init__(
        self,
        scenario: Scenario,
        cells: Sequence[Cell],
        *,
        trials: int,
        seed: int,
        folder: RunFolder,
        ceilings: Ceilings | None = None,
    ) -> None:
        self._percentile, self._within_ms = objective(scenario)
        self._ceilings = ceilings
        self._trials, self._seed, self._folder = trials, seed, folder
        self._tried: dict[tuple[str, int], list[Tried]] = {cell[:2]: [] for cell in cells}

    def trials(self, manifest_writer: ManifestWriter) -> Iterator[Trial]:
        number = 1
        for block in count(1):
            steps = [
                (model, users, rate_rps)
                for (model, users), tried in self._tried.items()
                if (rate_rps := next_rate(tried, self._trials)) is not None
            ]
            if not steps:
                return
            for trial in make_block(block, steps, self._seed, number):
                manifest_writer.begins(trial)
                yield trial
                self._learn(trial)
            number += len(steps)

    def _learn(self, trial: Trial) -> None:
        result = result_of(self._folder, trial.name, self._ceilings)
        assert result is not None
        outcome = judged(trial, result, self._percentile, self._within_ms)
        self._tried[trial.model, trial.users].append(outcome)
        known = SearchRecord(
            percentile=self._percentile,
            within_ms=self._within_ms,
            trials=self._trials,
            findings=tuple(finding(*whose, tried) for whose, tried in self._tried.items()),
        )
        durable.write(self._folder.path / found_rate.FILE, known.model_dump_json(indent=2) + "\n")


def objective(scenario: Scenario) -> tuple[Percentile, float]:
    """The one that `find` names."""
    find = scenario.find
    assert find is not None
    of: tuple[tuple[Percentile, float | None], ...] = (
        ("p50", find.p50_ms),
        ("p90", find.p90_ms),
        ("p99", find.p99_ms),
    )
    [found] = [(name, within_ms) for name, within_ms in of if within_ms is not None]
    return found


def judged(trial: Trial, result: Result, percentile: Percentile, within_ms: float) -> Tried:
    """Whether the rate was held: all of it answered, and in time. A trial that is lost fails."""
    load, judgement, rate_rps = result.load, result.judgement, trial.rate_rps
    assert rate_rps is not None
    tried = Tried(trial=trial.name, rate_rps=rate_rps, passed=False, why=None)
    if load is None or judgement.verdict == "invalid":
        reasons = "; ".join(reason.text for reason in judgement.reasons)
        return tried.model_copy(update={"why": f"the trial was lost: {reasons}"})
    if load.arrivals is None:
        return tried.model_copy(update={"why": "the load kept no rate"})
    arrivals, latency = load.arrivals, load.latency_us
    at_us: int | None = getattr(latency, percentile) if latency else None
    kept_up = arrivals.achieved_rps >= ACHIEVED_SHARE * arrivals.offered_rps
    why: str | None = None
    if not kept_up:
        why = f"answered {arrivals.achieved_rps:,.0f}/s of {arrivals.offered_rps:,.0f}/s offered"
    elif at_us is None or at_us > within_ms * 1000:
        why = f"{percentile} was {at_us / 1000:,.1f} ms" if at_us else "nothing was answered"
    return tried.model_copy(
        update={
            "passed": why is None,
            "why": why,
            "at_us": at_us,
            "achieved_rps": arrivals.achieved_rps,
            "kept_up": kept_up,
            "generator_bound": judgement.limit == "generator",
        }
    )
