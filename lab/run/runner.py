"""Runs a plan, trial after trial; each is safe on the disk before the next one starts.

A failed trial is a result: it is written, and the run goes on. What would fail every trial alike
ends the run with its exception, and what was written by then stays and can be reported.

A server that does not answer what the scenario expects ends the run, as long as no trial of it was
answered as expected: then the scenario is taken to be wrong, and the trial is not written. Once one
was, the model is, and its trial fails like any other. If the first model is the
wrong one, the scenario is blamed: the message names the model, and it can be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from lab.analysis import result
from lab.errors import LabError
from lab.host.rig import Progress, Rig
from lab.plan.blocks import at_once
from lab.records.ceiling import Ceilings
from lab.records.events import Mismatch
from lab.records.record import ServerRecord
from lab.records.run_folder import RunFolder
from lab.records.step import Trial
from lab.run.eta import Eta
from lab.run.together import run_together
from lab.run.trial import run_trial
from lab.run.watch import Limits


class MismatchError(LabError):
    """The scenario expects what no server answered: to go on with this run is of no use."""

    def __init__(self, model: str, mismatch: Mismatch) -> None:
        super().__init__(
            f"{model}: {mismatch}",
            "mend path or `expect` in the scenario and measure anew, or leave the model out",
        )


def run_plan(
    plan: Iterable[Trial],
    *,
    of: int,
    rig: Rig,
    folder: RunFolder,
    progress: Progress,
    timeout_s: float,
    beside: Sequence[Rig] = (),
    limits: Limits | None = None,
    eta: Eta | None = None,
    ceilings: Ceilings | None = None,
) -> None:
    """Trials that are in the folder already are left as they are: so a broken run goes on.

    `of`: how many trials the plan has, for those who watch. `ceilings`: to judge each trial by.
    `beside`: rigs for trials at the same time, those of one block and step; all of them are written
    when the last has ended.
    """
    eta = eta or Eta(0.0)
    answered = False  # as the scenario expects, in some trial

    run = partial(run_trial, limits=limits or Limits(), timeout_s=timeout_s)
    for trials in at_once(plan) if beside else ([trial] for trial in plan):
        kept = [(each, result.of(folder, each.name)) for each in trials]
        eta = eta.after([found.server for _, found in kept if found])
        answered = answered or any(found and _answered(found.server) for _, found in kept)
        left = [trial for trial, found in kept if not found]
        if not left:
            continue
        for trial in left:
            progress.trial_begins(trial, of, eta.lasts_s(of - trial.number + 1))
            folder.begin(trial)
        made = run_together(left, [rig, *beside][: len(left)], progress, run)
        answered = answered or any(_answered(ran.record) for ran in made)
        for trial, ran in zip(left, made, strict=True):
            if ran.mismatch and not answered:
                raise MismatchError(trial.model, ran.mismatch)
            folder.finish(trial, ran.record, ran.server_log)
            found = result.of(folder, trial.name, ceilings)
            assert found is not None
            progress.trial_ends(trial, result.summary(found), found.judgement.verdict == "valid")
        eta = eta.after(ran.record for ran in made)


def _answered(record: ServerRecord) -> bool:
    """The load says that it is ready once every answer was looked at and found right."""
    return "ready" in record.marks_s
