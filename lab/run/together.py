"""Trials of one block at the same time, each with containers and a network of its own.

What a host's CPUs can do changes from one trial to the next, where other virtual machines share
them; in the same moments it is the same for all. (Duet benchmarking: Bulej, Horky, Tuma and others,
ICPE 2020.) So the windows must be one: each load waits when its users are connected, and all are
told to fire when the last is there. A trial that ends before that is not waited for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

from lab.host.rig import Progress, Rig
from lab.records.record import Settling
from lab.records.step import Trial

Made = TypeVar("Made")


def _nobody() -> None:
    """There is nobody to wait for."""


@dataclass(frozen=True)
class Company:
    """Of one trial: the models that run beside it, and what waits until their load is ready."""

    models: tuple[str, ...] = ()
    meet: Callable[[], None] = _nobody


class Rendezvous:
    """Where the trials of a block wait for one another, once."""

    def __init__(self, parties: int) -> None:
        self._expected = parties
        self._changed = threading.Condition()

    def arrive(self) -> None:
        """Returns when nobody is expected any more."""
        self.leave()
        with self._changed:
            self._changed.wait_for(lambda: self._expected <= 0)

    def leave(self) -> None:
        with self._changed:
            self._expected -= 1
            self._changed.notify_all()


class Unseen:
    """Progress of the trials beside the one that is shown."""

    def trial_begins(self, trial: Trial, of: int, left_s: float) -> None:
        pass

    def step(self, text: str) -> None:
        pass

    def rate(self, good_per_s: float, failed_per_s: float) -> None:
        pass

    def trial_ends(self, trial: Trial, summary: str, good: bool) -> None:
        pass


def run_together(
    trials: Sequence[Trial],
    rigs: Sequence[Rig],
    progress: Progress,
    run: Callable[[Trial, Rig, Settling, Progress, Company], Made],
) -> list[Made]:
    """Lets the host settle, and tells what `run` makes of each trial, in their order.

    `rigs`: one for each trial. The first trial is shown. Where one raises, or a person
    interrupts, the others are stopped, and have ended when this does.
    """
    progress.step("settling")
    settling = rigs[0].settle()
    if len(trials) == 1:
        return [run(trials[0], rigs[0], settling, progress, Company())]
    meeting = Rendezvous(len(trials))

    def one(trial: Trial, rig: Rig, shown: Progress) -> Made:
        met = threading.Event()

        def meet() -> None:
            met.set()
            meeting.arrive()

        others = tuple(each.model for each in trials if each != trial)
        try:
            return run(trial, rig, settling, shown, Company(others, meet))
        finally:
            if not met.is_set():
                meeting.leave()

    shown = [progress, *(Unseen() for _ in trials[1:])]
    with ThreadPoolExecutor(len(trials)) as threads:
        try:
            running = [threads.submit(one, *each) for each in zip(trials, rigs, shown, strict=True)]
            wait(running, return_when=FIRST_EXCEPTION)
            failed = [each for each in running if each.done() and each.exception()]
            return [each.result() for each in failed or running]
        except BaseException:
            for rig in rigs:
                rig.stop()
            raise
