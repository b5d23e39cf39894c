"""What the kernel's table of sockets says of listeners."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from lab.host import tcp

OWN = Path("/proc/self/net")


@pytest.mark.parametrize(("address", "found"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", None)])
def test_a_listener_on_the_loopback_is_told(address: str, found: str | None) -> None:
    with socket.create_server((address, 0)) as listener:
        assert tcp.loopback_listener(OWN, listener.getsockname()[1]) == found


def test_who_does_not_listen_is_not_hidden(tmp_path: Path) -> None:
    """A container's DNS listens on 127.0.0.11, at a port of its own."""
    head = "  sl  local_address rem_address   st tx_queue rx_queue\n"
    dns = "   0: 0B00007F:9C40 00000000:0000 0A 00000000:00000000\n"
    connected = "   1: 0100007F:1F40 0100007F:D431 01 00000000:00000000\n"
    (tmp_path / "tcp").write_text(head + dns + connected)
    assert tcp.loopback_listener(tmp_path, 8000) is None
    assert tcp.loopback_listener(tmp_path, 40000) == "127.0.0.11"
    assert tcp.loopback_listener(tmp_path / "gone", 8000) is None
