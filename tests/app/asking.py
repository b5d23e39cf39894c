"""Requests as the HTTP engine makes them, and handlers driven by hand in place of a runtime."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from servers import http1

if TYPE_CHECKING:
    from servers.app import Application
    from servers.app.effects import Effect, EffectHandler

SITE = str(Path(__file__).parents[2] / "servers" / "site")


def request(
    path: bytes, method: bytes = b"GET", body: bytes = b"", **fields: bytes
) -> http1.Request:
    """The request as it comes off the wire; field names take `_` for `-`."""
    lines = [b"%b %b HTTP/1.1" % (method, path), b"Host: lab"]
    lines += [b"%b: %b" % (n.replace("_", "-").encode(), v) for n, v in fields.items()]
    if body or method == b"POST":
        lines.append(b"Content-Length: %d" % len(body))
    made = http1.Connection(http1.Limits()).receive_data(b"\r\n".join([*lines, b"", body]))
    assert made is not None
    return made


def raw(path: bytes, method: bytes = b"GET") -> http1.Request:
    """A request that no wire could bring: the application must hold on its own."""
    made = request(b"/", method)
    made.target = made.path = path
    return made


def ask(
    app: Application, path: bytes, method: bytes = b"GET", body: bytes = b"", **fields: bytes
) -> http1.Response:
    """The response of a handler that need not wait."""
    answer = app(request(path, method, body, **fields))
    assert isinstance(answer, http1.Response)
    return answer


def begin(answer: http1.Response | EffectHandler) -> tuple[EffectHandler, Effect]:
    """A handler that waits, and the first effect it waits for."""
    assert not isinstance(answer, http1.Response)
    return answer, next(answer)


def finish(waiting: EffectHandler, reply: object) -> http1.Response:
    """The response of a handler whose last effect is answered; an exception is thrown into it."""
    try:
        if isinstance(reply, Exception):
            waiting.throw(reply)
        else:
            waiting.send(reply)
    except StopIteration as stop:
        response = stop.value
    else:
        raise AssertionError("the handler waits for more than one effect")
    assert isinstance(response, http1.Response)
    return response


def content(response: http1.Response) -> bytes:
    """The body, read from its file where it has one."""
    if response.file is None:
        return response.content
    return os.pread(response.file.fd, response.file.count, response.file.offset)


def fields_of(response: http1.Response) -> dict[bytes, bytes]:
    """The header fields, names in lower case; none may occur twice."""
    lines = response.head.split(b"\r\n")[1:-1]
    pairs = [line.split(b": ", 1) for line in lines]
    fields = {name.lower(): value for name, value in pairs}
    assert len(fields) == len(pairs)
    return fields
