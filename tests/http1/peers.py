"""The parsers to compare with, each behind one function: wire -> what it reads first, or None.

None stands for a refusal. Where the wire ends too early there is nothing to compare: EOFError.
"""

from __future__ import annotations

from typing import NamedTuple

import h11
import httptools


class Meaning(NamedTuple):
    """What both parsers tell of a request, names in lower case and repeated fields joined."""

    method: bytes
    target: bytes
    fields: dict[bytes, bytes]
    body: bytes


def _joined(pairs: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    fields: dict[bytes, bytes] = {}
    for name, raw in pairs:
        name, value = name.lower(), raw.strip(b" \t")  # noqa: PLW2901
        fields[name] = fields[name] + b", " + value if name in fields else value
    return fields


def by_h11(wire: bytes) -> Meaning | None:
    server = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
    server.receive_data(wire)
    try:
        request = server.next_event()
        if not isinstance(request, h11.Request):
            raise EOFError
        body = b""
        while isinstance(event := server.next_event(), h11.Data):
            body += bytes(event.data)
    except h11.RemoteProtocolError:
        return None
    if not isinstance(event, h11.EndOfMessage):
        raise EOFError
    return Meaning(request.method, request.target, _joined([*request.headers]), body)


class _Listener:
    def __init__(self) -> None:
        self.target = self.body = b""
        self.lines: list[tuple[bytes, bytes]] = []
        self.fields: dict[bytes, bytes] = {}
        self.meaning: Meaning | None = None
        self.keep_alive = False
        self.parser = httptools.HttpRequestParser(self)

    def on_url(self, piece: bytes) -> None:
        self.target += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        self.lines.append((name, value))

    def on_headers_complete(self) -> None:
        self.fields = self.fields or _joined(self.lines)  # trailers are told as headers, too

    def on_body(self, piece: bytes) -> None:
        self.body += piece

    def on_message_complete(self) -> None:
        if self.meaning is None:
            method = self.parser.get_method()
            self.meaning = Meaning(method, self.target, self.fields, self.body)
            self.keep_alive = self.parser.should_keep_alive()


def by_httptools(wire: bytes) -> Meaning | None:
    listener = _Listener()
    try:
        listener.parser.feed_data(wire)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return listener.meaning  # what follows the first request is not compared
    if listener.meaning is None:
        raise EOFError
    return listener.meaning


PEERS = {"h11": by_h11, "httptools": by_httptools}
