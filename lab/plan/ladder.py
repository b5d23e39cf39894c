"""Steps of a ladder: those that a model cannot take, and what its guests need for the rest.

A model that keeps a child, a thread or a place in its loop for each connection takes as many as it
was given: by a knob of its own, by its container's limit of processes and threads, by its memory.
A step beyond that measures how a container fails and not how the model serves, so it is left out,
with the reason in words. Pools and `iterative` take any number: whom they cannot serve waits in
the backlog, and that is a result.

The costs are rough on purpose (docs/performance.md has a child's in detail); they decide only which
steps are worth the time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lab.plan.blocks import Cell
from lab.plan.topology import Model
from lab.records.manifest import NotAttempted
from loadgen.formats.scenario import Scenario

RAMP_S, RAMP_PER_USER_S = 10.0, 0.001  # how long the load gives everybody to connect
LONGEST_IDLE_S = 3600  # that a server takes


@dataclass(frozen=True)
class Keeps:
    """What a model with this knob keeps for each connection."""

    knob: str
    what: str
    bytes: int
    is_task: bool  # counts against the container's limit of processes and threads


KEPT = (
    Keeps("max_children", "children", 1_000_000, True),
    Keeps("max_threads", "threads", 100_000, True),
    Keeps("max_connections", "connections", 0, False),
)


def why_not(model: Model, users: int, knobs: Mapping[str, str]) -> str | None:
    """Why it cannot hold so many at once; None where it can. `knobs`: that were chosen."""
    for kept in KEPT:
        if kept.knob not in model.knobs:
            continue
        most = knobs.get(kept.knob, model.knobs[kept.knob])
        if most.isdigit() and users > int(most):  # what is no number, the server itself refuses
            raised = f"more with {kept.knob} under the scenario's `server`"
            return f"it may have {int(most):,} {kept.what} at most; {raised}"
        if kept.is_task and model.pids_limit is not None and users >= model.pids_limit:
            room = f"{model.pids_limit:,} processes and threads"
            return f"{users:,} {kept.what} are more than its container may have: {room}"
        needed = users * kept.bytes
        if model.memory_bytes is not None and needed > model.memory_bytes:
            room = (
                f"its container may have {_gigabytes(model.memory_bytes)}; more with GUEST_MEMORY"
            )
            return f"{users:,} {kept.what} need about {_gigabytes(needed)}, {room}"
    return None


def left_out(
    cells: Iterable[Cell], models: Mapping[str, Model], knobs: Mapping[str, str]
) -> list[NotAttempted]:
    """The cells that are not worth a trial."""
    return [
        NotAttempted(model=name, users=users, rate_rps=rate_rps, why=why)
        for name, users, rate_rps in cells
        if (why := why_not(models[name], users, {**knobs, **models[name].settings}))
    ]


def matched(
    scenario: Scenario,
    settings: Mapping[str, str],
    users: Sequence[int],
    models: Sequence[Model],
) -> dict[str, str]:
    """The settings that were chosen, and what serving so many takes where they leave that open.

    A backlog for everybody at once, as far as the guests' kernel goes; and nobody is hung up on
    who connected first and is still waiting for the last to connect.
    """
    most = max(users)
    longest_s = RAMP_S + RAMP_PER_USER_S * most + scenario.warmup_s + scenario.window_s
    needed: dict[str, str] = {}
    for model in models:
        if "backlog" in model.knobs:
            enough = min(most, model.somaxconn or most)
            needed["backlog"] = str(max(enough, int(model.knobs["backlog"])))
        idle_s = model.knobs.get("idle_timeout", "").removesuffix("s")
        if idle_s.isdigit():
            enough = min(math.ceil(longest_s), LONGEST_IDLE_S)
            needed["idle_timeout"] = f"{max(enough, int(idle_s))}s"
    return {**needed, **settings}


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB"
