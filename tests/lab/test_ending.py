"""How a command ends: a second Ctrl-C, at whatever moment, changes nothing of it."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import click
import pytest
from rich.console import Console

from lab.ending import ended
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
        raise KeyboardInterrupt

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
