"""Trials summed up by cell.

The unit is the trial: figures are medians over the cell's trials with a 95 % interval where there
are enough of them; percentiles come from the trials' histograms merged, never from averaged
percentiles. Invalid trials count for nothing as long as the cell has another one; where it has
none, what they measured is shown with a note that says why it may not be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

from lab.analysis import evidence, mechanism, sittings, why
from lab.analysis.bottleneck import Limit
from lab.analysis.cells import Cell, Times
from lab.analysis.mechanism import Mechanism
from lab.analysis.result import Result
from lab.analysis.row_notes import notes
from lab.analysis.thresholds import P99_SAMPLES, P999_SAMPLES, SERVER_BOUND_TRIALS
from lab.analysis.validity import Verdict
from lab.records.manifest import Variant
from lab.statistics.flags import drifts, spread
from lab.statistics.interval import median_interval
from loadgen.formats import histogram as hdr
from loadgen.formats.record import Latency, LoadRecord, Shares


def cells(
    results: Sequence[Result], models: Sequence[str], variants: Mapping[str, Variant] | None = None
) -> list[Cell]:
    """In the order of `models`, load rising."""
    order = {model: place for place, model in enumerate(models)}
    by_key: dict[tuple[str, int, float], list[Result]] = {}
    for result in results:
        key = (result.server.model, result.server.users, result.server.rate_rps or 0.0)
        by_key.setdefault(key, []).append(result)
    keys = sorted(by_key, key=lambda key: (order.get(key[0], len(order)), *key[1:]))
    sitting = sittings.numbered(result.server for result in results)
    varied = variants or {}
    return [_cell(by_key[key], sitting, varied.get(key[0])) for key in keys]


def _cell(results: Sequence[Result], sitting: Mapping[int, int], variant: Variant | None) -> Cell:
    measured = [result for result in results if result.load is not None]
    sound = [result for result in measured if result.judgement.verdict != "invalid"]
    used = sound or measured
    pairs = [(r.server, r.load) for r in used if r.load is not None]
    loads = [load for _, load in pairs]
    limit = _limit(used)
    against = [each for r in used if (b := r.judgement.bottleneck) for each in b.generator]
    found = evidence.of(pairs, limit, against) if pairs else None
    throughputs = {server.block: load.window.throughput_rps for server, load in pairs}
    by_sitting: dict[int, list[float]] = {}
    for server, load in pairs:
        by_sitting.setdefault(sitting[server.number], []).append(load.window.throughput_rps)
    p99s_us = {
        server.block: float(load.latency_us.p99)
        for server, load in pairs
        if load.latency_us and load.latency_us.count >= P99_SAMPLES
    }
    arrivals = [load.arrivals for load in loads if load.arrivals]
    return Cell(
        model=results[0].server.model,
        reference=any(r.server.end and r.server.end.reference for r in results),
        users=results[0].server.users,
        rate_rps=results[0].server.rate_rps,
        trials=len(used),
        invalid=len(results) - len(sound),
        verdict=_verdict(sound),
        limit=limit,
        ranks=_verdict(sound) == "valid" and limit == "server",
        throughput_rps=_median(throughputs.values()),
        throughput=median_interval(list(throughputs.values())),
        throughputs=throughputs,
        sittings=tuple(map(tuple, by_sitting.values())),
        spread=spread(list(throughputs.values())),
        drift=drifts(throughputs),
        latency=_times(load.latency_us for load in loads),
        service=_times(load.service_us for load in loads),
        p99s_us=p99s_us,
        p99_interval=median_interval(list(p99s_us.values())),
        cpus_us={
            server.block: us for server, load in pairs if (us := mechanism.of(server, load).cpu_us)
        },
        offered_rps=_median(each.offered_rps for each in arrivals),
        achieved_rps=_median(each.achieved_rps for each in arrivals),
        dropped=sum(each.dropped for each in arrivals),
        failures=sum(load.window.failures.total for load in loads),
        unserved=_most(loads, lambda load: load.connections.unserved),
        unconnected=_most(loads, lambda load: load.connections.unconnected),
        jain=_median(each.jain for each in map(_shares, loads) if each),
        cpu_share=found.cpu_share if found else None,
        mechanism=found.mechanism if found else Mechanism(),
        cause=why.cause(found) if found and sound else None,
        notes=notes(results),
        together=any(result.server.beside for result in results),
        variant=variant,
    )


def _shares(load: LoadRecord) -> Shares | None:
    return load.connections.shares


def _limit(results: Sequence[Result]) -> Limit | None:
    """Of the cell: that of all its trials. A few in which the load was full as well leave a closed
    loop `server`: the server was full in them too, so that the rate is its own. None is shown as
    `mixed`."""
    limits = [result.judgement.limit for result in results]
    kinds = set(limits)
    if len(kinds) == 1:
        return limits[0]
    closed = all(result.server.rate_rps is None for result in results)
    enough = limits.count("server") >= SERVER_BOUND_TRIALS * len(limits)
    if closed and enough and kinds == {"server", "both"}:
        return "server"
    return None


def _verdict(sound: Sequence[Result]) -> Verdict:
    """Of the cell: what its trials are that count; erroring where one of them is."""
    if not sound:
        return "invalid"
    return "erroring" if any(r.judgement.verdict == "erroring" for r in sound) else "valid"


def _times(parts: Iterable[Latency | None]) -> Times | None:
    known = [part for part in parts if part is not None]
    if not known:
        return None
    whole = hdr.merge(hdr.decode(part.histogram, part.min, part.max) for part in known)
    samples = int(whole.get_total_count())
    return Times(
        samples=samples,
        p50_us=hdr.percentile(whole, 50),
        p90_us=hdr.percentile(whole, 90),
        p99_us=hdr.percentile(whole, 99) if samples >= P99_SAMPLES else None,
        p999_us=hdr.percentile(whole, 99.9) if samples >= P999_SAMPLES else None,
        max_us=max(part.max for part in known),
    )


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return median(known) if known else None


def _most(loads: Iterable[LoadRecord], figure: Callable[[LoadRecord], int]) -> int:
    return max(map(figure, loads), default=0)
