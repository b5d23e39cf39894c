"""The servers' settings of a run: the scenario's, and in their place those of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lab.plan import server_settings, variants
from lab.plan.topology import Topology
from lab.records.manifest import Variant
from loadgen.formats.scenario import Scenario


@dataclass(frozen=True)
class ChosenSettings:
    """`fixed` holds for every server that takes it; `variants` by their names in `models`."""

    fixed: Mapping[str, str] = field(default_factory=dict)
    variants: Mapping[str, Variant] = field(default_factory=dict)
    models: tuple[str, ...] = ()  # each by its variants, where it has any
    remarks: tuple[str, ...] = ()  # what a person might not expect


def choose(
    given: str, scenario: Scenario, models: Sequence[str], declared: Topology, mistakes: list[str]
) -> ChosenSettings:
    """`given`: SET of the command line. The servers are asked only where all else is right."""
    here = variants.read(given, mistakes)
    mistakes += variants.unknown(here, models, declared)
    each = {name: tuple(dict.fromkeys(values)) for name, values in scenario.server.items()} | here
    fixed = {name: values[0] for name, values in each.items() if len(values) == 1}
    axes = {name: values for name, values in each.items() if len(values) > 1}
    varied = variants.of(models, axes, declared)
    if not mistakes:
        mistakes += _unfit(models, fixed, varied, declared)
    return ChosenSettings(
        fixed,
        varied,
        tuple(variants.named(models, varied)),
        tuple(variants.remarks(models, axes, declared)),
    )


def _unfit(
    models: Sequence[str],
    fixed: Mapping[str, str],
    varied: Mapping[str, Variant],
    declared: Topology,
) -> list[str]:
    """Values that the servers refuse, and more variants than anybody means."""
    if len(varied) > variants.MOST:
        return [f"SET: makes {len(varied)} variants; {variants.MOST} at most"]
    plain = [Variant(model=name, settings={}) for name in models]
    asked = []
    for each in [*plain, *varied.values()]:
        knobs = declared.servers[each.model].knobs
        own = {name: value for name, value in fixed.items() if name in knobs}
        asked.append((each.model, {**own, **each.settings}))
    return server_settings.refused(asked)
