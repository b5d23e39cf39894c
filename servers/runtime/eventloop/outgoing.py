"""The rest of an answer that the kernel did not take at once.

Made only where an answer is larger than the socket's buffer, or the client reads slowly.
"""

from __future__ import annotations

from servers.runtime.transfer import allowance_s

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.http1 import Response
    from servers.runtime.transfer import Remainder, SendSome


class Outgoing:
    """Bytes and a range of a file, sent piece by piece.

    A client that takes nothing for `timeout_s`, or too little for too long (`allowance_s`), is
    given up: `deadline_s`, on the loop's clock.
    """

    __slots__ = (
        "_data",
        "_file",
        "_send_some",
        "_timeout_s",
        "_whole_by_s",
        "deadline_s",
        "response",
    )

    def __init__(
        self,
        response: Response,
        send_some: SendSome,
        rest: Remainder,
        now_s: float,
        timeout_s: float,
    ) -> None:
        self.response = response
        self._send_some = send_some
        self._data, self._file = rest
        self._timeout_s = timeout_s
        self._whole_by_s = now_s + allowance_s(timeout_s, *rest)
        self.deadline_s = now_s + timeout_s

    def send(self, client: socket.socket, now_s: float) -> bool:
        """Send what the kernel takes. True once it has all.

        Raises BlockingIOError where it takes nothing, another OSError where the client is gone.
        """
        self._data, self._file = self._send_some(client, self._data, self._file)
        self.deadline_s = min(now_s + self._timeout_s, self._whole_by_s)
        return not self._data and self._file is None
