"""A message that breaks the protocol: which status it earns, and the answer to send."""

from servers.http1.response import Response


class ProtocolError(Exception):
    """The peer's bytes are refused; the connection ends after `response()` is sent."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason

    def response(self) -> Response:
        return Response(
            self.status,
            ((b"Content-Type", b"text/plain; charset=utf-8"),),
            self.reason.encode() + b"\n",
        )
