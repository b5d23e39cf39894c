"""Colours, shapes and dashes: one of each for a model, the same in every plot of every run.

The colours are those of Okabe and Ito, moved until any two stay apart for every kind of colour
blindness and each stands out from its paper; families share a hue's side: processes are warm,
threads blue, event loops green and purple. Who sees no colour has the shape and the dash. Plots are
drawn with the colours for light; the page's style sheet puts those for dark in their place, for
plots and text alike, so that a plot need not be drawn anew when the room is darkened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """How a model looks; `dash` is SVG's, empty for a whole line; `shape` is Vega's."""

    light: str
    dark: str
    shape: str
    dash: tuple[int, ...]


# What is no model: name -> (light, dark). `paper` also fills the hollow points.
PAPER = ("#ffffff", "#14171c")
INK = ("#1d232b", "#e8ebef")
MUTED = ("#5f6975", "#a3adb9")
GRID = ("#e4e8ed", "#2b3138")

OF_MODEL: Mapping[str, Style] = {
    "iterative": Style("#30363f", "#e6e9ee", "circle", ()),
    "forking": Style("#c44d00", "#e8702a", "square", (7, 3)),
    "preforked": Style("#d69200", "#f0b429", "diamond", (2, 2)),
    "threaded": Style("#0067a8", "#2f86d1", "triangle-up", (9, 3, 2, 3)),
    "prethreaded": Style("#3f9fdc", "#7cc8f5", "triangle-down", (4, 2)),
    "poll": Style("#008f66", "#1fb388", "cross", (12, 3)),
    "epoll": Style("#c765a0", "#e08fc0", "triangle-right", ()),
}

SPARE = (  # for servers that are not of the seven, in their order; then again from the first
    Style("#7a5230", "#c49a6c", "triangle-left", (1, 3)),
    Style("#6a51a3", "#a996d8", "stroke", (6, 2, 1, 2)),
    Style("#7d8590", "#98a2ae", "wedge", (3, 3)),
)


def styles(models: Sequence[str]) -> dict[str, Style]:
    """In the order of `models`."""
    others = [model for model in models if model not in OF_MODEL]
    spare = {model: SPARE[place % len(SPARE)] for place, model in enumerate(others)}
    return {model: OF_MODEL.get(model) or spare[model] for model in models}


def pairs() -> list[tuple[str, str]]:
    """Every colour that a plot may be drawn with, and the one for dark that takes its place."""
    known = [*OF_MODEL.values(), *SPARE]
    return [PAPER, INK, MUTED, GRID, *((style.light, style.dark) for style in known)]
