"""The annotated notes as a page that opens offline: no script, its style and figures inside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from lab.claims.claim import Bars
from lab.claims.notes.annotated import Line, not_as_written
from lab.report import templates

HERE = Path(__file__).parent
BAR_HEIGHT = 12


def html(found: Sequence[Line], summary: str, where: str) -> str:
    """`where`: host and day of the evidence."""
    style = templates.looks() + (HERE / "notes.css").read_text(encoding="utf-8")
    return (
        templates.environment(HERE)
        .get_template("notes.html")
        .render(
            lines=found,
            wrong=not_as_written(found),
            summary=summary,
            where=where,
            share=share,
            style=Markup(style),  # noqa: S704 - ours
            BAR_HEIGHT=BAR_HEIGHT,
        )
    )


def share(bars: Bars, value: float) -> float:
    """Of the longest bar, in per cent."""
    most = max((each for _, each in bars.values), default=0.0)
    return round(100 * value / most, 2) if most else 0.0
