"""Writes scenarios/schema.json, by which editors complete and check scenarios.

`python -m loadgen.formats.schema`. A test fails where the file and the model have drifted apart.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from loadgen.formats.scenario import Scenario

FILE = Path(__file__).parents[2] / "scenarios" / "schema.json"


def _without_titles(schema: Any) -> Any:
    """Pydantic names every field twice; editors show the key anyway."""
    if isinstance(schema, dict):
        return {
            name: _without_titles(part)
            for name, part in schema.items()
            if name != "title" or not isinstance(part, str)
        }
    return [_without_titles(part) for part in schema] if isinstance(schema, list) else schema


def text() -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= _without_titles(Scenario.model_json_schema())
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
