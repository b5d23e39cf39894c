"""The files of servers/site as an application for gunicorn (WSGI) and for uvicorn (ASGI).

No framework: every answer is made at the start and looked up by path. SITE names the folder. Like
nginx and Apache it has /health, but neither the guestbook nor answers that wait.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any
from zlib import crc32

TEXT = "text/plain; charset=utf-8"
TYPES = {".html": "text/html; charset=utf-8", ".txt": TEXT, ".svg": "image/svg+xml"}

Send = Callable[[dict[str, Any]], Awaitable[None]]
Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """A whole answer, in the words of both interfaces."""

    status: str
    fields: Fields
    body: bytes
    start: dict[str, Any]  # ASGI's first message
    rest: dict[str, Any]  # and its second


def answer(status: str, content_type: str, body: bytes, more: Fields | None = None) -> Answer:
    fields = [("Content-Type", content_type), ("Content-Length", str(len(body))), *(more or [])]
    headers = [(name.lower().encode(), value.encode()) for name, value in fields]
    return Answer(
        status=status,
        fields=fields,
        body=body,
        start={"type": "http.response.start", "status": int(status[:3]), "headers": headers},
        rest={"type": "http.response.body", "body": body},
    )


def file(path: Path) -> Answer:
    """With the validators that the models send, so that heads are of one size."""
    body = path.read_bytes()
    validators = [
        ("Last-Modified", formatdate(path.stat().st_mtime, usegmt=True)),
        ("ETag", f'"{len(body):x}-{crc32(body):08x}"'),
    ]
    return answer("200 OK", TYPES.get(path.suffix, "application/octet-stream"), body, validators)


NOTHING = answer("404 Not Found", TEXT, b"There is nothing here.\n")
ANSWERS = {"/health": answer("200 OK", TEXT, b"ok\n")} | {
    f"/{path.name}": file(path) for path in Path(os.environ["SITE"]).iterdir() if path.is_file()
}


def wsgi(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """For gunicorn."""
    found = ANSWERS.get(environ["PATH_INFO"], NOTHING)
    start_response(found.status, found.fields)
    return [found.body]


async def asgi(scope: dict[str, Any], _receive: object, send: Send) -> None:
    """For uvicorn. `lifespan` has nothing to prepare."""
    if scope["type"] == "http":
        found = ANSWERS.get(scope["path"], NOTHING)
        await send(found.start)
        await send(found.rest)
