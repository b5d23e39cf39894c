"""A setting of the server as an axis of a run: each model once for each combination of values.

A variant is a model under settings of its own. It has a name of its own, so whatever knows models
by their names (plan, cells, ranking, page) sets variants side by side in the same blocks: on and
off are compared as two models are. A setting that a model does not take does not vary for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product

from lab.plan.topology import Topology
from lab.plan.words import names
from lab.records.manifest import Variant

MOST = 64  # variants of a run: more is a typing mistake
Axes = Mapping[str, tuple[str, ...]]  # setting -> its values


def read(text: str, mistakes: list[str]) -> dict[str, tuple[str, ...]]:
    """`accept_mutex=on,off backlog=5,128` -> both settings with their values."""
    found: dict[str, tuple[str, ...]] = {}
    for word in text.split():
        name, sign, values = word.partition("=")
        if not (name and sign and names(values)):
            mistakes.append(f"SET: {word!r} is not written as accept_mutex=on,off")
        elif name in found:
            mistakes.append(f"SET: {name} is there twice: write all its values behind one `=`")
        else:
            found[name] = tuple(dict.fromkeys(names(values)))
    return found


def unknown(given: Iterable[str], models: Iterable[str], declared: Topology) -> list[str]:
    """Of the settings on the command line those that none of the chosen models takes."""
    chosen = {knob for name in models for knob in declared.servers[name].knobs}
    wrong = []
    for name in given:
        takers = [model.name for model in declared.servers.values() if name in model.knobs]
        if not takers:
            known = sorted({knob for model in declared.servers.values() for knob in model.knobs})
            wrong.append(f"SET: there is no setting {name!r}; there are {', '.join(known)}")
        elif name not in chosen:
            wrong.append(f"SET: of these models none takes {name}; {', '.join(takers)} would")
    return wrong


def of(models: Iterable[str], axes: Axes, declared: Topology) -> dict[str, Variant]:
    """By name, in the order of the models. A model for which nothing varies is not among them."""
    found = {}
    for model in models:
        own = {name: axes[name] for name in axes if name in declared.servers[model].knobs}
        for values in product(*own.values()) if own else ():
            settings = dict(zip(own, values, strict=True))
            name = " ".join([model, *(f"{knob}={value}" for knob, value in settings.items())])
            found[name] = Variant(model=model, settings=settings)
    return found


def named(models: Iterable[str], variants: Mapping[str, Variant]) -> list[str]:
    """Each model by its variants' names, or where it has none by its own."""
    return [
        name
        for model in models
        for name in [each for each, variant in variants.items() if variant.model == model]
        or [model]
    ]


def remarks(models: Iterable[str], axes: Axes, declared: Topology) -> list[str]:
    """For which models a setting does not vary."""
    lines = []
    for axis in axes:
        without = [name for name in models if axis not in declared.servers[name].knobs]
        if without:
            lines.append(f"{axis} does not vary for {', '.join(without)}: no such setting there")
    return lines


def declare(declared: Topology, variants: Mapping[str, Variant]) -> Topology:
    """Each variant is one more model: the same service and image, with settings of its own."""
    more = {
        name: replace(declared.models[each.model], name=name, settings=each.settings)
        for name, each in variants.items()
    }
    return replace(declared, models={**declared.models, **more})
