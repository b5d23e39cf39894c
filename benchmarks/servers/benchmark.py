"""`make speed`, as the runner has it."""

from __future__ import annotations

from benchmarks.benchmark import Benchmark
from benchmarks.servers import page
from benchmarks.servers.comparison import comparisons
from benchmarks.servers.inside.rows import ROWS
from lab.plan.topology import Image

SERVERS = Benchmark(
    name="servers",
    target="speed",
    document="performance",
    image=Image("serverlab-speed", "benchmarks/servers/Dockerfile", frozenset()),
    built_on=Image("serverlab-guest", "servers/Dockerfile", frozenset()),
    seconds=2,
    inside=tuple(row.name for row in ROWS),
    judge=lambda record: [each.ratio for each in comparisons(record.figures)],
    table=page.table,
    values=page.values,
)
