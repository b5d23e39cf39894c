"""The plainest applications for uvicorn and gunicorn: the same head and bytes, no routing at all.

Head and body are files that the runner wrote before (places.py): the head is what our own servers
answer with, less what each server adds by itself.
"""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

_PLACE = Path(os.environ["SPEED_PLACE"])
_BODY = (_PLACE / "public" / "615b.html").read_bytes()
_FIELDS: list[tuple[str, str]] = [
    (name, value) for name, value in json.loads((_PLACE / "head.json").read_text())
]
_RAW = [(name.lower().encode(), value.encode()) for name, value in _FIELDS]

_START = {"type": "http.response.start", "status": 200, "headers": _RAW}
_REST = {"type": "http.response.body", "body": _BODY}

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def asgi(scope: dict[str, Any], _receive: object, send: Send) -> None:
    """For uvicorn."""
    if scope["type"] == "http":
        await send(_START)
        await send(_REST)


def wsgi(_environ: object, start_response: Callable[..., object]) -> Iterable[bytes]:
    """For gunicorn."""
    start_response("200 OK", _FIELDS)
    return [_BODY]
