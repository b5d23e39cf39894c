"""A page of docs/ from the template that holds its prose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lab import durable
from lab.errors import LabError


def write(root: Path, template: str, page: str, render: Callable[[str], str]) -> None:
    """`template` and `page` are files relative to `root`. Raises LabError."""
    try:
        text = (root / template).read_text(encoding="utf-8")
    except OSError as error:
        raise LabError(f"cannot read {template}: {error.strerror}", "git checkout it") from error
    durable.write(root / page, render(text))
