"""Which plots a page has, in its story's order: how much, how slow, what cost, how steady."""

from __future__ import annotations

from lab.page import course, cpu, ladder, latency, throughput
from lab.page.plot import Plot
from lab.page.view import View


def plots(view: View) -> list[Plot]:
    """A ladder's plots come first where there is a ladder; a run of one step does without them."""
    ladders = [ladder.throughput(view), ladder.p99(view)] if len(view.steps) > 1 else []
    return [
        *ladders,
        throughput.plot(view),
        latency.plot(view),
        cpu.plot(view),
        course.rate(view),
        course.latency(view),
    ]
