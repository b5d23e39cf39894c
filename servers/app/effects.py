"""What a handler may wait for, said instead of done.

A handler that must wait yields one of these and is resumed with the answer. A blocking model
performs the effect on the spot; poll and epoll hand it to their loop. So the application is written
once and only the concurrency differs. A generator waits for one effect
after the other, never for two at once, which is all that this application needs.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any, TypeAlias

    from servers.http1 import Response

    # What hiredis makes of a reply. A reply that is an error arrives as an exception *object*
    # (hiredis.ReplyError) in its place in the list; it is not raised.
    Reply: TypeAlias = "bytes | int | float | list[Reply] | Exception | None"
    Effect: TypeAlias = "Redis | Sleep | Spin"
    # A handler at work: resumed with what its effect names (list[Reply] or None), hence Any.
    EffectHandler: TypeAlias = Generator[Effect, Any, Response]


class Redis:
    """Commands sent in one pipelined write; resumed with the list of their replies, in order."""

    __slots__ = ("commands",)

    def __init__(self, commands: tuple[tuple[bytes, ...], ...]) -> None:
        self.commands = commands


class Sleep:
    """Wait without holding a CPU; resumed with None."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class Spin:
    """Burn the CPU of the calling thread for so long; resumed with None."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class RedisUnavailable(Exception):  # noqa: N818 - a state of the world, named as one says it
    """Thrown into the handler in place of an answer when Redis cannot be reached."""
