"""The folder of one run: where its files lie, how they are written, how they are read back.

    results/<UTC stamp>-<scenario>/
      manifest.json
      scenario.yml                        the text that was run, whatever becomes of the original
      trials/001-prethreaded-u50/         load.json, server.json, server.log;
                                          of a published run packed in trials.tar.xz
      report.md report.csv report.json    made by report.py from the files above
      report.html                         the page, made by page/ from the same
    results/latest -> the newest

server.json is written last: a trial without it was cut short and counts for nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from lab.errors import LabError
from lab.records import durable, files, packed
from lab.records.manifest import Manifest
from lab.records.record import ServerRecord
from lab.records.step import Trial
from loadgen.formats import record as load_record
from loadgen.formats.record import LoadRecord

PUBLISHED = "published"  # the folder of those that the repository keeps
INSIDE = "/results"  # where the load's containers see the folder `results/`


@dataclass(frozen=True)
class RunFolder:
    """Paths and files of one run."""

    path: Path

    @property
    def inside(self) -> str:
        """The folder as the load's containers see it."""
        return f"{INSIDE}/{self.path.name}"

    def trial(self, name: str) -> Path:
        return self.path / "trials" / name

    @property
    def has_begun(self) -> bool:
        """Whether there is a manifest: a run without one cannot be gone on with."""
        return (self.path / "manifest.json").exists()

    def write_manifest(self, manifest: Manifest) -> None:
        durable.write(self.path / "manifest.json", manifest.model_dump_json(indent=2) + "\n")

    def is_finished(self, name: str) -> bool:
        """Whether a trial was written to its end."""
        return self._has(name, "server.json")

    def finished(self) -> int:
        """How many trials were."""
        return sum(map(self.is_finished, self.trials()))

    def begin(self, trial: Trial) -> None:
        """The trial's folder for the load to write into, without what was cut short there."""
        folder = self.trial(trial.name)
        assert not self.is_finished(trial.name)
        try:
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
        except OSError as error:
            raise durable.refused(folder, error) from error

    def finish(self, trial: Trial, record: ServerRecord, server_log: str) -> None:
        """Both files of the lab's half; the record is the last, it makes the trial count."""
        folder = self.trial(trial.name)
        durable.write(folder / "server.log", server_log)
        durable.write(folder / "server.json", record.model_dump_json(indent=2) + "\n")

    def manifest(self) -> Manifest:
        """LabError where this is no run's folder."""
        remedy = "name another run (ls results), or take the file from a copy"
        return files.model(self.path / "manifest.json", Manifest, remedy)

    def records(self, name: str) -> tuple[ServerRecord, LoadRecord | None] | None:
        """Both records of a trial; None for a trial that was cut short.

        Without the load's where that cannot be read: the verdict tells.
        """
        if not self.is_finished(name):
            return None
        folder = self.trial(name)
        remedy = "remove the trial's folder to report on the others"
        written = self._contents(name, "server.json", remedy)
        server = files.parsed(written, folder / "server.json", ServerRecord, remedy)
        if not self._has(name, "load.json"):
            return server, None
        try:
            written = self._contents(name, "load.json", remedy)
            return server, load_record.parse(written, folder / "load.json")
        except load_record.RecordError:
            return server, None

    @cached_property
    def _packed(self) -> Mapping[str, bytes] | None:
        return packed.read(self.path)

    def trials(self) -> list[str]:
        """Their names, in the order of running; some may have been cut short."""
        if self._packed is not None:
            return sorted({name.partition("/")[0] for name in self._packed})
        return sorted(folder.name for folder in (self.path / "trials").glob("*"))

    def _has(self, trial: str, file: str) -> bool:
        if self._packed is not None:
            return f"{trial}/{file}" in self._packed
        return (self.trial(trial) / file).exists()

    def _contents(self, trial: str, file: str, remedy: str) -> bytes:
        if self._packed is not None:
            return self._packed[f"{trial}/{file}"]
        return files.contents(self.trial(trial) / file, remedy)


def fresh(results: Path, what: str, now: datetime) -> Path:
    """A new folder among the results, named by the time and by what it is of; or LabError."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    folder, again = results / f"{stamp}-{what}", 1
    try:
        results.mkdir(exist_ok=True)
        while folder.exists():
            again += 1
            folder = results / f"{stamp}-{what}-{again}"
        folder.mkdir()
    except OSError as error:
        raise durable.refused(folder, error) from error
    return folder


def create(results: Path, scenario: str, text: str, now: datetime) -> RunFolder:
    """A new folder with the scenario's text in it, and `latest` pointing there; or LabError."""
    folder = RunFolder(fresh(results, scenario, now))
    try:
        (folder.path / "trials").mkdir()
        durable.write(folder.path / "scenario.yml", text)
        durable.point(results / "latest", folder.path.name)
    except OSError as error:
        discard_empty(folder)
        raise durable.refused(folder.path, error) from error
    except LabError:
        discard_empty(folder)
        raise
    return folder


def discard_empty(folder: RunFolder) -> None:
    """Remove a run in which no trial was finished; `latest` is the newest of the others again.

    As far as the disk lets it: whoever calls has a fault to tell already.
    """
    if folder.finished():
        return
    results = folder.path.parent
    shutil.rmtree(folder.path, ignore_errors=True)
    others = [name for name in _runs(results) if name != "latest"]
    with suppress(LabError, OSError):
        if others:
            durable.point(results / "latest", max(others))
        else:
            (results / "latest").unlink(missing_ok=True)


def find(results: Path, run: str) -> RunFolder:
    """`run`: a path, a name in `results`, or nothing for the newest."""
    for path in (Path(run), results / run) if run else (results / "latest",):
        if files.exists(path / "manifest.json"):
            return RunFolder(path.resolve())
    own = [name for name in _runs(results) if name != "latest"]
    published = [f"{results.name}/{PUBLISHED}/{name}" for name in _runs(results / PUBLISHED)]
    there = [f"the newest are: {', '.join(own[-5:])}" if own else "make bench makes one"]
    if published:
        there.append(f"published are: {', '.join(published)}")
    what = f"no run {run or 'latest'!r}" if run or own else "there is no run of your own yet"
    raise LabError(what, "; ".join(there))


def _runs(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("*/manifest.json"))
