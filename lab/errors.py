"""What can go wrong outside of the lab, said in one line with what to do about it.

Everything that a person can mend is a `LabError`: the command line prints its message and its
remedy, never a traceback, and ends with its status.
"""

from __future__ import annotations

import signal

FAILED = 1
MISUSED = 2  # nothing was started: the command or the scenario has to be put right first


class LabError(Exception):
    """`message` says what is wrong, `remedy` what to do; either may have several lines."""

    def __init__(self, message: str, remedy: str = "", status: int = FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.status = status

    def __str__(self) -> str:
        return f"{self.message}\n  -> {self.remedy}" if self.remedy else self.message


class MisuseError(LabError):
    """A wrong command line or scenario: every mistake at once, one line each."""

    def __init__(self, mistakes: list[str], remedy: str = "") -> None:
        super().__init__("\n".join(mistakes), remedy, MISUSED)
        self.mistakes = mistakes


class Interrupted(BaseException):
    """A person or the system asked the lab to stop. Not an `Exception`: nothing may swallow it."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum
        self.status = 128 + signum  # 130 after Ctrl-C, as every shell has it

    @property
    def name(self) -> str:
        return "Ctrl-C" if self.signum == signal.SIGINT else signal.Signals(self.signum).name
