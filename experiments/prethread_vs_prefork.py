"""A pre-threaded server handles concurrency better than a pre-forked one.

Both make their workers before the first client. So what a thread costs less to create is saved
once, when the server starts, and not for each client. What is left is what a request costs on a
thread and on a process, and what a worker costs in memory. CPU time for a request is compared,
because the load generator may be the limit of the throughput. And CPython has a lock of its own,
the GIL: of the threads of one process, one at a time runs Python. Where a bench gives a server one
CPU, that costs little; the pools that compute have all CPUs of the host.
"""

from __future__ import annotations

from dataclasses import dataclass

from experiments._workers import WORKERS, Pool, pool
from lab.claims import Bars, Claim, Experiment, Laboratory, Measured, Ratio, Verdict

FRESH = "experiments/scenarios/small-file.yml"
STAYING = "experiments/scenarios/small-file-keep-alive.yml"
MODELS = ("preforked", "prethreaded")
MANY = 32  # users, and workers for them
MARGIN = 1.1  # times: less may be chance on any host
COMPUTES, SIDE_BY_SIDE = 0.8, 1.5  # CPUs: at least one; more than one

CLAIM = Claim(
    id="prethread-vs-prefork",
    quote=(
        "Handles concurrency better than pre-forked server as the overhead for creating a thread is"
        " less than the overhead for creating a process."
    ),
    if_true="With equal workers threads take less CPU for a request, and workers are made while"
    " requests are served.",
    if_false="They take as much or more; or no worker is made while clients are served.",
    control="/proc must show eight workers of either before and after a hundred clients, and both"
    " must keep a CPU busy where their answers compute.",
    knob="processes or threads: for fresh connections, for ones that stay, and for computing",
)


@dataclass(frozen=True)
class Evidence:
    preforked: Pool
    prethreaded: Pool
    fresh: Measured
    staying: Measured


def gather(lab: Laboratory) -> Evidence:
    workers = f"workers={MANY}"
    return Evidence(
        pool(lab, "preforked"),
        pool(lab, "prethreaded"),
        lab.bench(FRESH, models=MODELS, users=(MANY,), trials=3, vary=workers),
        lab.bench(STAYING, models=MODELS, users=(MANY,), trials=5, vary=workers),
    )


def judge(seen: Evidence) -> Verdict:
    gains = _gains(seen)
    blind = _blind(seen, gains)
    if blind:
        return Verdict("inconclusive", blind)
    better = [name for name, gain in gains.items() if gain.low > 1 and gain.mid >= MARGIN]
    open_ = [name for name, gain in gains.items() if name not in better and gain.high >= MARGIN]
    made = seen.preforked.made + seen.prethreaded.made
    told = f"{_figures(seen, gains)} {_computing(seen)}"
    if not made:
        told = f"Neither made a worker while it served, so creation is not the reason. {told}"
    if not better and open_:
        return Verdict("inconclusive", f"For {' and '.join(open_)} it is not known. {told}")
    if not better:
        return Verdict("refuted", f"Threads take less CPU in no case. {told}")
    if len(better) == len(gains) and made and not _gil_shows(seen):
        return Verdict("supported", told)
    only = "only " if len(better) < len(gains) else ""
    return Verdict("refined", f"With a small file true {only}for {' and '.join(better)}. {told}")


def _gains(seen: Evidence) -> dict[str, Ratio]:
    """CPU for a request: processes over threads; above 1, threads are better."""
    found = {
        "fresh connections": seen.fresh.cpu_ratio(MODELS[0], MODELS[1]),
        "connections that stay": seen.staying.cpu_ratio(MODELS[0], MODELS[1]),
    }
    return {name: ratio for name, ratio in found.items() if ratio}


def _blind(seen: Evidence, gains: dict[str, Ratio]) -> str:
    """Why nothing may be said; empty where the controls hold."""
    pools = (seen.preforked, seen.prethreaded)
    if not (seen.fresh.all_answered and seen.staying.all_answered):
        return "Requests failed, or users got no answer."
    if any(each.workers != WORKERS or each.cpus < COMPUTES for each in pools):
        return "/proc does not show eight workers of either, or computing kept no CPU busy."
    if len(gains) < 2:
        return "A step was not measured."
    return ""


def _figures(seen: Evidence, gains: dict[str, Ratio]) -> str:
    each = [
        f"{gain.mid:.2f} (95 % interval {gain.low:.2f} to {gain.high:.2f}) on {name}"
        for name, gain in gains.items()
    ]
    rows = [seen.staying.row(model) for model in MODELS]
    held = [f"{(row.memory_bytes or 0) / 1e6:.0f} MB" for row in rows]
    late = [f"{(row.p99_us or 0) / 1e3:.1f} ms" for row in rows]
    return (
        f"A small file, {MANY} workers each: CPU per request, ratio of processes to threads:"
        f" {', '.join(each)}. On the latter {MANY}"
        f" processes answer {rows[0].requests_per_s:,.0f} requests/s (p99 {late[0]}, {held[0]}),"
        f" {MANY} threads {rows[1].requests_per_s:,.0f} (p99 {late[1]}, {held[1]})."
    )


def _gil_shows(seen: Evidence) -> bool:
    return seen.preforked.cpus >= SIDE_BY_SIDE > seen.prethreaded.cpus


def _computing(seen: Evidence) -> str:
    if seen.preforked.cpus < SIDE_BY_SIDE:
        return "Processes had one CPU here, so CPython's GIL could not show."
    why = ": CPython's GIL" if _gil_shows(seen) else ""
    return (
        "Where answers compute on all CPUs, processes use"
        f" {seen.preforked.cpus:.1f} CPUs at once and threads {seen.prethreaded.cpus:.1f}{why}."
    )


def bars(seen: Evidence) -> Bars:
    return Bars(
        "CPU for a request",
        "us",
        tuple(
            (f"{row.model}, {how}", row.cpu_us)
            for how, measured in (("fresh", seen.fresh), ("stay", seen.staying))
            for row in measured.rows
            if row.cpu_us
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
