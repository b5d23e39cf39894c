"""Which plots a page has, in its story's order; the first one is its picture."""

from __future__ import annotations

from lab.report.page import articles, course, cpu, ladder, latency, throughput
from lab.report.page.plot import Plot
from lab.report.page.view import View


def plots(view: View) -> list[Plot]:
    """The picture is of what ranks: rates in a closed loop, times in an open one, over the steps
    where there are several; and where servers ran together, the CPU time of an answer alone."""
    if any(group.cell.together for group in view.groups):
        return [cpu.plot(view), course.rate(view)]
    several = len(view.steps) > 1
    rates = [*([ladder.throughput(view)] if several else []), *articles.plots(view)]
    times = [ladder.p99(view)] if several else []
    if view.load == "open":
        first = [*(times or [latency.plot(view)]), *rates]
        rest = [throughput.plot(view), *([latency.plot(view)] if several else [])]
    else:
        first = [*rates, *times]
        rest = [throughput.plot(view), latency.plot(view)]
    return [*first, *rest, cpu.plot(view), course.rate(view), course.latency(view)]
