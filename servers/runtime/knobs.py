"""The knobs: every choice that an experiment may vary, its default, and the models that take it.

A model is a file of the package `servers`. Of the knobs that are not for all models, it takes those
that its file names: `KNOBS = ("workers",)`.
"""

from __future__ import annotations

import importlib
import os

from servers.runtime.values import ADDRESS, DURATION, PLACE, SWITCH, Kind, one_of, whole

MODELS = tuple(
    sorted(
        name.removesuffix(".py")
        for name in os.listdir(os.path.dirname(os.path.dirname(__file__)))
        if name.endswith(".py") and not name.startswith("_")
    )
)


class Knob:
    """One knob: name, default as typed, how its text is read, and whether all models take it."""

    __slots__ = ("common", "default", "help", "name", "parse")

    def __init__(
        self,
        name: str,
        default: str,
        parse: Kind,
        text: str,
        *,
        common: bool = True,
    ) -> None:
        self.name, self.default, self.parse = name, default, parse
        self.help, self.common = text, common


KNOBS = (
    Knob("port", "8000", whole(0, 65535), "TCP port; 0 lets the kernel choose"),
    Knob("bind", "0.0.0.0", ADDRESS, "address to bind; 0.0.0.0 is INADDR_ANY"),  # noqa: S104
    Knob("backlog", "4096", whole(1, 65535), "connections that may wait to be accepted"),
    Knob("reuseaddr", "on", SWITCH, "SO_REUSEADDR: bind although old connections linger"),
    Knob("keepalive", "on", SWITCH, "let a connection carry more than one request"),
    Knob("idle_timeout", "15s", DURATION, "how long a peer may be silent, or refuse our bytes"),
    Knob("header_timeout", "10s", DURATION, "how long each 64 KiB of a request may take to arrive"),
    Knob("grace", "5s", DURATION, "how long requests in hand may take after SIGTERM"),
    Knob(
        "transfer",
        "sendfile",
        one_of("sendfile", "read-write", "mmap"),
        "how a file reaches the peer",
    ),
    Knob("request_line_limit", "8192", whole(64, 1 << 20), "longest request line in bytes"),
    Knob("field_limit", "100", whole(1, 10_000), "most header fields in a request"),
    Knob("head_limit", "32768", whole(128, 1 << 24), "largest request head in bytes"),
    Knob("body_limit", "1048576", whole(1, 1 << 30), "largest request body in bytes"),
    Knob("redis", "redis:6379", PLACE, "where the guestbook is kept"),
    Knob("sigint", "drain", one_of("drain", "ignore"), "what SIGINT (Ctrl-C) does"),
    Knob("workers", "8", whole(1, 4096), "workers made in advance", common=False),
    Knob("accept_mutex", "on", SWITCH, "one thread at a time in accept()", common=False),
    Knob(
        "accept_wait",
        "block",
        one_of("block", "poll", "epoll", "epoll-exclusive"),
        "where a worker waits for a client: in accept(), or for readiness",
        common=False,
    ),
    Knob("reuseport", "off", SWITCH, "SO_REUSEPORT: a listener for each worker", common=False),
    Knob(
        "reap",
        "loop",
        one_of("loop", "once", "never", "ignore"),
        "what SIGCHLD does: wait for all that ended, for one, for none, or SIG_IGN",
        common=False,
    ),
    Knob("max_children", "1024", whole(1, 32768), "most children at once", common=False),
    Knob("max_threads", "4096", whole(1, 32768), "most threads at once", common=False),
    Knob("max_connections", "16384", whole(1, 1 << 20), "most connections at once", common=False),
    Knob("trigger", "level", one_of("level", "edge"), "how epoll reports readiness", common=False),
)


def knobs_of(model: str) -> dict[str, Knob]:
    """Those that the model takes, by name."""
    own = getattr(importlib.import_module(f"servers.{model}"), "KNOBS", ())
    return {knob.name: knob for knob in KNOBS if knob.common or knob.name in own}


def takers(knob: Knob) -> tuple[str, ...]:
    """The models that take it."""
    return tuple(model for model in MODELS if knob.name in knobs_of(model))
