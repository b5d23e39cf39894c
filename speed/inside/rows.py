"""The rows of the table: what is compared with what, under which client, and the floor.

A side is one server as it is started. Where a row has several sides of a kind, the best of each
kind are compared: each may choose its settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Client = Literal["ab", "wrk"]
Maker = Literal["lab", "original", "nginx", "uvicorn", "gunicorn"]

CONNECTIONS = 50  # of wrk
CONCURRENCY = 10  # of ab
ORIGINAL_POOL = 100  # workers that the C originals are compiled with
SYNC_WORKERS = 8
IDLE = 10_000

NGINX_SENDFILE = "sendfile on;"
NGINX_WAYS = (NGINX_SENDFILE, "sendfile on; tcp_nopush on;", "sendfile off;")


@dataclass(frozen=True)
class Side:
    """`words`: for `lab` model and flags, for `original` the model, else what the maker takes."""

    name: str
    maker: Maker
    words: tuple[str, ...] = ()
    idle: int = 0  # connections that stand by while the client measures


@dataclass(frozen=True)
class Row:
    """`floor` is the least ratio asked; None: the other is known to fail, so nothing is compared,
    and the failure is shown instead."""

    name: str
    client: Client
    ours: tuple[Side, ...]
    theirs: tuple[Side, ...]
    floor: float | None

    @property
    def needs_originals(self) -> bool:
        """Whether the C sources have to be there."""
        return any(side.maker == "original" for side in self.theirs)


def _lab(name: str, *words: str, idle: int = 0) -> Side:
    return Side(name, "lab", words, idle)


def _against_original(model: str, floor: float | None) -> Row:
    pool = ("--workers", str(ORIGINAL_POOL)) if model.startswith("pre") else ()
    ours, original = _lab(model, model, *pool), Side(f"C {model}", "original", (model,))
    return Row(f"c-{model}", "ab", (ours,), (original,), floor)


def _epoll(transfer: str) -> Side:
    return _lab(f"epoll, {transfer}", "epoll", "--transfer", transfer)


def _nginx(way: str) -> Side:
    return Side(
        f"nginx, {way.replace(' on;', ';').rstrip(';').replace(';', ' +')}", "nginx", (way,)
    )


EPOLL = _epoll("sendfile")
EITHER_WAY = (EPOLL, _epoll("read-write"))
_THREADS, _SYNC = str(CONNECTIONS), str(SYNC_WORKERS)
_TALKATIVE = ("epoll", "--idle-timeout", "3600s")

ROWS = (
    _against_original("iterative", 2),
    _against_original("forking", 0.8),
    _against_original("preforked", 2),
    _against_original("threaded", 2),
    _against_original("prethreaded", 2),
    _against_original("poll", None),
    _against_original("epoll", None),
    Row("nginx", "wrk", (EPOLL,), (_nginx(NGINX_SENDFILE),), 1.1),
    Row(
        "nginx-best",
        "wrk",
        EITHER_WAY,
        tuple(_nginx(way) for way in NGINX_WAYS),
        0.8,
    ),
    Row("uvicorn", "wrk", EITHER_WAY, (Side("uvicorn, uvloop + httptools", "uvicorn"),), 2),
    Row(
        "gthread",
        "wrk",
        (_lab(f"prethreaded, {_THREADS} threads", "prethreaded", "--workers", _THREADS),),
        (Side(f"gunicorn gthread, {_THREADS} threads", "gunicorn", ("gthread", "1", _THREADS)),),
        5,
    ),
    Row(
        "sync",
        "ab",
        (_lab(f"preforked, {_SYNC} workers", "preforked", "--workers", _SYNC),),
        (Side(f"gunicorn sync, {_SYNC} workers", "gunicorn", ("sync", _SYNC, "1")),),
        2,
    ),
    Row(
        "idle",
        "wrk",
        (_lab(f"epoll, {IDLE:,} idle connections", *_TALKATIVE, idle=IDLE),),
        (_lab("epoll, none idle", *_TALKATIVE),),
        0.9,
    ),
)


def chosen(names: str) -> tuple[Row, ...]:
    """`nginx,idle` -> those rows, in the table's order; all for none. ValueError with the names."""
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    unknown = wanted - {row.name for row in ROWS}
    if unknown:
        known = ", ".join(row.name for row in ROWS)
        raise ValueError(f"no row {', '.join(sorted(unknown))}; there are: {known}")
    return tuple(row for row in ROWS if not wanted or row.name in wanted)
