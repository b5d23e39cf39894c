"""Dates agree with the standard library's, in the three forms of RFC 9110, 5.6.7."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from servers.http1 import http_date, parse_http_date

FOUR_DIGIT_YEARS = st.integers(-62135596800, 253402300799)  # of 0001 to 9999


@given(FOUR_DIGIT_YEARS)
def test_round_trip(epoch_s: int) -> None:
    date = http_date(epoch_s)
    assert parse_http_date(date) == epoch_s
    moment = datetime.fromtimestamp(epoch_s, UTC)
    assert date == formatdate(epoch_s, usegmt=True).encode()
    assert parse_http_date(moment.strftime("%a %b %e %H:%M:%S %Y").encode()) == (
        epoch_s if moment.year > 999 else None  # strftime does not pad a year
    )


@given(st.integers(0, 3155759999))  # 1970 to 2069
@example(0)
@example(3155759999)
def test_the_obsolete_form_with_two_digits(epoch_s: int) -> None:
    obsolete = datetime.fromtimestamp(epoch_s, UTC).strftime("%A, %d-%b-%y %H:%M:%S GMT")
    assert parse_http_date(obsolete.encode()) == epoch_s


@pytest.mark.parametrize(
    "value",
    [
        *(b"", b"0", b"now", b"Sun, 06 Nov 1994 08:49:37", b"Sun, 6 Nov 1994 08:49:37 GMT"),
        *(b"Sun, 06 nov 1994 08:49:37 GMT", b"Sun, 06 Nov 1994 08:49:37 UTC"),
        *(b"Sun, 31 Apr 1994 08:49:37 GMT", b"Sun, 29 Feb 1900 08:49:37 GMT"),
        *(b"Sun, 00 Nov 1994 08:49:37 GMT", b"Sun, 06 Nov 1994 24:00:00 GMT"),
        *(b"Sun, 06 Nov 1994 08:60:00 GMT", b"Sun, 06 Nov 1994 08:49:37 GMT\n"),
        *(b"\xff" * 40, b"Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT"),
    ],
)
def test_what_is_no_date(value: bytes) -> None:
    assert parse_http_date(value) is None


def test_leap_days() -> None:
    assert parse_http_date(b"Tue, 29 Feb 2000 00:00:00 GMT") == 951782400
    assert http_date(951782400) == b"Tue, 29 Feb 2000 00:00:00 GMT"
