"""The knobs: every choice that an experiment may vary, its default, and the models that take it.

A knob is given by flag (`--idle-timeout 5s`) or by environment (`SERVER_IDLE_TIMEOUT=5s`); the flag
wins. One that no model knows, or that this model has no use for, is an error that names those it
takes: a knob that does nothing would make two different experiments look alike.

A model is a file of the package `servers`. Of the knobs that are not for all models, it takes those
that its file names: `KNOBS = ("workers",)`.
"""

from __future__ import annotations

import importlib
import os
import re

from servers.http1 import Limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ENVIRONMENT_PREFIX = "SERVER_"
MODELS = tuple(
    sorted(
        name.removesuffix(".py")
        for name in os.listdir(os.path.dirname(os.path.dirname(__file__)))
        if name.endswith(".py") and not name.startswith("_")
    )
)


class SettingError(Exception):
    """What is wrong with the settings, one line each, with the remedy."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class Kind:
    """How a text is read, and `takes`: the texts that it takes, in words."""

    __slots__ = ("_read", "takes")

    def __init__(self, takes: str, read: Callable[[str], object]) -> None:
        """`read` raises ValueError for any other text."""
        self.takes, self._read = takes, read

    def __call__(self, text: str) -> object:
        """Raises ValueError with what it takes."""
        try:
            return self._read(text)
        except ValueError as other:
            raise ValueError(self.takes) from other


def _whole(least: int, most: int) -> Kind:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return Kind(f"a whole number from {least} to {most}", read)


def _one_of(*choices: str) -> Kind:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    *others, last = choices
    return Kind(f"{', '.join(others)} or {last}", read)


def _duration_s(text: str) -> float:
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(ms|s|)", text)
    seconds = float(match[1]) / (1000 if match[2] == "ms" else 1) if match else 0.0
    if not 0.001 <= seconds <= 3600:
        raise ValueError
    return seconds


def _on(text: str) -> bool:
    return ("off", "on").index(text) == 1


def _address(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", text):
        raise ValueError
    return text


def _host_and_port(text: str) -> tuple[str, int]:
    match = re.fullmatch(r"([A-Za-z0-9._-]{1,253}):([0-9]{1,5})", text)
    if not match or not 1 <= int(match[2]) <= 65535:
        raise ValueError
    return match[1], int(match[2])


SWITCH = Kind("on or off", _on)
DURATION = Kind("a duration from 1ms to 3600s, such as 500ms or 10s", _duration_s)
ADDRESS = Kind("an IPv4 address such as 0.0.0.0 or 127.0.0.1", _address)
PLACE = Kind("HOST:PORT, such as redis:6379", _host_and_port)


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
    Knob("port", "8000", _whole(0, 65535), "TCP port; 0 lets the kernel choose"),
    Knob("bind", "0.0.0.0", ADDRESS, "address to bind; 0.0.0.0 is INADDR_ANY"),  # noqa: S104
    Knob("backlog", "4096", _whole(1, 65535), "connections that may wait to be accepted"),
    Knob("reuseaddr", "on", SWITCH, "SO_REUSEADDR: bind although old connections linger"),
    Knob("keepalive", "on", SWITCH, "let a connection carry more than one request"),
    Knob("idle_timeout", "15s", DURATION, "how long a peer may be silent, or refuse our bytes"),
    Knob("header_timeout", "10s", DURATION, "how long each 64 KiB of a request may take to arrive"),
    Knob("grace", "5s", DURATION, "how long requests in hand may take after SIGTERM"),
    Knob(
        "transfer",
        "sendfile",
        _one_of("sendfile", "read-write", "mmap"),
        "how a file reaches the peer",
    ),
    Knob("request_line_limit", "8192", _whole(64, 1 << 20), "longest request line in bytes"),
    Knob("field_limit", "100", _whole(1, 10_000), "most header fields in a request"),
    Knob("head_limit", "32768", _whole(128, 1 << 24), "largest request head in bytes"),
    Knob("body_limit", "1048576", _whole(1, 1 << 30), "largest request body in bytes"),
    Knob("redis", "redis:6379", PLACE, "where the guestbook is kept"),
    Knob("sigint", "drain", _one_of("drain", "ignore"), "what SIGINT (Ctrl-C) does"),
    Knob("workers", "8", _whole(1, 4096), "workers made in advance", common=False),
    Knob("accept_mutex", "on", SWITCH, "one thread at a time in accept()", common=False),
    Knob(
        "accept_wait",
        "block",
        _one_of("block", "poll", "epoll", "epoll-exclusive"),
        "where a worker waits for a client: in accept(), or for readiness",
        common=False,
    ),
    Knob("reuseport", "off", SWITCH, "SO_REUSEPORT: a listener for each worker", common=False),
    Knob(
        "reap",
        "loop",
        _one_of("loop", "once", "never", "ignore"),
        "what SIGCHLD does: wait for all that ended, for one, for none, or SIG_IGN",
        common=False,
    ),
    Knob("max_children", "1024", _whole(1, 32768), "most children at once", common=False),
    Knob("max_threads", "4096", _whole(1, 32768), "most threads at once", common=False),
    Knob("max_connections", "16384", _whole(1, 1 << 20), "most connections at once", common=False),
    Knob("trigger", "level", _one_of("level", "edge"), "how epoll reports readiness", common=False),
)


def knobs_of(model: str) -> dict[str, Knob]:
    """Those that the model takes, by name."""
    own = getattr(importlib.import_module(f"servers.{model}"), "KNOBS", ())
    return {knob.name: knob for knob in KNOBS if knob.common or knob.name in own}


def takers(knob: Knob) -> tuple[str, ...]:
    """The models that take it."""
    return tuple(model for model in MODELS if knob.name in knobs_of(model))


class Settings:
    """The knobs of one server, parsed. Durations are in seconds, sizes in bytes."""

    model: str
    port: int
    bind: str
    backlog: int
    reuseaddr: bool
    keepalive: bool
    idle_timeout: float
    header_timeout: float
    grace: float
    transfer: str
    request_line_limit: int
    field_limit: int
    head_limit: int
    body_limit: int
    redis: tuple[str, int]
    sigint: str
    workers: int
    accept_mutex: bool
    accept_wait: str
    reuseport: bool = False  # every listener asks, whichever model it is for
    reap: str
    max_children: int
    max_threads: int
    max_connections: int
    trigger: str

    def __init__(self, model: str, given: Mapping[str, str]) -> None:
        """Knobs that are not given keep their default. Raises SettingError naming every mistake."""
        taken = knobs_of(model)
        mistakes = [
            f"{model} takes no setting {name!r}; it takes {', '.join(taken)}"
            for name in given
            if name not in taken
        ]
        for name, knob in taken.items():
            try:
                setattr(self, name, knob.parse(given.get(name, knob.default)))
            except ValueError as wanted:
                mistakes.append(f"{name}: {given[name]!r} is not {wanted}")
        if mistakes:
            raise SettingError(mistakes)
        self.model = model
        self.limits = Limits(
            request_line=self.request_line_limit,
            fields=self.field_limit,
            head=self.head_limit,
            body=self.body_limit,
        )


def from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The knobs that the environment sets, by name, as typed."""
    start = len(ENVIRONMENT_PREFIX)
    return {
        name[start:].lower(): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }
