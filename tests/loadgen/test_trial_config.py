"""What the environment must say, and how it is told when it does not."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from loadgen.__main__ import main
from loadgen.engine.trial_config import TrialConfigError, from_environment
from loadgen.formats.scenario_reader import digest
from tests.loadgen.records import TEXT, config


def test_defaults(tmp_path: Path) -> None:
    given = config(tmp_path, SEED="", WORKERS="")
    assert (given.workers, given.seed, given.path) == (1, 0, "forwarded")
    assert (given.master, given.ready_within_s) == (("127.0.0.1", 5557), 30)
    assert (given.host, given.address()) == ("127.0.0.1:8007", ("127.0.0.1", 8007))
    assert given.scenario_name == "some"
    scenario, found = given.scenario()
    assert (scenario.about, found) == ("x", digest(TEXT))


def test_a_name_may_come_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [socket.gaierror(-2, "Name or service not known"), [(2, 1, 6, "", ("10.0.0.7", 80))]]

    def look_up(*_: object) -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert config(tmp_path, TARGET="epoll:80").address() == ("10.0.0.7", 80)


def test_a_name_that_never_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TrialConfigError, match=r"TARGET: 'nobody': .*; name a host that exists"):
        config(tmp_path, TARGET="nobody:80", READY_WITHIN="100ms").address()


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(TrialConfigError) as caught:
        config(
            tmp_path,
            TRIAL=f"{tmp_path}/none",
            TARGET="epoll",
            USERS="0",
            MODEL="",
            LOAD_PATH="sideways",
            SEED="x",
            READY_WITHIN="soon",
            WORKERS="1000",
        )
    lines = str(caught.value).splitlines()[1:]
    assert [line.partition(":")[0] for line in lines] == [
        *("TRIAL", "TARGET", "MODEL", "LOAD_PATH", "USERS", "WORKERS", "SEED", "READY_WITHIN")
    ]
    assert "MODEL: is not set" in lines
    assert "TARGET: write it as host:port" in lines


def test_another_scenario_than_the_labs_is_refused(tmp_path: Path) -> None:
    given = config(tmp_path, SCENARIO_SHA256="0" * 64)
    with pytest.raises(TrialConfigError, match="is not the one that the lab read"):
        given.scenario()
    assert config(tmp_path, SCENARIO_SHA256=digest(TEXT)).scenario()


def test_a_wrong_scenario_is_told_in_full(tmp_path: Path) -> None:
    given = config(tmp_path)
    given.scenario_file.write_text("about: x\nusers: 0\n")
    with pytest.raises(
        TrialConfigError, match=r"some.yml:1: requests: is missing(.|\n)*:2: users: 0 is too small"
    ):
        given.scenario()


def test_nothing_is_set() -> None:
    with pytest.raises(TrialConfigError, match="TRIAL: is not set"):
        from_environment({})


@pytest.mark.parametrize("arguments", [[], ["boss"], ["master", "now"]])
def test_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "master|worker" in capsys.readouterr().err


def test_an_unfit_environment_is_the_masters_last_event(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRIAL", raising=False)
    monkeypatch.delenv("TARGET", raising=False)
    assert main(["master"]) == 1
    said = capsys.readouterr()
    assert said.out.startswith('{"event": "failed", "reason": "the environment is not fit')
    assert "TARGET: is not set" in said.err
