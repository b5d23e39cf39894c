"""What loses one trial and leaves the run going, and in which words it is told."""

from __future__ import annotations

from lab.host.rig import Exited, Role
from lab.records import events

SUBJECTS: dict[Role, str] = {
    "server": "the server died",
    "master": "the load's master ended before it was done",
    "worker": "a load worker was lost",
    "redis": "Redis went away",
    "vmhost": "the VM host went away",
}


class TrialFaultError(Exception):
    """This trial is lost, the next one may well succeed. `role`: whose log tells more.

    `mismatch`: the server answers, but not what the scenario expects; then nothing else is wrong.
    """

    def __init__(
        self,
        reason: str,
        role: Role | None = None,
        mismatch: events.Mismatch | None = None,
    ) -> None:
        super().__init__(reason)
        self.role = role
        self.mismatch = mismatch


def exited(ended: Exited, when: str) -> TrialFaultError:
    """A container of the trial ended before its time."""
    reason = f"{SUBJECTS[ended.role]} {when} (exit code {_meaning(ended.exit_code)})"
    return TrialFaultError(reason, ended.role)


def _meaning(exit_code: int) -> str:
    if exit_code == 137:
        return "137: killed, by a person or for want of memory"
    return f"{exit_code}: by signal {exit_code - 128}" if exit_code > 128 else str(exit_code)
