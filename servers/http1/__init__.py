"""A sans-I/O HTTP/1.1 engine for servers: bytes in, requests out; responses in, bytes out.

It never touches a socket, a clock or a thread, so the same engine serves a process that blocks in
read() and a loop that never waits. Strict where RFC 9112 and RFC 9110 are: what it refuses it
refuses with the status they ask for, and the connection ends there.

It leaves out what the lab has no use for. A request is delivered whole: bodies are bounded and kept
in memory. A response has a known length. Upgrades, CONNECT and transfer codings other than chunked
are not spoken.

Read in this order: grammar (what a head looks like), connection (the conversation), request,
framing and chunked (where a message ends), diagnosis (why a head was refused), response.
"""

from servers.http1.connection import CONTINUE, Connection
from servers.http1.dates import http_date, parse_http_date
from servers.http1.errors import ProtocolError
from servers.http1.limits import Limits
from servers.http1.request import Request
from servers.http1.response import FileRange, Response

__all__ = [
    "CONTINUE",
    "Connection",
    "FileRange",
    "Limits",
    "ProtocolError",
    "Request",
    "Response",
    "http_date",
    "parse_http_date",
]
