"""Durations as people write them: `500ms`, `10s`, `2m`. Seconds (float) inside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from loadgen.formats.scalar import written

_PATTERN = r"^(\d{1,7}(?:\.\d{1,6})?)(ms|s|m)$"
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


def seconds(value: object) -> float:
    """Raises ValueError where the text is no duration (a bare number has no unit and is none)."""
    found = re.fullmatch(_PATTERN[1:-1], value, re.ASCII) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r:.60} is no duration")
    return round(float(found[1]) * _SECONDS[found[2]], 9)


@dataclass(frozen=True)
class Between:
    """Metadata for a pydantic field: a duration within these bounds, both included."""

    shortest: str
    longest: str

    def read(self, value: object) -> float:
        value = written(value)
        try:
            duration_s = seconds(value)
        except ValueError as error:
            remedy = "write it as 500ms, 10s or 2m"
            raise PydanticCustomError("duration", f"{error}", {"remedy": remedy}) from None
        if not seconds(self.shortest) <= duration_s <= seconds(self.longest):
            remedy = f"use {self.shortest} to {self.longest}"
            raise PydanticCustomError(
                "duration", "{value} is out of bounds", {"value": repr(value), "remedy": remedy}
            )
        return duration_s

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        shown = core_schema.str_schema(pattern=_PATTERN)  # in the JSON schema
        return core_schema.no_info_plain_validator_function(
            self.read, json_schema_input_schema=shown
        )
