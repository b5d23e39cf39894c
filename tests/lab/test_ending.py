"""How a command ends: a second Ctrl-C, at whatever moment, changes nothing of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from rich.console import Console

from lab.commands.ending import ended
from lab.errors import FAILED, Interrupted, LabError


@pytest.fixture(autouse=True)
def ctrl_c_as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def command(fault: BaseException) -> click.Command:
    @click.command()
    def fails() -> None:
        raise fault

    return fails


@pytest.fixture(autouse=True)
def no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["lab"])


@pytest.mark.parametrize("fault", [Interrupted(signal.SIGINT), LabError("x", "y")])
def test_ctrl_c_amid_the_last_words_ends_as_ctrl_c(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Console, "print", pressed)
    assert ended(command(fault)) == 130
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (KeyboardInterrupt(), 130),
        (Interrupted(signal.SIGINT), 130),
        (Interrupted(signal.SIGTERM), 143),
        (LabError("x", "y"), FAILED),
        (click.UsageError("x"), 2),
    ],
)
def test_each_end_has_its_status(fault: BaseException, status: int) -> None:
    assert ended(command(fault)) == status


def test_ctrl_c_while_a_dataclass_is_made_ends_as_ctrl_c(tmp_path: Path) -> None:
    """`python -m` may end by the signal then: with -2, which a shell shows as 130 all the same."""
    (tmp_path / "pressed.py").write_text(
        "import click, signal\n"
        "from lab.commands.ending import ended\n"
        "@click.command()\n"
        "def pressed():\n"
        "    exec('signal.raise_signal(signal.SIGINT)')\n"
        "raise SystemExit(ended(pressed))\n"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    ended_with = subprocess.run(
        [sys.executable, "-m", "pressed"], env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert ended_with.returncode == 130
