"""`make generator`, as the runner has it."""

from __future__ import annotations

from benchmarks.benchmark import Benchmark
from benchmarks.loadgen import page, trials
from benchmarks.loadgen.claims import judge
from benchmarks.loadgen.inside.sides import ROWS
from lab.plan.topology import Image

LOADGEN = Benchmark(
    name="loadgen",
    target="generator",
    document="loadgen",
    image=Image("serverlab-generator", "benchmarks/loadgen/Dockerfile", frozenset()),
    built_on=Image("serverlab-loadgen", "loadgen/Dockerfile", frozenset()),
    seconds=3,
    inside=tuple(row.name for row in ROWS),
    trials={"crowd": trials.crowd, "counts": trials.counted},
    judge=lambda record: judge(record.figures, record.pairs),
    table=page.tables,
    values=page.values,
)
