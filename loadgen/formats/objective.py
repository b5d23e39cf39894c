"""What a scenario's `find` seeks: the highest rate at which a latency still meets its objective."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from loadgen.formats.scalar import DECIMAL, WHOLE

Milliseconds = Annotated[float, Field(ge=0.1, le=60_000), DECIMAL]


class Find(BaseModel):
    """An objective for the response time, and how many trials may be spent on one model."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    p50_ms: Milliseconds | None = None
    p90_ms: Milliseconds | None = None
    p99_ms: Milliseconds | None = None
    trials: Annotated[int, Field(ge=3, le=100), WHOLE] = Field(
        default=12, description="For each model; they take the place of `trials` and `rate`."
    )

    @model_validator(mode="after")
    def _one_objective(self) -> Self:
        if sum(each is not None for each in (self.p50_ms, self.p90_ms, self.p99_ms)) != 1:
            raise PydanticCustomError(
                "find", "needs one objective", {"remedy": "give one of p50_ms, p90_ms, p99_ms"}
            )
        return self
