"""What all conversations of an event loop share."""

from __future__ import annotations

from servers.runtime.eventloop.redis_pipe import RedisPipe
from servers.runtime.transfer import STEPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servers.app import Application
    from servers.runtime.eventloop.loop import Loop
    from servers.runtime.meter import Tally
    from servers.runtime.settings import Settings


class Service:
    """`closing`: each answer is its connection's last. `ended`: to be told a closed descriptor."""

    __slots__ = (
        "app", "closing", "ended", "header_timeout_s", "idle_timeout_s", "limits", "loop", "redis",
        "send_some", "tally",
    )  # fmt: skip

    def __init__(
        self,
        loop: Loop,
        app: Application,
        settings: Settings,
        tally: Tally,
        ended: Callable[[int], object],
    ) -> None:
        self.loop, self.app, self.tally, self.ended = loop, app.__call__, tally, ended
        self.redis = RedisPipe(loop, settings.redis)
        self.limits = settings.limits
        self.send_some = STEPS[settings.transfer]
        self.idle_timeout_s, self.header_timeout_s = settings.idle_timeout, settings.header_timeout
        self.closing = not settings.keepalive
