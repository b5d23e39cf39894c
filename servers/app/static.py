"""A static file: its bytes in a memfd, its responses made before anyone asks.

Files of a container image can be slow to open (storage drivers differ tenfold), and the lab is to
measure server models, not those: so a file is read once and kept in memory behind a descriptor,
which sendfile takes like any other. The file behind it may change; the answer changes at the next
start. The site must fit into memory.
"""

from __future__ import annotations

import os
from binascii import crc32

from servers.app.conditional import evaluate, range_stands
from servers.app.ranges import Unsatisfiable, select
from servers.http1 import FileRange, Response, http_date

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.app.answers import Fields
    from servers.http1 import Request


class StaticFile:
    """One resource that never changes while the server runs."""

    __slots__ = (
        "_etag",
        "_failed_precondition",
        "_fd",
        "_fields",
        "_modified_s",
        "_not_modified",
        "_size",
        "_unsatisfiable",
        "whole",
    )

    def __init__(
        self, content: bytes, media_type: bytes, modified_s: int, extra: Fields = ()
    ) -> None:
        self._size = len(content)
        self._fd = os.memfd_create("site")
        with open(self._fd, "wb", closefd=False) as file:
            file.write(content)
        # Never a date later than now, which is when the memfd was written (RFC 9110, 8.8.2.1).
        self._modified_s = min(modified_s, int(os.fstat(self._fd).st_mtime))
        # From the bytes alone: the same on every machine, whatever a checkout did to the dates.
        self._etag = b'"%x-%08x"' % (self._size, crc32(content))
        validators = ((b"Last-Modified", http_date(self._modified_s)), (b"ETag", self._etag))
        self._fields = (
            (b"Content-Type", media_type),
            *validators,
            (b"Accept-Ranges", b"bytes"),
            *extra,
        )
        self.whole = Response(200, self._fields, FileRange(self._fd, 0, self._size))
        self._not_modified = Response(304, validators)
        self._failed_precondition = Response(412, validators)
        self._unsatisfiable = Response(416, ((b"Content-Range", b"bytes */%d" % self._size),))

    def answer(self, request: Request, _rest: bytes = b"") -> Response:
        """The answer to a GET or HEAD: all of it, a part of it, or why neither."""
        fields = request.fields
        status = evaluate(fields, self._etag, self._modified_s)
        if status == 304:
            return self._not_modified
        if status == 412:
            return self._failed_precondition
        asked = fields.get(b"range")
        # A range means something with GET alone (14.2).
        if asked is None or request.method != b"GET":
            return self.whole
        if not range_stands(fields, self._etag, self._modified_s):
            return self.whole
        return self._part(asked)

    def _part(self, asked: bytes) -> Response:
        try:
            part = select(asked, self._size)
        except Unsatisfiable:
            return self._unsatisfiable
        if part is None:
            return self.whole
        offset, count = part
        where = b"bytes %d-%d/%d" % (offset, offset + count - 1, self._size)
        return Response(
            206, (*self._fields, (b"Content-Range", where)), FileRange(self._fd, offset, count)
        )
