"""Pages are made from templates in which everything is escaped and no name may be missing."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

LOOKS = Path(__file__).parent / "page" / "page.css"  # of every page


def environment(folder: Path) -> Environment:
    """For the templates of this folder."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def looks() -> str:
    """The style sheet that all pages share."""
    return LOOKS.read_text(encoding="utf-8")
