"""The Makefile: its help, and a .venv that is made once, quietly, and again when the lock changes.

A stand-in plays Python and writes down how it was called, so nothing is fetched.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lab.commands.cli import cli

ROOT = Path(__file__).parents[2]
TARGETS = (
    *("bench", "report", "noise", "positive-control", "compare", "reproduce", "publish"),
    *("serve", "shell", "ui", "trace"),
    *("calibrate", "list", "logs", "doctor", "down", "clean", "test", "check", "lock"),
)
STAND_IN = """\
#!/bin/sh
echo "$@" >> "{diary}"
case "$*" in
-V) echo 'Python {version}' ;;
*sys.version_info*) exit {too_old} ;;
'-m venv .venv') mkdir -p .venv/bin && cp "{path}" .venv/bin/python ;;
'-m lab bench'*) printf '%s\\n' "$@" ;;
'-m pytest'*) env ;;
esac
"""


class Folder:
    """A folder with the Makefile, the locks, and a stand-in for Python."""

    def __init__(self, path: Path, too_old: bool = False) -> None:
        self.path, self.diary = path, path / "diary"
        shutil.copy(ROOT / "Makefile", path)
        (path / "requirements").mkdir()
        for name in ("lab", "dev", "load"):
            (path / f"requirements/{name}.txt").write_text("")
        stand_in = path / "python3"
        stand_in.write_text(
            STAND_IN.format(
                diary=self.diary,
                path=stand_in,
                too_old=int(too_old),
                version="3.10.2" if too_old else "3.11.2",
            )
        )
        stand_in.chmod(0o755)

    def make(self, *words: str) -> subprocess.CompletedProcess[str]:
        # Without the make above us, if any, and with the stand-in before any other python3.
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
        environment["PATH"] = f"{self.path}:{environment['PATH']}"
        return subprocess.run(
            ["make", *words],
            cwd=self.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self, what: str) -> int:
        return sum(what in line for line in self.diary.read_text().splitlines())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_bare_make_prints_the_help_and_makes_nothing(folder: Folder) -> None:
    done = folder.make()
    assert done.returncode == 0
    for target in TARGETS:
        assert f"  make {target} " in done.stdout
    assert not folder.diary.exists()


def test_the_environment_is_made_once_and_quietly(folder: Folder) -> None:
    first, second = folder.make("list"), folder.make("list")
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout + second.stdout == ""
    assert first.stderr == "Making .venv, once.\n"
    assert second.stderr == ""
    assert folder.called("-m venv") == 1
    assert folder.called("--require-hashes -r requirements/lab.txt") == 1
    assert folder.called("-m lab list") == 2


def test_a_changed_lock_is_installed(folder: Folder) -> None:
    folder.make("list")
    lock = folder.path / "requirements/lab.txt"
    later = (folder.path / ".venv/lab").stat().st_mtime + 10
    os.utime(lock, (later, later))
    folder.make("list")
    assert folder.called("-r requirements/lab.txt") == 2
    assert folder.called("-m venv") == 1


def test_tests_need_the_larger_lock(folder: Folder) -> None:
    folder.make("test", "ARGS=-k plan")
    assert folder.called("-r requirements/dev.txt") == 1
    assert folder.called("-m pytest -k plan") == 1


def test_the_tests_run_in_the_environment_of_the_caller(folder: Folder) -> None:
    names = {line.partition("=")[0] for line in folder.make("test").stdout.splitlines()}
    assert "PATH" in names
    assert not names & {"MODEL", "SCENARIO", "USERS", "WORKERS", "RESULTS"}


def test_what_a_person_asks_for_reaches_the_lab_unharmed(folder: Folder) -> None:
    done = folder.make("bench", "MODEL=a,b", "USERS=$$(touch harm) 'x'", "SCENARIO=")
    words = done.stdout.splitlines()
    assert words[words.index("--model") + 1] == "a,b"
    assert words[words.index("--users") + 1] == "$(touch harm) 'x'"
    assert words[words.index("--scenario") + 1] == ""
    assert not (folder.path / "harm").exists()


def test_variables_of_the_environment_count_too(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL", "epoll")
    words = folder.make("bench").stdout.splitlines()
    assert words[words.index("--model") + 1] == "epoll"


def test_an_older_python_is_refused_with_a_remedy(tmp_path: Path) -> None:
    folder = Folder(tmp_path, too_old=True)
    done = folder.make("list")
    assert done.returncode == 2
    assert "Python 3.11 or newer; python3 is Python 3.10.2" in done.stderr
    assert "make PYTHON=python3.12" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_no_python_is_told(folder: Folder) -> None:
    done = folder.make("list", "PYTHON=python-that-is-nowhere")
    assert done.returncode == 2
    assert "There is no python-that-is-nowhere" in done.stderr


def test_a_broken_environment_is_made_anew(folder: Folder) -> None:
    (folder.path / ".venv/bin").mkdir(parents=True)
    (folder.path / ".venv/bin/python").symlink_to("/nonexistent/python")
    assert folder.make("list").returncode == 0
    assert folder.called("-m venv") == 1


@pytest.mark.parametrize(
    ("words", "unknown"),
    [(["nosuch"], "nosuch"), (["bnech", "MODEL=epoll"], "bnech"), (["list", "nosuch"], "nosuch")],
)
def test_a_target_that_there_is_not_is_refused_with_a_pointer_to_the_help(
    folder: Folder, words: list[str], unknown: str
) -> None:
    done = folder.make(*words)
    assert done.returncode == 2
    assert f"there is no target '{unknown}'; make help lists all" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not folder.diary.exists()


def test_every_target_of_the_help_can_be_made(folder: Folder) -> None:
    for target in re.findall(r"^  make ([a-z]+) ", folder.make().stdout, re.MULTILINE):
        assert folder.make("--dry-run", target).returncode == 0, target


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["bench", "MODLE=epoll"], "make bench does not take MODLE; it takes MODEL SCENARIO"),
        (["bench", "RUN=x"], "make bench does not take RUN; it takes MODEL SCENARIO USERS RATE"),
        (["report", "MODEL=epoll"], "make report does not take MODEL; it takes RUN."),
        (["list", "MODEL=epoll"], "make list does not take MODEL; it takes none."),
        (["down", "serve", "RUN=x"], "make down serve does not take RUN; it takes MODEL WITH."),
        (["MODEL=epoll"], "make help does not take MODEL; it takes none."),
    ],
)
def test_a_variable_that_the_target_does_not_take_is_refused(
    folder: Folder, words: list[str], told: str
) -> None:
    done = folder.make(*words)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not folder.diary.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["bench", "MODEL=epoll", "RESUME=latest", "FORCE=1", "PYTHON=python3"],
        ["compare", "A=one", "B=other"],
        ["down", "logs", "MODEL=epoll"],
        ["check", "ARGS=-k plan", "PIP_CERT=/none"],
        ["clean", "RESULTS="],
    ],
)
def test_what_its_help_names_is_taken(folder: Folder, words: list[str]) -> None:
    assert folder.make(*words).returncode == 0


def test_what_a_recipe_takes_is_what_its_help_names_and_what_the_command_takes(
    folder: Folder,
) -> None:
    """Else it could be given by the environment alone, or would be refused by the lab."""
    text = (ROOT / "Makefile").read_text()
    for rule in re.finditer(r"^([a-z-]+): \.venv/lab ## (.*)\n", text, re.MULTILINE):
        named = re.findall(r"[A-Z]+(?==)", rule[2])
        recipe = folder.make("--dry-run", rule[1]).stdout.splitlines()
        [line] = [line for line in recipe if "-m lab " in line or "-m benchmarks " in line]
        given = re.findall(r"(?<= )--([a-z]+)", line)
        positional = ["a", "b"] if rule[1] == "compare" else []
        assert sorted([*given, *positional]) == sorted(map(str.lower, named)), rule[1]
        if "-m lab " in line:
            taken = [word for each in cli.commands[rule[1]].params for word in each.opts]
            assert {f"--{name}" for name in given} == {t for t in taken if t[:2] == "--"}, rule[1]


def test_a_variable_of_the_environment_is_let_pass_by_those_who_do_not_take_it(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL", "epoll")
    assert folder.make("list").returncode == 0
