"""Runs as they could have been measured, made up: seven models, a ladder, trials that differ.

Each model has a capacity and a cost of an answer; its latency is that of a queue in a closed loop,
with a tail; every trial strays a little. Nothing here is a figure of a real server.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from lab.analysis.result import Result
from lab.records.manifest import Manifest, Planned
from lab.records.record import Counters, ServerRecord
from lab.report.report import Report
from loadgen.formats.record import LoadRecord, LoadWorker, Second
from tests.lab import records

WINDOW_S = 10.0


@dataclass(frozen=True)
class Nature:
    """`capacity_rps` of one CPU, microseconds of service, how long the tail is, kernel's share."""

    capacity_rps: float
    service_us: float
    sigma: float
    kernel: float
    bends: float = 0.0  # how much of its capacity a model loses with each tenfold of users


NATURES: Mapping[str, Nature] = {
    "iterative": Nature(9_800, 95, 0.25, 0.52),
    "forking": Nature(760, 1_250, 0.30, 0.81, bends=0.08),
    "preforked": Nature(10_600, 100, 0.32, 0.50),
    "threaded": Nature(7_900, 120, 0.42, 0.58, bends=0.22),
    "prethreaded": Nature(9_300, 108, 0.36, 0.55),
    "poll": Nature(8_900, 105, 0.28, 0.47, bends=0.30),
    "epoll": Nature(11_200, 98, 0.24, 0.45),
}
OTHER = Nature(5_000, 200, 0.3, 0.5)


def run(
    models: Sequence[str] = tuple(NATURES),
    users: Sequence[int] = (50,),
    trials: int = 10,
    *,
    seconds: int = 10,
    busy_load: bool = True,
    about: str = "Small answers on fresh connections - the price of accept().",
) -> Report:
    """`busy_load`: the fastest model is too fast for its generator, as happens."""
    results: list[Result] = []
    plan: list[Planned] = []
    rng = random.Random(11)
    for block in range(1, trials + 1):
        for step in users:
            for model in models:
                number = len(plan) + 1
                result = _result(
                    rng, number, block, model=model, users=step, seconds=seconds, busy=busy_load
                )
                results.append(result)
                plan.append(_planned(result.server))
    text = f"about: {about}\nconnection: close\nusers: {list(users)}\nwindow: 10s\n"
    manifest = records.manifest(
        models=list(models), users=list(users), trials=trials, plan=plan,
        scenario={"name": "made-up", "sha256": "0" * 64, "text": text},
        command=["bench", "--scenario", "made-up"], git_commit="52fc681" + "0" * 33,
    )  # fmt: skip
    return Report(manifest, results)


def only(report: Report, *kept: Result) -> Report:
    """The same run with these results alone."""
    return Report(report.manifest, kept)


def named(report: Report, **changes: object) -> Report:
    """The same run with another manifest."""
    return Report(
        Manifest.model_validate({**report.manifest.model_dump(), **changes}), report.results
    )


def _planned(server: ServerRecord) -> Planned:
    return Planned(
        number=server.number, block=server.block, model=server.model, users=server.users,
        seed=server.seed, name=f"{server.number:03d}-{server.model}-u{server.users}",
    )  # fmt: skip


def _result(
    rng: random.Random, number: int, block: int, *, model: str, users: int, seconds: int, busy: bool
) -> Result:
    nature = NATURES.get(model, OTHER)
    decades = max(0.0, math.log10(users / 20))
    capacity = nature.capacity_rps * (1 - nature.bends) ** decades * rng.gauss(1, 0.012)
    alone = 1e6 / (nature.service_us + 90)
    rate = capacity * (1 - math.exp(-users * alone / capacity))
    typical_us = max(nature.service_us, users / rate * 1e6)
    sigma = nature.sigma * (1 + 0.25 * decades)
    good = int(rate * WINDOW_S)
    answers = _lognormal(typical_us, sigma, good, rng)
    starved = busy and model == "epoll" and users >= 50
    share = 0.8 if starved else min(0.99, rate / capacity)
    load = records.load(
        answers,
        throughput_rps=good / WINDOW_S,
        model=model,
        users=users,
        series=_series(rng, rate, typical_us, sigma, seconds),
        load_workers=(_worker(starved),),
        window_s=float(seconds),
        scenario="made up",
    )
    cpu_s = share * WINDOW_S
    server = records.server(
        number=number, block=block, model=model, users=users, seed=number,
        opened=_counters(records.OPENS_AT_S, 1.0, nature.kernel),
        closed=_counters(records.CLOSES_AT_S, 1.0 + cpu_s, nature.kernel + rng.gauss(0, 0.01)),
    )  # fmt: skip
    return Result(server, load)


def _counters(read_at_s: float, cpu_s: float, kernel: float) -> Counters:
    return records.counters(read_at_s, cpu_s).model_copy(
        update={"cpu_user_s": cpu_s * (1 - kernel), "cpu_system_s": cpu_s * kernel}
    )


def _worker(starved: bool) -> LoadWorker:
    return records.worker(cpu_share=0.98 if starved else 0.6)


def _lognormal(typical_us: float, sigma: float, count: int, rng: random.Random) -> dict[int, int]:
    """By its quantiles: 160 values, the last ones rare."""
    normal = NormalDist(math.log(typical_us), sigma)
    answers: dict[int, int] = {}
    edges = [0.0, *(1 - 10 ** (-step / 32) for step in range(1, 160)), 1.0]
    for low, high in pairwise(edges):
        many = int(high * count) - int(low * count)
        if many:
            tail = 1.0 + 0.6 * max(0.0, low - 0.99) / 0.01 * rng.uniform(0.9, 1.1)
            value = max(1, int(math.exp(normal.inv_cdf(min((low + high) / 2, 1 - 1e-9))) * tail))
            answers[value] = answers.get(value, 0) + many
    return answers


def _series(
    rng: random.Random, rate: float, typical_us: float, sigma: float, seconds: int
) -> tuple[Second, ...]:
    return tuple(
        Second(
            t_s=float(second),
            good=int(rate * rng.gauss(1, 0.02)),
            failed=0,
            p50_us=int(typical_us * rng.gauss(1, 0.03)),
            p99_us=int(typical_us * math.exp(2.3 * sigma) * rng.gauss(1, 0.08)),
            in_flight=20,
        )
        for second in range(seconds)
    )


__all__ = ["NATURES", "LoadRecord", "named", "only", "run"]
