"""A survey and the lab's end of it, over loopback: what is reached, and how well."""

from __future__ import annotations

import socket
import threading

import pytest

from lab.containers.survey_listener import listening
from lab.errors import LabError
from loadgen.engine import survey


def free_ports(count: int) -> list[int]:
    opened = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in opened]
    for each in opened:
        each.close()
    return ports


def test_what_is_reached_is_timed_and_what_is_not_is_named() -> None:
    heard, also, deaf = free_ports(3)
    with listening("127.0.0.1", [heard, also]) as addresses:
        assert addresses == [f"127.0.0.1:{heard}", f"127.0.0.1:{also}"]
        found = survey.survey([("127.0.0.1", port) for port in (heard, also, deaf)])
    assert found.unreachable == {f"127.0.0.1:{deaf}": "Connection refused"}
    assert isinstance(found.rtt_us, int)
    assert 0 < found.rtt_us < 100_000
    assert isinstance(found.bytes_per_s, int)
    assert found.bytes_per_s > 10_000_000


def test_where_nothing_is_reached_nothing_is_timed() -> None:
    [deaf] = free_ports(1)
    found = survey.survey([("127.0.0.1", deaf)])
    assert (found.rtt_us, found.bytes_per_s) == (None, None)


def test_a_peer_that_hangs_up_at_once_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()

        def hang_up() -> None:
            for _ in range(2):
                listener.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        found = survey.survey([address])
    assert found.rtt_us is None
    assert "the connection broke" in str(found.unreachable)


def test_the_lab_listens_no_longer_than_it_is_needed() -> None:
    [port] = free_ports(1)
    with listening("127.0.0.1", [port]):
        socket.create_connection(("127.0.0.1", port), 1).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


def test_an_address_of_somebody_else_and_a_port_that_is_taken_are_told() -> None:
    told = r"192\.0\.2\.77 is no address of this host"
    with pytest.raises(LabError, match=told), listening("192.0.2.77", [5557]):
        pass
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = f"port {port} of 127.0.0.1 is taken"
        with pytest.raises(LabError, match=told), listening("127.0.0.1", [port]):
            pass
