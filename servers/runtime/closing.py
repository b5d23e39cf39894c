"""How a connection is closed after its last answer (RFC 9112, 9.6).

close(2) with received bytes unread resets the connection, and so do bytes that arrive afterwards.
The reset overtakes the answer: the client loses what it has not received yet. So the server closes
in stages: shut the sending side, read and discard what still comes until the client closes too,
then close. Time and bytes are bounded, or a client that never stops would keep the server reading.

Closed at once is only a client that said `close` itself and sent nothing after that: it may not
send anything more. Where its answer is long, its word is not enough, and unread bytes are looked
for. A short answer leaves in the first window (RFC 6928) and reaches the client before any reset.
"""

from __future__ import annotations

from fcntl import ioctl
from termios import FIONREAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.http1 import Connection, Response

DISCARD_S = 1.0
DISCARD_BYTES = 1 << 20
RECEIVE_BYTES = 16384
FIRST_WINDOW_BYTES = 14_000  # of content; the head takes the rest of ten segments
_NONE_UNREAD = bytes(4)


def needs_stages(client: socket.socket, connection: Connection, answer: Response) -> bool:
    """Whether closing at once could cost the client this answer, its last."""
    if not connection.client_is_done:
        return True
    size = len(answer.content) if answer.file is None else answer.file.count
    if size <= FIRST_WINDOW_BYTES:
        return False
    # FIONREAD (tcp(7), SIOCINQ): how many received bytes are unread, as a C int.
    return ioctl(client.fileno(), FIONREAD, _NONE_UNREAD) != _NONE_UNREAD
