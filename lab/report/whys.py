"""Why each model came out as it did: a paragraph a model, a ladder's steps folded into it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from lab.analysis.cells import Cell
from lab.records.step import describe_step


def paragraphs(cells: Sequence[Cell]) -> list[tuple[str, str]]:
    """Model -> text, in the order of the cells; none for a model of which nothing is known."""
    found = []
    for model in dict.fromkeys(cell.model for cell in cells):
        known = [cell for cell in cells if cell.model == model and cell.cause]
        if known:
            found.append((model, _paragraph(known)))
    return found


def _paragraph(cells: Sequence[Cell]) -> str:
    """Neighbouring steps with one cause are told together, with the figures of the last."""
    parts = []
    for text, run in groupby(cells, key=lambda cell: cell.cause.text if cell.cause else ""):
        steps = list(run)
        first, last = steps[0], steps[-1]
        detail = last.cause.detail if last.cause else ""
        if len(cells) == 1:
            return f"{text}: {detail}" if detail else text
        if first is last:
            where, at = describe_step(*first.step), ""
        else:
            where, at = (
                f"{describe_step(*first.step)} to {describe_step(*last.step)}",
                f"at {describe_step(*last.step)} ",
            )
        parts.append(f"{where}: {text}" + (f" ({at}{detail})" if detail else ""))
    return "; ".join(parts) + "."
