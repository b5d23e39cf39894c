"""One lab at a time, and signals: the first ends the work, none ends the clearing up."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.errors import Interrupted, LabError
from lab.host.only_one import only_lab, running, spoken
from lab.run import interrupts


def test_a_second_lab_is_refused_and_told_who_runs() -> None:
    name = f"serverlab-test-{os.getpid()}"
    taken = pytest.raises(LabError, match=f"process {os.getpid()}")
    with only_lab(name), taken as told, only_lab(name):
        pytest.fail("two at once")
    assert told.value.remedy.startswith("wait until it is done")
    assert "only if it is yours" in told.value.remedy
    with only_lab(name):
        pass


def test_who_runs_is_told_with_owner_and_command() -> None:
    name = f"serverlab-test-{os.getpid()}"
    assert running(name) is None
    with only_lab(name):
        told = running(name)
    command = spoken(Path("/proc/self/cmdline").read_text())
    assert told == f"process {os.getpid()} of {pwd.getpwuid(os.getuid()).pw_name}: {command}"


def test_who_was_asked_too_often_still_runs() -> None:
    name = f"serverlab-test-{os.getpid()}"
    with only_lab(name):
        told = [running(name) for _ in range(300)]
    assert all(told)
    assert told[-1] == "a process that was asked too often"


def test_a_command_is_told_without_what_was_left_open_and_cannot_steer_a_terminal() -> None:
    command = ["python", "-m", "lab", "bench", "--model", "", "--users", "5", "--force", ""]
    assert spoken("\0".join(command) + "\0") == "python -m lab bench --users 5"
    assert spoken("python\0-x\0--last\0") == "python -x --last"
    assert spoken("\x1b[2J\0é\n\0") == "?[2J ??"
    assert len(spoken("x" * 1000)) == 200
    assert spoken("") == ""


def test_the_lock_goes_with_its_process_however_it_ends() -> None:
    name = f"serverlab-test-{os.getpid()}"
    code = (
        f"import os\nfrom lab.host.only_one import only_lab\nwith only_lab({name!r}): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with only_lab(name):
        pass


@pytest.fixture
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in interrupts.SIGNALS}
    yield
    assert {number: signal.getsignal(number) for number in interrupts.SIGNALS} == before


@pytest.mark.usefixtures("handlers")
class TestInterrupts:
    """The first signal ends the work, none ends the clearing up, nothing is left installed."""

    def setup_method(self) -> None:
        self.cleared = 0

    def clear_up(self) -> None:
        self.cleared += 1

    def test_an_ordinary_end(self) -> None:
        with interrupts.heeded(self.clear_up):
            pass
        assert self.cleared == 1

    def test_an_error(self) -> None:
        with pytest.raises(LabError), interrupts.heeded(self.clear_up):
            raise LabError("no")
        assert self.cleared == 1

    @pytest.mark.parametrize("number", interrupts.SIGNALS)
    def test_each_signal_ends_the_work(self, number: int) -> None:
        raised = pytest.raises(Interrupted)
        with raised as told, interrupts.heeded(self.clear_up):
            signal.raise_signal(number)
        assert told.value.status == 128 + number
        assert self.cleared

    def test_a_signal_while_clearing_up_after_an_ordinary_end_clears_up_again(self) -> None:
        def interrupted_once() -> None:
            self.cleared += 1
            if self.cleared == 1:
                signal.raise_signal(signal.SIGINT)
                pytest.fail("went on")

        with pytest.raises(Interrupted), interrupts.heeded(interrupted_once):
            pass
        assert self.cleared == 2

    def test_later_signals_do_not_disturb_the_clearing_up(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        def pressed_again() -> None:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGTERM)
            self.cleared += 1

        with pytest.raises(Interrupted), interrupts.heeded(pressed_again):
            signal.raise_signal(signal.SIGINT)
        assert self.cleared
        assert capfd.readouterr().err.count("clearing up, a moment") == 2 * self.cleared
