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
_TALKATIVE = ("epoll", "--idle-timeout", "3600s")

ROWS = (
    Row("prefork", "ab", (_pool("preforked", POOL),), (_apache("prefork", POOL),), 1),
    Row("worker", "ab", (_pool("prethreaded", POOL),), (_apache("worker", POOL),), 1),
    Row(
        "prefork-kept",
        "wrk",
        (_pool("preforked", CONNECTIONS),),
        (_apache("prefork", CONNECTIONS),),
        0.8,
    ),
    Row(
        "worker-kept",
        "wrk",
        (_pool("prethreaded", CONNECTIONS),),
        (_apache("worker", CONNECTIONS),),
        0.8,
    ),
    Row("event-kept", "wrk", EVERY_WAY, (Side("Apache mpm_event", "apache", ("event", "")),), 1),
    Row("nginx", "wrk", (EPOLL,), (_nginx(NGINX_SENDFILE),), 1.2),
    Row("nginx-best", "wrk", EVERY_WAY, tuple(_nginx(way) for way in NGINX_WAYS), 0.9),
    Row("uvicorn", "wrk", EVERY_WAY, (Side("uvicorn, uvloop + httptools", "uvicorn"),), 2),
    Row(
        "gthread",
        "wrk",
        (_pool("prethreaded", CONNECTIONS),),
        (
            Side(
                f"gunicorn gthread, {CONNECTIONS} threads",
                "gunicorn",
                ("gthread", "1", str(CONNECTIONS)),
            ),
        ),
        5,
    ),
    Row(
        "sync",
        "ab",
        (_pool("preforked", POOL),),
        (Side(f"gunicorn sync, {POOL} workers", "gunicorn", ("sync", str(POOL), "1")),),
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
