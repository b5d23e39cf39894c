"""Our few lines of decoding and escaping against the standard library's many."""

from __future__ import annotations

import html
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers.app.escaping import escape_html, percent_decode
from servers.app.forms import is_form, parse_form

VALID = st.lists(
    st.one_of(
        st.binary(max_size=5).map(lambda octets: octets.replace(b"%", b"")),
        st.integers(0, 255).map(lambda octet: b"%%%02x" % octet),
        st.integers(0, 255).map(lambda octet: b"%%%02X" % octet),
    )
).map(b"".join)


@given(raw=VALID)
def test_percent_decoding_is_urllibs_where_it_is_valid(raw: bytes) -> None:
    assert percent_decode(raw) == urllib.parse.unquote_to_bytes(raw)


@pytest.mark.parametrize("raw", [b"%", b"%1", b"a%", b"%g1", b"% 1", b"%1 ", b"%+1", b"%\xb2\xb2"])
def test_percent_decoding_refuses_what_urllib_lets_pass(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which of them is nobody's business
        percent_decode(raw)


@given(text=st.text())
def test_html_is_escaped_as_the_standard_library_does(text: str) -> None:
    assert escape_html(text.encode()) == html.escape(text).replace("&#x27;", "&#39;").encode()


@given(fields=st.lists(st.tuples(st.text(), st.text())))
def test_form_is_read_back_as_it_was_written(fields: list[tuple[str, str]]) -> None:
    body = urllib.parse.urlencode(fields).encode()
    read = parse_form(body)
    assert read == urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)
    assert read == fields


@given(body=st.text(alphabet="ab=&+;%41c3bC3B\xe9 ", max_size=30).map(str.encode))
def test_form_is_urllibs_or_refused(body: bytes) -> None:
    try:
        read = parse_form(body)
    except ValueError:
        pairs = [b for pair in body.split(b"&") for b in pair.replace(b"+", b" ").split(b"=", 1)]
        octets = [urllib.parse.unquote_to_bytes(half) for half in pairs]
        broken = any(b"%" in half.replace(b"%25", b"") for half in octets)
        assert broken or any(_is_not_utf8(half) for half in octets)
    else:
        assert read == urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)


def _is_not_utf8(octets: bytes) -> bool:
    return octets.decode(errors="replace").encode() != octets


@pytest.mark.parametrize("body", [b"a=%ff", b"%c3=1", b"a=%ed%a0%80", b"a=%c0%bc", b"\xff", b"a=%"])
def test_form_that_is_not_utf8_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which of them is nobody's business
        parse_form(body)


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        (b"application/x-www-form-urlencoded", True),
        (b"Application/X-WWW-Form-URLencoded ; charset=UTF-8", True),
        (b"multipart/form-data; boundary=x", False),
        (b"application/x-www-form-urlencodedx", False),
        (b"text/plain; application/x-www-form-urlencoded", False),
        (b"", False),
    ],
)
def test_what_counts_as_a_form(content_type: bytes, form: bool) -> None:
    assert is_form(content_type) == form
