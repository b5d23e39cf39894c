"""All published runs in a few sentences: who is fastest, by how much, why, and how far to trust it.

Of runs of one step each, by throughput. The rules know no model's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.analysis.phrases import Bound, listed, share
from lab.analysis.rankings import Ranking
from lab.analysis.thresholds import EVEN_SPEED
from lab.report.report import Report

Ranked = Mapping[str, Ranking]  # by scenario


def headline(published: Mapping[str, Report]) -> str:
    """A paragraph and a list in Markdown; empty where fewer than two of the runs rank anything."""
    ranked = {name: each for name, report in published.items() if (each := _ranking(report))}
    if len(ranked) < 2:
        return ""
    reports = {name: published[name] for name in ranked}
    below = [*_last(ranked, reports), *_why(ranked, reports), *_trust(list(reports.values()))]
    return "\n".join([" ".join(_fastest(ranked, reports)), "", *(f"- {each}" for each in below)])


def _ranking(report: Report) -> Ranking | None:
    found = (each for each in report.rankings if each.by == "throughput")
    return next((each for each in found if each.order.says_something), None)


def _fastest(ranked: Ranked, reports: Mapping[str, Report]) -> list[str]:
    """Those that nothing outranks in any scenario; where they are not alone; who comes next."""
    firsts = {scenario: ranking.order.unbeaten for scenario, ranking in ranked.items()}
    everywhere = _everywhere(ranked)
    if not everywhere:
        each = "; ".join(f"{listed(names)} in {scenario}" for scenario, names in firsts.items())
        return [f"**No model is fastest everywhere: {each}.**"]
    alone = [scenario for scenario, names in firsts.items() if len(names) == len(everywhere)]
    verb = "is" if len(everywhere) == 1 else "are"
    told = [f"**{listed(everywhere)} {verb} fastest in {listed(alone)}.**"] if alone else []
    told += [
        f"In {scenario}, {listed(names)} are too close to order."
        for scenario, names in firsts.items()
        if scenario not in alone
    ]
    nexts = [
        f"{_reaches(ranked[scenario], reports[scenario], behind[0])} in {scenario}"
        for scenario in alone
        if (behind := [name for name in ranked[scenario].names if name not in everywhere])
    ]
    return [*told, f"The next model reaches {listed(nexts)}."] if nexts else told


def _everywhere(ranked: Ranked) -> list[str]:
    firsts = [ranking.order.unbeaten for ranking in ranked.values()]
    return [name for name in firsts[0] if all(name in names for names in firsts)]


def _reaches(ranking: Ranking, report: Report, name: str) -> str:
    best = ranking.names[0]
    rates = {cell.model: cell.throughput_rps or 0.0 for cell in report.cells}
    bound: Bound = "at most" if best in ranking.at_least else "about"
    return share(rates[name] / rates[best], bound)


def _last(ranked: Ranked, reports: Mapping[str, Report]) -> list[str]:
    """Whoever all others outrank."""
    lasts: dict[str, list[str]] = {}
    for scenario, ranking in ranked.items():
        last = ranking.names[-1]
        if ranking.order.place(last) == str(len(ranking.names)):
            reaches = _reaches(ranking, reports[scenario], last)
            lasts.setdefault(last, []).append(f"{scenario} ({reaches})")
    told = [f"{name} in {listed(scenarios)}" for name, scenarios in lasts.items()]
    return [f"Last is {'; '.join(told)}."] if told else []


def _why(ranked: Ranked, reports: Mapping[str, Report]) -> list[str]:
    """What sets those behind apart: each cause once, and where it was seen."""
    fastest = _everywhere(ranked)
    causes: dict[str, tuple[dict[str, None], dict[str, None]]] = {}  # text -> models, scenarios
    for scenario, report in reports.items():
        for cell in report.cells:
            if cell.cause and cell.cause.specific and cell.model not in fastest:
                models, scenarios = causes.setdefault(cell.cause.text, ({}, {}))
                models[cell.model] = scenarios[scenario] = None
    told: dict[tuple[str, ...], list[str]] = {}
    for text, (models, scenarios) in causes.items():
        who = "Each of " if len(models) > 1 else ""
        told.setdefault(tuple(scenarios), []).append(f"{who}{listed(list(models))} {text}.")
    return [f"Why, in {listed(where)}: {' '.join(each)}" for where, each in told.items()]


def _trust(reports: Sequence[Report]) -> list[str]:
    slowest = min((min(r.spins_us) / max(r.spins_us) for r in reports if r.spins_us), default=1.0)
    if slowest >= EVEN_SPEED:
        return []
    return [
        f"Trust only large gaps: between trials the host's CPUs ran at {slowest:.0%} to 100% of"
        " their best speed."
    ]
