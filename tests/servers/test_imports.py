"""Imports among the servers' modules go one way, those for types alone as well."""

from __future__ import annotations

from graphlib import TopologicalSorter

from tests.test_layering import ROOT, files, imports


def test_no_module_imports_itself_by_way_of_others() -> None:
    names = {
        source: ".".join(source.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for source in files("servers")
    }
    # A package's name is also imported for one of its modules' sake: the module is what counts.
    graph = {
        name: {each for each in imports(source) if each in names.values() and each != name}
        for source, name in names.items()
        if not source.name.startswith("__init__")
    }
    order = list(TopologicalSorter(graph).static_order())
    assert order.index("servers.runtime.eventloop.loop") < order.index("servers.epoll")
