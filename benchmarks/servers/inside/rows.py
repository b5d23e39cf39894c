"""The rows of the table: what is compared with what, under which client, and the floor.

A side is one server as it is started. Where a row has several sides of a kind, the best of each
kind are compared: each may choose its settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Client = Literal["ab", "wrk"]
Maker = Literal["lab", "apache", "nginx", "uvicorn", "gunicorn"]

CONNECTIONS = 50  # of wrk
CONCURRENCY = 10  # of ab
POOL = 8  # workers on either side, where each request has a connection of its own
IDLE = 10_000

NGINX_SENDFILE = "sendfile on;"
NGINX_WAYS = (NGINX_SENDFILE, "sendfile on; tcp_nopush on;", "sendfile off;")


@dataclass(frozen=True)
class Side:
    """`words`: for `lab` model and flags, else what the maker takes (commands.py)."""

    name: str
    maker: Maker
    words: tuple[str, ...] = ()
    idle: int = 0  # connections that stand by while the client measures


@dataclass(frozen=True)
class Row:
    """`floor` is the least ratio asked."""

    name: str
    client: Client
    ours: tuple[Side, ...]
    theirs: tuple[Side, ...]
    floor: float


def _lab(name: str, *words: str, idle: int = 0) -> Side:
    return Side(name, "lab", words, idle)


def _pool(model: str, of: int) -> Side:
    kind = "threads" if model == "prethreaded" else "workers"
    return _lab(f"{model}, {of} {kind}", model, "--workers", str(of))


def _apache(module: str, of: int) -> Side:
    return Side(f"Apache mpm_{module}, {of} workers", "apache", (module, str(of)))


def _epoll(transfer: str) -> Side:
    return _lab(f"epoll, {transfer}", "epoll", "--transfer", transfer)


def _nginx(way: str) -> Side:
    return Side(
        f"nginx, {way.replace(' on;', ';').rstrip(';').replace(';', ' +')}", "nginx", (way,)
    )


EPOLL = _epoll("sendfile")
EVERY_WAY = (EPOLL, _epoll("read-write"), _epoll("mmap"))
PREFORKED, PRETHREADED = (_pool(model, CONNECTIONS) for model in ("preforked", "prethreaded"))
GTHREAD = Side(
    f"gunicorn gthread, {CONNECTIONS} threads", "gunicorn", ("gthread", "1", f"{CONNECTIONS}")
)
SYNC = Side(f"gunicorn sync, {POOL} workers", "gunicorn", ("sync", f"{POOL}", "1"))
_TALKATIVE = ("epoll", "--idle-timeout", "3600s")
CROWDED = _lab(f"epoll, {IDLE:,} idle connections", *_TALKATIVE, idle=IDLE)

ROWS = (
    Row("prefork", "ab", (_pool("preforked", POOL),), (_apache("prefork", POOL),), 1),
    Row("worker", "ab", (_pool("prethreaded", POOL),), (_apache("worker", POOL),), 1),
    Row("prefork-kept", "wrk", (PREFORKED,), (_apache("prefork", CONNECTIONS),), 0.8),
    Row("worker-kept", "wrk", (PRETHREADED,), (_apache("worker", CONNECTIONS),), 0.8),
    Row("event-kept", "wrk", EVERY_WAY, (Side("Apache mpm_event", "apache", ("event", "")),), 1),
    Row("nginx", "wrk", (EPOLL,), (_nginx(NGINX_SENDFILE),), 1.2),
    Row("nginx-best", "wrk", EVERY_WAY, tuple(_nginx(way) for way in NGINX_WAYS), 0.9),
    Row("uvicorn", "wrk", EVERY_WAY, (Side("uvicorn, uvloop + httptools", "uvicorn"),), 2),
    Row("gthread", "wrk", (PRETHREADED,), (GTHREAD,), 5),
    Row("sync", "ab", (_pool("preforked", POOL),), (SYNC,), 2),
    Row("idle", "wrk", (CROWDED,), (_lab("epoll, none idle", *_TALKATIVE),), 0.9),
)
