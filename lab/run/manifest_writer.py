"""manifest.json of a run while it goes on: before the first trial, at each change, at the end.

A run that is killed leaves it in the state `running`, with all that is needed to go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from lab.errors import Interrupted, LabError
from lab.host import machine
from lab.records.manifest import Manifest, Planned, State
from lab.records.run_folder import RunFolder
from lab.records.step import Trial


class ManifestWriter:
    """Of one run."""

    def __init__(self, folder: RunFolder, manifest: Manifest) -> None:
        self._folder, self._manifest = folder, manifest

    @contextmanager
    def kept(self) -> Iterator[None]:
        """The manifest tells how the run ended."""
        self._write()
        state: State = "aborted"
        why: str | None = None
        try:
            yield
            state = "complete" if self._whole() else "paused"
        except Interrupted as interrupted:
            state, why = "interrupted", interrupted.name
            raise
        except Exception as error:
            why = str(error).partition("\n")[0]
            raise
        finally:
            with suppress(LabError) if why else nullcontext():  # the first fault is the one to tell
                self._write(state=state, why=why, after=machine.conditions())

    def begins(self, trial: Trial) -> None:
        """A trial of an adaptive run joins the plan, unless it is there from before a break."""
        planned = Planned.of(trial)
        if planned not in self._manifest.plan:
            self._write(plan=[*self._manifest.plan, planned])

    def _whole(self) -> bool:
        return all(self._folder.is_finished(planned.name) for planned in self._manifest.plan)

    def _write(self, **changes: object) -> None:
        self._manifest = self._manifest.model_copy(update=changes)
        self._folder.write_manifest(self._manifest)
