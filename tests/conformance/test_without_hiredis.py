"""The lab's own Python has no hiredis: every model serves without it, but for the guestbook."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from servers.runtime.knobs import MODELS
from tests.conformance.running import Server


@pytest.mark.parametrize("model", MODELS)
def test_without_hiredis_only_the_guestbook_is_away(model: str, tmp_path: Path) -> None:
    (tmp_path / "hiredis.py").write_text("raise ImportError\n")
    server = Server(model, "--keepalive=off", modules=tmp_path)
    for path, status in (("/guestbook", 503), ("/615b.html", 200), ("/guestbook", 503)):
        with closing(server.connect()) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: lab\r\n\r\n".encode())
            assert client.recv(12) == f"HTTP/1.1 {status}".encode(), path
            while client.recv(65536):
                pass
    assert server.process.stderr is not None
    said = server.process.stderr.readline()
    assert said == "servers: hiredis is not installed: the guestbook answers 503\n"
    assert server.stop()["by_status"]["503"] == 2
