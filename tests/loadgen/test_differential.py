"""The parser of responses against two well-kept ones: h11 and httptools."""

from __future__ import annotations

import h11
import httptools
from hypothesis import given
from hypothesis import strategies as st

from loadgen.engine.response import ResponseParser

BODIES = st.binary(max_size=60)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    body = draw(BODIES)
    fields = draw(
        st.lists(st.sampled_from([b"Date: x", b'ETag: "a"', b"Connection: close"]), unique=True)
    )
    if draw(st.booleans()):
        fields.append(b"Content-Length: %d" % len(body))
    else:
        fields.append(b"Transfer-Encoding: chunked")
        at = draw(st.integers(0, len(body)))
        parts = [part for part in (body[:at], body[at:]) if part]
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    fields = draw(st.permutations(fields))
    status = draw(st.sampled_from([b"200 OK", b"404 Not Found", b"500 ", b"303 See Other"]))
    return b"HTTP/1.1 %s\r\n%s\r\n\r\n%s" % (status, b"\r\n".join(fields), body)


@given(answers())
def test_h11_and_httptools_read_the_same(data: bytes) -> None:
    ours = ResponseParser(keep_body=True)
    assert ours.receive_data(data)

    theirs = h11.Connection(h11.CLIENT)
    theirs.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    theirs.send(h11.EndOfMessage())
    theirs.receive_data(data)
    head = theirs.next_event()
    assert isinstance(head, h11.Response)
    body = b""
    while isinstance(event := theirs.next_event(), h11.Data):
        body += event.data
    assert isinstance(event, h11.EndOfMessage)
    assert (ours.status, bytes(ours.body or b"")) == (head.status_code, body)
    assert ours.keep_alive == (theirs.their_state is not h11.MUST_CLOSE)

    class Seen:
        body = b""
        stays = False

        def on_headers_complete(self) -> None:
            self.stays = parser.should_keep_alive()

        def on_body(self, part: bytes) -> None:
            self.body += part

    seen = Seen()
    parser = httptools.HttpResponseParser(seen)
    parser.feed_data(data)
    assert (ours.status, bytes(ours.body or b"")) == (parser.get_status_code(), seen.body)
    assert ours.keep_alive == seen.stays
