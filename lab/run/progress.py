"""What a person sees while a run goes on: one live line on a terminal, plain lines elsewhere.

The lines that stay are the same in both: each trial's outcome, each image built. A terminal shows
below them what runs now, how far the run is, what is left of its time, and the rate so far.
"""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from lab.figure import figure
from lab.records.step import Trial
from lab.run.eta import in_words


class PlainLines:
    """For logs and pipes: a line when a trial begins and one when it ends."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> PlainLines:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def trial_begins(self, trial: Trial, of: int, left_s: float) -> None:
        left = in_words(left_s)
        self.say(f"[{trial.number}/{of}] {trial.model}, {trial.load}: begins; {left} left")

    def step(self, text: str) -> None:
        pass

    def rate(self, good_per_s: float, failed_per_s: float) -> None:
        pass

    def trial_ends(self, trial: Trial, summary: str, good: bool) -> None:
        sign = "ok" if good else "NOT GOOD"
        self.say(f"[{trial.number}] {trial.model}, {trial.load}: {sign}: {summary}")


class LiveLine:
    """For a terminal."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            BarColumn(bar_width=20),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._what = ""

    def __enter__(self) -> LiveLine:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def say(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False)

    def trial_begins(self, trial: Trial, of: int, left_s: float) -> None:
        if self._task is None:
            self._task = self._progress.add_task("", total=of, left="")
        left = f"{in_words(left_s)} left"
        self._progress.update(self._task, completed=trial.number - 1, left=left)
        self._what = f"[bold]{escape(trial.model)}[/] {trial.load}"
        self.step("begins")

    def step(self, text: str) -> None:
        if self._task is not None:
            self._progress.update(self._task, description=f"{self._what}: {escape(text)}")

    def rate(self, good_per_s: float, failed_per_s: float) -> None:
        failed = f", {figure(failed_per_s)} failed/s" if failed_per_s else ""
        self.step(f"{figure(good_per_s)} requests/s{failed}")

    def trial_ends(self, trial: Trial, summary: str, good: bool) -> None:
        sign = "[green]ok[/]" if good else "[red]NOT GOOD[/]"
        what = f"{escape(trial.model)}, {trial.load}"
        self._progress.console.print(f"{sign} {what}: {escape(summary)}", highlight=False)
        if self._task is not None:
            self._progress.advance(self._task)


def watcher(console: Console) -> PlainLines | LiveLine:
    """What fits where the output goes."""
    return LiveLine(console) if console.is_terminal else PlainLines(console)
