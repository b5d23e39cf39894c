"""Preconditions of RFC 9110, 13, in the order of 13.2.2."""

from __future__ import annotations

import pytest

from servers import http1
from servers.app.static import StaticFile
from tests.app.asking import content, fields_of, request

MODIFIED_S = 1_000_000_000
FILE = StaticFile(b"0123456789", b"text/plain", MODIFIED_S)
TAG = fields_of(FILE.whole)[b"etag"]
THEN = http1.http_date(MODIFIED_S)
BEFORE = http1.http_date(MODIFIED_S - 1)
AFTER = http1.http_date(MODIFIED_S + 1)
OLD_STYLE = b"Sunday, 09-Sep-01 01:46:40 GMT"


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (200, {}),
        # If-None-Match: weak comparison, lists, the star
        (304, {"If_None_Match": TAG}),
        (304, {"If_None_Match": b"W/" + TAG}),
        (304, {"If_None_Match": b"*"}),
        (304, {"If_None_Match": b'"x", ' + TAG + b' , "y"'}),
        (304, {"If_None_Match": b'"x,y",W/' + TAG}),
        (200, {"If_None_Match": b'"x"'}),
        (200, {"If_None_Match": TAG.strip(b'"')}),
        (200, {"If_None_Match": b'"W/' + TAG[1:]}),
        (200, {"If_None_Match": b'"*"'}),
        # If-Modified-Since: at or after the date, whatever form it has
        (304, {"If_Modified_Since": THEN}),
        (304, {"If_Modified_Since": AFTER}),
        (304, {"If_Modified_Since": OLD_STYLE}),
        (200, {"If_Modified_Since": BEFORE}),
        (200, {"If_Modified_Since": b"yesterday"}),
        (200, {"If_Modified_Since": THEN + b", " + THEN}),
        # a tag wins over a date, both ways
        (200, {"If_None_Match": b'"x"', "If_Modified_Since": THEN}),
        (304, {"If_None_Match": TAG, "If_Modified_Since": BEFORE}),
        # If-Match: strong comparison
        (200, {"If_Match": TAG}),
        (200, {"If_Match": b"*"}),
        (200, {"If_Match": b'"x",' + TAG}),
        (412, {"If_Match": b"W/" + TAG}),
        (412, {"If_Match": b'"x"'}),
        # If-Unmodified-Since, which If-Match overrules
        (200, {"If_Unmodified_Since": THEN}),
        (412, {"If_Unmodified_Since": BEFORE}),
        (200, {"If_Unmodified_Since": b"yesterday"}),
        (200, {"If_Match": TAG, "If_Unmodified_Since": BEFORE}),
        (412, {"If_Match": b'"x"', "If_Unmodified_Since": AFTER}),
        # what must hold comes before what may be spared
        (412, {"If_Match": b'"x"', "If_None_Match": TAG}),
        (304, {"If_Match": TAG, "If_None_Match": TAG}),
        # and both come before the range
        (304, {"If_None_Match": TAG, "Range": b"bytes=0-1"}),
        (412, {"If_Match": b'"x"', "Range": b"bytes=0-1"}),
        (206, {"If_None_Match": b'"x"', "Range": b"bytes=0-1"}),
        # If-Range: the very same bytes or all of them
        (206, {"If_Range": TAG, "Range": b"bytes=0-1"}),
        (206, {"If_Range": THEN, "Range": b"bytes=0-1"}),
        (200, {"If_Range": b"W/" + TAG, "Range": b"bytes=0-1"}),
        (200, {"If_Range": b'"x"', "Range": b"bytes=0-1"}),
        (200, {"If_Range": AFTER, "Range": b"bytes=0-1"}),
        (200, {"If_Range": b"yesterday", "Range": b"bytes=0-1"}),
        (200, {"If_Range": b'"x"', "Range": b"bytes=90-"}),
        (200, {"If_Range": TAG}),
    ],
)
def test_status(status: int, fields: dict[str, bytes]) -> None:
    response = FILE.answer(request(b"/", **fields))
    assert response.status == status
    assert content(response) == {200: b"0123456789", 206: b"01"}.get(status, b"")


@pytest.mark.parametrize(("status", "name"), [(304, "If_None_Match"), (412, "If_Match")])
def test_head_is_held_to_the_same_conditions(status: int, name: str) -> None:
    value = TAG if status == 304 else b'"x"'
    assert FILE.answer(request(b"/", b"HEAD", **{name: value})).status == status


def test_not_modified_repeats_the_validators_and_no_more() -> None:
    response = FILE.answer(request(b"/", If_None_Match=TAG))
    assert fields_of(response) == {b"etag": TAG, b"last-modified": THEN}
