"""What Compose and the daemon say, told with a remedy. The complaints are real ones."""

from __future__ import annotations

import pytest

from lab.containers import compose_errors
from lab.containers.compose_errors import PortTakenError
from lab.containers.daemon import DaemonError, explain

TAKEN_ENGINE_20 = (
    "ERROR: for epoll  Cannot start service epoll: driver failed programming external connectivity"
    " on endpoint x: Error starting userland proxy: listen tcp4 127.0.0.1:8007: bind: address"
    " already in use\nEncountered errors while bringing up the project."
)
TAKEN_BY_CONTAINER = "Bind for 127.0.0.1:8007 failed: port is already allocated"
VARIABLES = {"PORT_POLL": "8006", "PORT_EPOLL": "8007", "SERVER_BACKLOG": "8007"}


@pytest.mark.parametrize("complaint", [TAKEN_ENGINE_20, TAKEN_BY_CONTAINER])
def test_a_taken_port_is_named_with_the_variable_that_moves_it(complaint: str) -> None:
    error = compose_errors.why(complaint, VARIABLES)
    assert isinstance(error, PortTakenError)
    assert error.message == "port 8007 of 127.0.0.1 is taken"
    assert "ss -ltnp" in error.remedy
    assert "PORT_EPOLL=18007" in error.remedy


@pytest.mark.parametrize(
    ("complaint", "message"),
    [
        ("Cannot connect to the Docker daemon at unix:///x. Is it running?", "is not running"),
        (
            "docker.errors.DockerException: Error while fetching server API version: ('Connection"
            " aborted.', FileNotFoundError(2, 'No such file or directory'))",
            "is not running",
        ),
        (
            "docker.errors.DockerException: Error while fetching server API version: ('Connection"
            " aborted.', PermissionError(13, 'Permission denied'))",
            "may not use it",
        ),
        (
            "permission denied while trying to connect to the Docker daemon socket at"
            " unix:///var/run/docker.sock: connect: permission denied",
            "may not use it",
        ),
    ],
)
def test_a_daemon_out_of_reach_is_told_alike_under_both_composes(
    complaint: str, message: str
) -> None:
    error = compose_errors.why(complaint, {})
    assert isinstance(error, DaemonError)
    assert message in error.message
    assert error.remedy


@pytest.mark.parametrize(("sign", "meaning", "remedy"), compose_errors.CAUSES)
def test_every_known_cause_is_recognised(sign: str, meaning: str, remedy: str) -> None:
    error = compose_errors.why(f"ERROR: for x  Cannot start service x: {sign} - and so on", {})
    assert (error.message, error.remedy) == (meaning, remedy)


def test_an_unknown_complaint_is_shown_as_it_was_said() -> None:
    error = compose_errors.why("Creating x ...\nError response from daemon: the moon is full\n", {})
    assert error.message == "Compose failed: Error response from daemon: the moon is full"
    assert "doctor" in error.remedy


def test_silence_is_told_too() -> None:
    assert compose_errors.why("", {}).message == "Compose failed: it said nothing"


def test_an_unknown_failure_of_the_daemon_keeps_its_words() -> None:
    assert "bad gateway" in explain(ConnectionError("bad gateway")).message
