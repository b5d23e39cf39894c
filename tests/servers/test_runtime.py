"""Pieces of the runtime whose edges a conversation rarely meets."""

from __future__ import annotations

import json
import os
import socket
import struct
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers.http1 import FileRange
from servers.runtime.knobs import KNOBS, MODELS, takers
from servers.runtime.listener import accept_queue_length, open_listener, timeval
from servers.runtime.meter import Meter
from servers.runtime.settings import SettingError, Settings, from_environment
from servers.runtime.transfer import STEPS, send_whole


@given(st.floats(min_value=0, max_value=3600, allow_nan=False))
def test_a_timeval_is_never_refused_and_never_for_ever(seconds: float) -> None:
    whole, micro = struct.unpack("@ll", timeval(seconds))
    assert 0 <= micro < 1_000_000  # or setsockopt() fails with EDOM
    assert (whole, micro) != (0, 0)
    assert abs(whole + micro / 1e6 - seconds) <= 1e-6


@pytest.mark.parametrize("transfer", STEPS)
@given(
    content=st.binary(max_size=300_000),
    cut=st.integers(0, 300_000),
    count=st.integers(1, 300_000),
    head=st.binary(max_size=500),
)
def test_every_byte_of_a_range_arrives_in_order(
    transfer: str, content: bytes, cut: int, count: int, head: bytes
) -> None:
    """Through a socket whose buffer takes little at a time, stepwise as an event loop would."""
    offset = min(cut, len(content))
    wanted = content[offset : offset + count]
    near, far = socket.socketpair()
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    near.setblocking(False)
    fd = os.memfd_create("content")
    os.write(fd, content)
    received = b""
    data, file = head, FileRange(fd, offset, len(wanted)) if wanted else None
    with near, far:
        while data or file is not None:
            try:
                data, file = STEPS[transfer](near, data, file)
            except BlockingIOError:
                received += far.recv(65536)
        near.close()
        while piece := far.recv(65536):
            received += piece
    os.close(fd)
    assert received == head + wanted


def test_a_peer_that_takes_nothing_is_given_up() -> None:
    near, far = socket.socketpair()
    with near, far:
        near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval(0.05))
        with pytest.raises(BlockingIOError):
            send_whole(STEPS["sendfile"], near, b"x" * 10_000_000, None, 0.05)


def test_the_listener_knows_how_many_wait() -> None:
    settings = Settings("epoll", {"port": "0", "bind": "127.0.0.1"})
    with open_listener(settings) as listener:
        clients = [socket.create_connection(listener.getsockname()) for _ in range(3)]
        assert accept_queue_length(listener) == 3
        for client in clients:
            client.close()


def test_counts_made_in_a_child_outlive_it() -> None:
    meter = Meter("forking", 2)
    row = meter.take_row()
    pid = os.fork()
    if pid == 0:
        meter.tally(row).accepted()
        meter.tally(row).answered(b"/x", 200)
        meter.tally(row).answered(b"/health", 200)
        os._exit(0)
    os.waitpid(pid, 0)
    meter.give_back(row)
    assert meter.take_row() == row
    account = json.loads(meter.account())
    assert (account["accepted"], account["answered"], account["health"]) == (1, 1, 1)
    assert account["workers"] == [{"accepted": 1, "answered": 1}]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_takes_its_defaults_and_refuses_the_knobs_of_others(model: str) -> None:
    Settings(model, {})
    for knob in KNOBS:
        if model in takers(knob):
            assert Settings(model, {knob.name: knob.default})
        else:
            with pytest.raises(SettingError, match=f"{model} takes no setting '{knob.name}'"):
                Settings(model, {knob.name: knob.default})


@pytest.mark.parametrize("model", MODELS)
def test_every_knob_that_a_model_names_is_one(model: str) -> None:
    """A name that is none would be passed over in silence."""
    own = getattr(import_module(f"servers.{model}"), "KNOBS", ())
    assert set(own) <= {knob.name for knob in KNOBS if not knob.common}


def test_all_mistakes_are_told_at_once() -> None:
    given_knobs = from_environment(
        {"SERVER_PORT": "http", "SERVER_KEEPALIVE": "yes", "SERVER_COLOUR": "red", "HOME": "/"}
    )
    with pytest.raises(SettingError) as caught:
        Settings("epoll", given_knobs)
    assert len(caught.value.mistakes) == 3
