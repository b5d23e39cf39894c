"""The annotated notes as Markdown, for docs/notes.md."""

from __future__ import annotations

from collections.abc import Sequence

from lab.claims.notes.annotated import Line, Tried, not_as_written


def markdown(found: Sequence[Line], summary: str, where: str) -> str:
    """`where`: host and day of the evidence."""
    parts = [
        "# The notes, line by line",
        f"{summary}. *Refined*: not true as written, and the sentence says what is true instead."
        " The notes are quoted as they were written. A verdict covers the lines just above it; the"
        " command behind it shows it again. A line without a verdict states nothing to try.",
        where,
        *_not_as_written(found),
    ]
    for line in found:
        parts.append(f"## {line.text}" if line.kind == "heading" else f"> {_escaped(line.text)}")
        if line.claims:
            parts.append("\n".join(_claim(tried) for tried in line.claims))
    return "\n\n".join(parts) + "\n"


def _not_as_written(found: Sequence[Line]) -> list[str]:
    wrong = [each.claim.id for each in not_as_written(found)]
    return [f"**Not true as written:** {', '.join(wrong)}."] if wrong else []


def _claim(tried: Tried) -> str:
    again = f"`make claim CLAIM={tried.claim.id}`"
    if tried.judged is None:
        return f"- *not tried here*: {again}"
    verdict = tried.judged.verdict
    return f"- **{verdict.outcome}**: {_escaped(verdict.sentence)} ({again})"


def _escaped(text: str) -> str:
    """What Markdown would take for a mark of its own."""
    return text.replace("_", "\\_").replace("*", "\\*").replace("<", "&lt;")
