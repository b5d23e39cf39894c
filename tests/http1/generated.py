"""Hypothesis strategies: valid requests as (wire, meaning), and valid requests with a blemish."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.http1.wire import Seen

TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FRAMING = {b"host", b"content-length", b"transfer-encoding", b"expect", b"connection"}
SPECIAL = {*FRAMING, b"content-type", b"upgrade", b"keep-alive", b"proxy-connection"}

names = st.text(TOKEN_CHARACTERS, min_size=1, max_size=12).map(str.encode)
plain_names = names.filter(lambda name: name.lower() not in SPECIAL)
values = st.binary(max_size=20).map(
    lambda raw: bytes(c for c in raw if c == 9 or 0x20 <= c != 0x7F).strip(b" \t")
)
spaces = st.sampled_from([b"", b" ", b"\t", b"  \t"])
hosts = st.sampled_from([b"x", b"127.0.0.1:8001", b"[::1]:80", b"a-b.example"])
targets = st.one_of(
    st.text("abz09-._~!$&'()*+,;=:@/?", max_size=20).map(lambda text: b"/" + text.encode()),
    st.sampled_from([b"/%41%2f", b"http://y/a?b", b"http://y", b"/guestbook?name=a%20b"]),
)
methods = st.sampled_from([b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH"])


@st.composite
def chunked_bodies(draw: st.DrawFn, parts: list[bytes]) -> bytes:
    wire = b""
    for part in parts:
        size = draw(st.sampled_from([b"%x", b"%X", b"0%x"])) % len(part)
        extension = draw(st.sampled_from([b"", b";a", b";a=b", b';a="b c"']))
        wire += size + extension + b"\r\n" + part + b"\r\n"
    trailer = draw(st.sampled_from([b"", b"Checksum: 1\r\n", b"A:\r\nB: c\r\n"]))
    return wire + b"0\r\n" + trailer + b"\r\n"


@st.composite
def requests(draw: st.DrawFn) -> tuple[bytes, Seen]:
    """One valid request, and what is to be read in it."""
    method, target = draw(methods), draw(targets)
    version = draw(st.sampled_from([0, 1, 1, 1]))
    fields = draw(st.lists(st.tuples(plain_names, values), max_size=4))
    lines = [(b"Host", draw(hosts))] if version or draw(st.booleans()) else []
    body = b"".join(parts := draw(st.lists(st.binary(min_size=1, max_size=20), max_size=3)))
    framing = draw(st.sampled_from(["length", "chunked"] if version else ["length"]))
    coded = body
    if framing == "chunked":
        coded = draw(chunked_bodies(parts))
        lines.append((b"Transfer-Encoding", b"chunked"))
    elif body or draw(st.booleans()):
        lines.append((b"Content-Length", b"%d" % len(body)))
    connection = draw(st.sampled_from([None, None, b"close", b"keep-alive", b"Keep-Alive, x"]))
    if connection:
        lines.append((b"Connection", connection))
    lines = draw(st.permutations(lines + fields))
    wire = b"%b %b HTTP/1.%d\r\n" % (method, target, version)
    meaning: dict[bytes, bytes] = {}
    for name, value in lines:
        wire += name + b":" + draw(spaces) + value + draw(spaces) + b"\r\n"
        name = name.lower()  # noqa: PLW2901 - names have no case from here
        meaning[name] = meaning[name] + b", " + value if name in meaning else value
    if target.startswith(b"http:"):
        meaning[b"host"] = b"y"
    keep_alive = connection != b"close" if version else b"eep" in (connection or b"")
    seen = Seen(method, target, tuple(sorted(meaning.items())), body, version, keep_alive)
    return wire + b"\r\n" + coded, seen


@st.composite
def blemished(draw: st.DrawFn) -> bytes:
    """A valid request of which a byte or two were replaced, removed, doubled or put in."""
    wire = bytearray(draw(requests())[0])
    awkward = st.sampled_from(b'\r\n\0\t :;,="%/#?@[]0129afgx-+\x0b\x7f\x80\xff')
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(wire) - 1))
        match draw(st.sampled_from(["replace", "remove", "double", "insert"])):
            case "replace":
                wire[at] = draw(awkward)
            case "remove" if len(wire) > 1:
                del wire[at]
            case "double":
                wire.insert(at, wire[at])
            case _:
                wire.insert(at, draw(awkward))
    return bytes(wire)
