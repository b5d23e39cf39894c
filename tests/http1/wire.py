"""Feeding bytes to a Connection in pieces, and what came of it as one comparable value."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import h11

from servers.http1 import Connection, Limits, ProtocolError, Request, Response

DATE = b"Date: Mon, 23 Nov 2026 18:00:00 GMT\r\n"
OK = Response(200, (), b"ok\n")
LINE, HOST = b"GET / HTTP/1.1\r\n", b"Host: x\r\n"
FOLLOWER = b"GET /follower HTTP/1.1\r\nHost: x\r\n\r\n"


class Seen(NamedTuple):
    """A request as plain values."""

    method: bytes
    target: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    body: bytes
    version: int
    keep_alive: bool


class Outcome(NamedTuple):
    requests: tuple[Seen, ...]
    refused: int | None = None
    reason: str = ""


def seen(request: Request) -> Seen:
    fields = tuple(sorted(request.fields.items()))
    values = (request.body, request.version, request.keep_alive)
    assert all(type(part) is bytes for pair in fields for part in pair)
    assert {type(request.method), type(request.target), type(request.body)} == {bytes}
    assert {type(request.path), type(request.query)} == {bytes}
    return Seen(request.method, request.target, fields, *values)


def converse(pieces: Iterable[bytes], limits: Limits | None = None) -> Outcome:
    """Feeds the pieces, answers every request with OK, and stops at a refusal."""
    connection = Connection(limits or Limits())
    requests = []
    try:
        for piece in pieces:
            request = connection.receive_data(piece)
            while request is not None:
                requests.append(seen(request))
                connection.data_to_send(OK, DATE)
                assert connection.close_after == (not request.keep_alive)
                request = connection.next_request()
    except ProtocolError as refusal:
        assert connection.receive_data(FOLLOWER) is None, "a refused connection takes no more"
        return Outcome(tuple(requests), refusal.status, refusal.reason)
    return Outcome(tuple(requests))


def byte_by_byte(wire: bytes) -> list[bytes]:
    return [wire[at : at + 1] for at in range(len(wire))]


def split_at(wire: bytes, *cuts: int) -> list[bytes]:
    edges = [0, *sorted(cuts), len(wire)]
    return [wire[start:end] for start, end in pairwise(edges)]


def chunks(coded: bytes) -> bytes:
    """A request with a body that is chunked already."""
    return b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + coded


def exchange(request: bytes, response: Response) -> bytes:
    connection = Connection(Limits())
    assert connection.receive_data(request) is not None
    data, file = connection.data_to_send(response, DATE)
    assert file is None
    return data


def read_by_h11(method: bytes, data: bytes) -> tuple[h11.Response, bytes]:
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target=b"/", headers=[(b"Host", b"x")]))
    client.send(h11.EndOfMessage())
    client.receive_data(data)
    response = client.next_event()
    assert isinstance(response, h11.Response)
    body = b""
    while isinstance(event := client.next_event(), h11.Data):
        body += bytes(event.data)
    assert isinstance(event, h11.EndOfMessage)
    assert client.trailing_data[0] == b""
    return response, body
