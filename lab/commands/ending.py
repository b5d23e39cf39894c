"""How a command ends: every failure that a person can mend is one message and an exit status."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

import click
from rich.console import Console

from lab.errors import FAILED, MISUSED, Interrupted, LabError


class _Pressed(KeyboardInterrupt):
    """Ctrl-C, by another type: CPython remembers a KeyboardInterrupt itself that passed through an
    `exec` of text, as each `@dataclass` makes some, and `python -m` then ends by the signal though
    it was caught."""


def ended(command: click.Command) -> int:
    """Run the command of this process; its exit status."""
    try:
        signal.signal(signal.SIGINT, _press)
        return _ended(command, Console(stderr=True))
    except (KeyboardInterrupt, click.Abort):  # also while the words about another end were said
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough: it would spoil the status
        return 130


def _press(*_: object) -> NoReturn:
    raise _Pressed


def _ended(command: click.Command, console: Console) -> int:
    try:
        status = command(standalone_mode=False, obj=console)
        return int(status or 0)
    except click.ClickException as mistake:
        mistake.show()
        return MISUSED
    except Interrupted as interrupted:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        console.print(f"ended by {interrupted.name}; nothing of the lab is left running")
        return interrupted.status
    except LabError as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return error.status
    except BrokenPipeError:  # the reader of our output had seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
