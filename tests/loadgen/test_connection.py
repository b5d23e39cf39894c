"""The engine on real sockets: what is good, how failures are told apart, what is counted."""

from __future__ import annotations

import _socket
import errno
import os
import socket
import threading
from types import SimpleNamespace

import pytest

from loadgen.engine import link
from loadgen.engine.failure import EndedError, LateError, classify
from loadgen.formats.figures import FAILURES
from tests.loadgen.faulty import ANSWERS, BODY, PAUSE_S, faulty
from tests.loadgen.lives import load


@pytest.mark.parametrize("path", ["/ok", "/chunked", "/to-the-end", "/says-close"])
@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_good_answers_of_every_framing(path: str, connection: str) -> None:
    with faulty() as server:
        report = load(
            server.address,
            f"[{{get: {path}, expect: {{bytes: 615}}}}]",
            connection=connection,
            lengths=[615],
        )
        assert report.good > 20
        assert (report.failed, report.aborted, report.unserved) == (0, 0, 0)
        assert report.good == server.answered
        assert report.connected == server.accepted
        if connection == "close" or path in ("/to-the-end", "/says-close"):
            assert report.connected in range(report.good, report.good + 5)
        else:
            assert report.connected == 4


HEAD_BYTES = len(ANSWERS[b"/ok"]) - len(BODY)


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize("first", [1, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, HEAD_BYTES + 614])
def test_an_answer_in_two_pieces_is_one_answer(first: int, connection: str) -> None:
    requests = f"[{{get: /split/{first}}}, {{get: /ok}}]"
    with faulty() as server:
        report = load(server.address, requests, connection=connection, lengths=[615, 615])
        assert report.good == server.answered
    assert (report.failed, report.aborted) == (0, 0)
    assert report.timed[0].min >= PAUSE_S * 1e6
    assert report.service.count == report.first_byte.count == sum(t.count for t in report.timed)
    assert report.first_byte.sum <= report.service.sum - report.timed[0].count * PAUSE_S * 1e6 * 0.9


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_what_is_remembered_of_an_answer_is_not_taken_for_another(connection: str) -> None:
    with faulty() as server:
        report = load(server.address, "[{get: /turns}]", connection=connection, lengths=[50])
        assert report.good + report.failed == server.answered
    assert abs(report.good - report.failed) <= 4 + 1
    assert report.failures[0].wrong_status == report.failures[0].total


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize(
    ("path", "failure", "words"),
    [
        ("/reset", "reset", "Connection reset by peer"),
        ("/silent-close", "reset", "closed unanswered"),
        ("/short", "short", "closed in mid-answer"),
        ("/half-a-head", "short", "closed in mid-answer"),
        ("/missing", "wrong_status", "status 404 instead of 200"),
        ("/longer", "wrong_body", "616 bytes instead of 615"),
        ("/surplus", "wrong_body", "4 bytes behind the answer's end"),
        ("/garbage", "wrong_body", "no HTTP/1.1 head"),
    ],
)
def test_failures_are_told_apart(path: str, failure: str, words: str, connection: str) -> None:
    with faulty() as server:
        report = load(server.address, f"[{{get: {path}}}]", connection=connection, lengths=[615])
    assert report.good == 0
    assert report.failed > 4
    counted = {name: getattr(report.failures[0], name) for name in FAILURES}
    assert counted.pop(failure) > 0
    assert not any(counted.values()), counted
    assert words in report.examples[failure]
    assert report.failed_timed.count == report.failures[0].total


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    report = load(address)
    assert report.connected == 0
    assert report.failures[0].refused == report.failures[0].total > 4
    assert report.failures[0].total < 4 * 0.3 / 0.01 + 8, "users rest after a refusal"
    assert report.unserved == 4


def test_timeouts_are_failures_of_their_own_and_take_their_time() -> None:
    with faulty() as server:
        report = load(server.address, "[{get: /hang}]", timeout="100ms", window_s=0.4)
        assert report.failures[0].timeout == report.failures[0].total >= 8
        assert 100_000 <= report.failed_timed.min <= report.failed_timed.max < 200_000
        assert report.connected == server.accepted


def test_a_server_killed_in_mid_run() -> None:
    with faulty() as server:
        threading.Thread(target=server.stop_after, args=(100,)).start()
        report = load(server.address, connection="keep-alive", window_s=0.5, warmup_s=0)
    assert report.good > 0
    assert 1 <= report.failures[0].reset <= 8
    assert report.failures[0].refused > 8
    assert report.unserved == 0
    assert report.failures[0].total == report.failures[0].reset + report.failures[0].refused


def test_answers_in_flight_at_the_end_are_waited_for() -> None:
    with faulty() as server:
        report = load(server.address, "[{get: /slow/300}]", users=3, window_s=0.2, warmup_s=0)
        assert (report.good, report.failed, report.aborted) == (3, 0, 0)
        assert report.timed[0].count == 0, "they came after the window"
        assert server.answered == 3


def test_the_window_holds_what_ended_in_it() -> None:
    with faulty() as server:
        report = load(server.address, "[{get: /slow/200}]", users=3, window_s=0.2, warmup_s=0.1)
    assert report.good == 6
    assert report.timed[0].count == 3, "begun before it opened, ended within"
    assert report.timed[0].min >= 200_000
    assert sum(step.good for step in report.steps) == 3


def test_one_body_of_many_pieces() -> None:
    assert len(BODY) == 615
    with faulty() as server:
        report = load(server.address, "[{get: /big}]", lengths=[3_000_000], users=1)
    assert report.good >= 1
    assert report.failed == 0
    assert report.steps[0].bytes >= 3_000_000 * report.timed[0].count


OWN_LIMITS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL)
PEERS = {
    **dict.fromkeys(
        (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETUNREACH), "refused"
    ),
    **dict.fromkeys((errno.ENONET, errno.ENOPROTOOPT, errno.EOPNOTSUPP, errno.EPROTO), "refused"),
    **dict.fromkeys((errno.ECONNRESET, errno.ECONNABORTED, errno.ENETRESET, errno.EPIPE), "reset"),
    errno.ETIMEDOUT: "timeout",
}


@pytest.mark.parametrize("code", sorted(errno.errorcode))
def test_whatever_no_peer_can_cause_is_the_generators(code: int) -> None:
    for begun in (False, True):
        assert classify(OSError(code, os.strerror(code)), begun=begun) == PEERS.get(
            code, "generator"
        )


def test_what_is_no_error_of_a_socket_is_the_servers() -> None:
    assert classify(LateError("late"), begun=False) == "timeout"
    assert classify(EndedError("closed"), begun=False) == "reset"
    assert classify(EndedError("closed"), begun=True) == "short"


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize("code", OWN_LIMITS)
@pytest.mark.parametrize("call", ["socket", "connect"])
def test_limits_of_the_generator_are_its_own(
    call: str, code: int, connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server that answers: nothing is refused, reset or merely unconnected."""

    class Limited(_socket.socket):
        def connect_ex(self, _address: object) -> int:
            return code

    def no_more(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    made = no_more if call == "socket" else Limited
    with faulty() as server:
        monkeypatch.setattr(link, "_socket", SimpleNamespace(socket=made))
        report = load(server.address, connection=connection, users=2)
    assert report.connected == report.good == 0
    assert report.failures[0].total == report.failures[0].generator
    assert report.generator >= 2
    assert report.generator == (report.failed or report.unconnected)
    assert os.strerror(code) in report.examples["generator"]
    assert set(report.examples) == {"generator"}
