"""An address in brackets is one exactly where the standard library says so (RFC 3986, 3.2.2)."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

from hypothesis import example, given
from hypothesis import strategies as st

from servers.http1.grammar import HOST

match_host = re.compile(HOST).fullmatch
groups = st.sampled_from(["", "0", "1", "ab", "FFFF", "00a0", "12345", "g"])
fours = st.sampled_from(["", "", "1.2.3.4", "255.249.199.0", "256.1.1.1", "01.2.3.4", "1.2.3"])


@st.composite
def addresses(draw: st.DrawFn) -> str:
    """Mostly valid: up to nine groups, perhaps a gap, perhaps IPv4 at the end."""
    whole = st.lists(st.sampled_from(["0", "1", "ab", "FFFF", "00a0"]), max_size=9)
    parts = draw(st.one_of(whole, whole, st.lists(groups, max_size=9)))
    if four := draw(fours):
        parts.append(four)
    if draw(st.booleans()):
        before = draw(st.integers(0, len(parts)))
        return ":".join(parts[:before]) + "::" + ":".join(parts[before:])
    return ":".join(parts)


def is_address(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


@given(addresses())
@example("::")
@example("::2:3:4:5:6:7:8")
@example("1:2:3:4:5:6:7::")
@example("::1:2:3:4:5:6:7:8")
@example("1:2:3:4:5:6:1.2.3.4")
@example("1:2:3:4:5:6:7:1.2.3.4")
def test_addresses(text: str) -> None:
    assert bool(match_host(b"[%b]" % text.encode())) == is_address(text)
