"""Closing in stages in a worker that blocks: see `servers.runtime.closing`."""

from __future__ import annotations

from socket import IPPROTO_TCP, SHUT_WR, TCP_INFO
from time import monotonic, sleep

from servers.runtime.closing import DISCARD_BYTES, DISCARD_S, RECEIVE_BYTES
from servers.runtime.listener import set_receive_timeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

# A client whose FIN has not come leaves us in one of these two (enum in <netinet/tcp.h>).
FIN_WAIT1, FIN_WAIT2 = 4, 5
LOOK_AGAIN_S = 0.01


def close_in_stages(client: socket.socket) -> None:
    """Say that we are done, and discard what comes until the client closes, within the bounds.

    Raises OSError where the client is gone or silent. Closing the descriptor is left to the caller.
    """
    client.shutdown(SHUT_WR)
    deadline_s = monotonic() + DISCARD_S
    left = DISCARD_BYTES
    while left > 0 and (left_s := deadline_s - monotonic()) > 0:
        set_receive_timeout(client, left_s)
        data = client.recv(RECEIVE_BYTES)
        left -= len(data)
        if not data:
            # A drain may have shut the reading side (drain.py): then recv() does not wait.
            if client.getsockopt(IPPROTO_TCP, TCP_INFO, 1)[0] not in (FIN_WAIT1, FIN_WAIT2):
                return
            sleep(LOOK_AGAIN_S)
