"""How a file's bytes reach the peer: sendfile(2), read(2) and write(2), or mmap(2) and write(2).

sendfile copies inside the kernel; the head is sent just before it with MSG_MORE, so that both
leave in one segment (tcp(7), TCP_CORK). read-write brings the bytes into user space and back: for a
small file that is one system call fewer, for a large one it is the copy that sendfile saves. mmap
spares the read(2) as well: the file's pages are mapped once, by the first answer, and copied into
each.

`send_whole` serves blocking sockets. `send_some` makes one step and says how far it came: an event
loop calls it again when the socket is writable.
"""

from __future__ import annotations

import mmap
import os
import socket
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servers.http1 import FileRange

    # (socket, bytes still to send, file still to send) -> the same two, less what was sent
    Remainder = tuple[bytes, FileRange | None]
    SendSome = Callable[[socket.socket, bytes, FileRange | None], Remainder]

CHUNK_BYTES = 65536
NOTHING_LEFT: Remainder = (b"", None)


def by_sendfile(client: socket.socket, data: bytes, file: FileRange | None) -> Remainder:
    """One step: what the kernel takes now. Raises BlockingIOError where it takes nothing."""
    if file is None:
        return data[client.send(data) :], None
    if data:
        sent = client.send(data, socket.MSG_MORE)
        if sent < len(data):
            return data[sent:], file
    try:
        sent = os.sendfile(client.fileno(), file.fd, file.offset, file.count)
    except BlockingIOError:
        if not data:
            raise
        sent = 0
    return NOTHING_LEFT if sent == file.count else (b"", _rest(file, sent))


def by_read_write(client: socket.socket, data: bytes, file: FileRange | None) -> Remainder:
    """The same step by read(2) into user space and send(2) out of it."""
    if file is not None:
        piece = os.pread(file.fd, min(file.count, CHUNK_BYTES), file.offset)
        file = _rest(file, len(piece)) if len(piece) < file.count else None
        data += piece
    sent = client.send(data) if file is None else client.send(data, socket.MSG_MORE)
    return data[sent:], file


def by_mmap(client: socket.socket, data: bytes, file: FileRange | None) -> Remainder:
    """The same step out of the file's pages, mapped when they are first wanted."""
    if file is not None:
        pages = file.pages
        if pages is None:
            whole = memoryview(mmap.mmap(file.fd, 0, prot=mmap.PROT_READ))
            file.pages = pages = whole[file.offset : file.offset + file.count]
        if file.count <= CHUNK_BYTES:
            data += pages
            file = None
        else:
            data += pages[:CHUNK_BYTES]
            file = _rest(file, CHUNK_BYTES)
    sent = client.send(data) if file is None else client.send(data, socket.MSG_MORE)
    return data[sent:], file


def _rest(file: FileRange, sent: int) -> FileRange:
    rest = type(file)(file.fd, file.offset + sent, file.count - sent)
    rest.pages = file.pages and file.pages[sent:]
    return rest


STEPS: dict[str, SendSome] = {
    "sendfile": by_sendfile,
    "read-write": by_read_write,
    "mmap": by_mmap,
}


def allowance_s(timeout_s: float, data: bytes, file: FileRange | None) -> float:
    """How long a peer may take over an answer: `timeout_s` for each 64 KiB, begun or whole.

    A bound on the whole answer: a peer that took one byte now and then would pass any bound on the
    silence between two bytes.
    """
    size = len(data) + (file.count if file else 0)
    return timeout_s * (1 + size // CHUNK_BYTES)


def send_whole(
    step: SendSome, client: socket.socket, data: bytes, file: FileRange | None, timeout_s: float
) -> None:
    """Send all of it through a blocking socket whose SO_SNDTIMEO is set.

    Raises BlockingIOError where the peer takes nothing, or too little for too long, and OSError
    (EPIPE, ECONNRESET) where it is gone.
    """
    data, file = step(client, data, file)
    if not data and file is None:
        return
    deadline_s = monotonic() + allowance_s(timeout_s, data, file)
    while True:
        data, file = step(client, data, file)
        if not data and file is None:
            return
        if monotonic() > deadline_s:
            raise BlockingIOError("the peer takes its answer too slowly")
