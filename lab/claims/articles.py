"""What the articles measured, which the notes follow: for an experiment to hold its own beside."""

from __future__ import annotations

from collections.abc import Mapping


def rates_of_articles() -> Mapping[str, Mapping[int, float]]:
    """Requests per second by model and users (seven servers in C, 2019). A step may be missing."""
    from lab.report.page.articles import articles  # noqa: PLC0415 - Altair takes a second to load

    return articles()
