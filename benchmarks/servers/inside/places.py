"""The folder in memory, with the file that everybody serves: PLACE/site/615b.html."""

from __future__ import annotations

import shutil
from pathlib import Path

FILE = "615b.html"
SITE = Path("servers/site")


def furnish(place: Path) -> bytes:
    """Put the file there; its bytes."""
    (place / "site").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SITE / FILE, place / "site" / FILE)
    return (place / "site" / FILE).read_bytes()
