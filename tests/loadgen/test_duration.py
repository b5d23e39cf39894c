"""Durations as people write them."""

from __future__ import annotations

import pytest

from loadgen.formats.duration import seconds


@pytest.mark.parametrize(
    ("text", "expected_s"),
    [("500ms", 0.5), ("10s", 10), ("1.5s", 1.5), ("2m", 120), ("0s", 0), ("0.25m", 15)],
)
def test_taken(text: str, expected_s: float) -> None:
    assert seconds(text) == expected_s


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10",
        "s",
        "10 s",
        "10S",
        "-1s",
        "1e3s",
        ".5s",
        "5.s",
        "1h",
        "10s ",
        "10s\n",
        "١s",
        10,
        None,
    ],
)
def test_refused(text: object) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        seconds(text)
