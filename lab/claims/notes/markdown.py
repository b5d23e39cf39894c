"""The annotated notes as Markdown, for docs/notes.md."""

from __future__ import annotations

from collections.abc import Sequence

from lab.claims.notes.annotated import Line, Tried


def markdown(found: Sequence[Line], summary: str, where: str) -> str:
    """`where`: host and day of the evidence."""
    parts = [
        "# The notes, line by line",
        f"{summary}. *Refined* is partly true: the sentence says in what. The notes are quoted as"
        " they were written. A verdict covers the words quoted above it; the command behind it"
        " shows it again.",
        where,
    ]
    for line in found:
        parts.append(f"## {line.text}" if line.kind == "heading" else f"> {_escaped(line.text)}")
        if line.claims:
            parts.append("\n".join(_claim(tried) for tried in line.claims))
    return "\n\n".join(parts) + "\n"


def _claim(tried: Tried) -> str:
    again = f"`make claim CLAIM={tried.claim.id}`"
    if tried.judged is None:
        return f"- *not tried here*: {again}"
    verdict = tried.judged.verdict
    return f"- **{verdict.outcome}**: {_escaped(verdict.sentence)} ({again})"


def _escaped(text: str) -> str:
    """What Markdown would take for a mark of its own."""
    return text.replace("_", "\\_").replace("*", "\\*").replace("<", "&lt;")
