"""What was at its limit in a trial: the server, the load generator, both, the network, or nothing.

    server      it had nothing left: its CPU, a quota of it, all workers of a pool, or (open loop)
                it fell behind what was offered
    generator   it had nothing left, or was late: its figures say nothing of the server
    both        the latency is the generator's too, and some of the rate may be
    network     neither, but the link to a load host was full: nine tenths of what it gave in a test
                before the run
    neither     more load would have brought more

A generator that was late, and no more, takes nothing from the rate of a closed loop in which the
server had work all the time: its CPU was used up but for 3 %, or a queue of connections stood
before its workers, their requests in the sockets already. It sees answers late; the next request
was there all the same. (Where neighbours take the CPUs at times, every trial is a little late.)

A server that waits can be full with an idle CPU: a pool of n workers whose answers wait 20 ms
gives 50 n a second, however much is asked. Such a pool is known by its users who were never
served, or by its accept queue: most users but those whom its workers have in hand stand in it, at
both edges of the window. (Latency cannot tell: on fresh connections the quickest answer has
queued like any other.) It says nothing if there are as many users as workers, or if users think,
and it needs the queue's length, which only newer records hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lab.analysis.full_links import full_links
from lab.analysis.quota import throttled
from lab.analysis.server_cpu import over_window
from lab.analysis.thresholds import (
    ACHIEVED_SHARE,
    CEILING_SHARE,
    LOOP_LAG_P99_US,
    QUEUED,
    QUEUEING,
    RUN_DELAY,
    SERVER_BUSY,
    SERVER_FULL,
    WORKER_BUSY,
    WORKER_FULL,
)
from lab.records.record import ServerRecord
from loadgen.formats.record import LoadRecord, LoadWorker

Limit = Literal["server", "generator", "both", "network", "neither"]


@dataclass(frozen=True)
class Reason:
    """`kind`: the same for the same trouble in several trials; `text` has this one's figures."""

    kind: str
    text: str


@dataclass(frozen=True)
class Bottleneck:
    limit: Limit
    generator: tuple[Reason, ...]  # what speaks for its being at its limit, or late
    server: tuple[Reason, ...]
    network: tuple[Reason, ...] = ()  # told where nothing else was at its limit

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return (*self.generator, *self.server, *self.network)


def bottleneck(server: ServerRecord, load: LoadRecord, ceiling_rps: float | None) -> Bottleneck:
    """`ceiling_rps`: what this generator could do at most here, where that was calibrated."""
    of_server = _server(server, load)
    of_load = _generator(load, ceiling_rps, server_full=bool(of_server))
    if server.beside:  # the loads share their CPUs, and times are not compared
        of_load = [reason for reason in of_load if reason.kind not in LATE]
    if load.loop == "open" and not of_load:
        of_server += _behind(load)
    harmless = load.loop == "closed" and lateness(of_load) and _always_at_work(server, of_server)
    limits: dict[tuple[bool, bool], Limit] = {
        (True, True): "both",
        (True, False): "generator",
        (False, True): "server",
        (False, False): "neither",
    }
    limit = limits[bool(of_load) and not harmless, bool(of_server)]
    links = full_links(server, load) if limit == "neither" else ()
    full = tuple(Reason("link", f"the link to {host} {share:.0%} full") for host, share in links)
    return Bottleneck("network" if full else limit, tuple(of_load), tuple(of_server), full)


LATE = {  # kinds of reasons that leave the generator its strength
    "delay": "waited for a CPU",
    "lag": "late to its timers",
    "send lag": "sent late",
}


def lateness(generator: Iterable[Reason]) -> str | None:
    """How it was late, in words, where that is all that speaks against it."""
    kinds = {reason.kind for reason in generator}
    if not kinds <= LATE.keys():
        return None
    return ", ".join(words for kind, words in LATE.items() if kind in kinds) or None


def _server(server: ServerRecord, load: LoadRecord) -> list[Reason]:
    found = []
    cpu = over_window(server)
    if cpu is not None and cpu.share >= SERVER_BUSY:
        found.append(Reason("cpu", f"server {cpu.share:.0%} busy"))
    if held_back := throttled(server):
        found.append(Reason("quota", held_back))
    if load.loop == "closed":
        found += _pool(server, load)
    return found


def _always_at_work(server: ServerRecord, reasons: Iterable[Reason]) -> bool:
    cpu = over_window(server)
    used_up = cpu is not None and cpu.share >= SERVER_FULL
    return used_up or any(reason.kind == "queue" for reason in reasons)


def _pool(server: ServerRecord, load: LoadRecord) -> list[Reason]:
    """Whether users waited for a worker, in a closed loop."""
    if load.connections.unserved:
        return [Reason("pool", f"{load.connections.unserved:,} users were never served")]
    edges = (server.opened, server.closed)
    queues = [each.accept_queue for each in edges if each and each.accept_queue is not None]
    users, workers = load.connections.established, _workers(server)
    if workers is None or load.think_s or len(queues) < len(edges):
        return []
    if workers >= QUEUEING * users or min(queues) < QUEUED * (users - workers) - 1:
        return []
    return [Reason("queue", f"{min(queues):,} of {users:,} users waited to be accepted")]


def _workers(server: ServerRecord) -> int | None:
    """By its account. A reference gives none: it has at most as many workers as it has threads."""
    if server.end and server.end.account:
        return len(server.end.account.workers)
    reference = server.end is not None and server.end.reference
    return server.closed.threads if reference and server.closed else None


def _behind(load: LoadRecord) -> list[Reason]:
    arrivals = load.arrivals
    if arrivals is None or arrivals.achieved_rps >= ACHIEVED_SHARE * arrivals.offered_rps:
        return []
    share = arrivals.achieved_rps / arrivals.offered_rps
    return [Reason("behind", f"answered {share:.1%} of what was offered")]


def _generator(load: LoadRecord, ceiling_rps: float | None, *, server_full: bool) -> list[Reason]:
    kinds: dict[str, list[str]] = {}
    for worker in load.load_workers:
        for each in _worker(worker, load, server_full=server_full):
            kinds.setdefault(each.kind, []).append(each.text)
    found = [
        Reason(kind, f"{text} (and {len(likewise)} more)" if likewise else text)
        for kind, (text, *likewise) in kinds.items()
    ]
    most = ceiling_rps * load.workers if ceiling_rps else None
    if most is not None and load.window.throughput_rps > CEILING_SHARE * most and not server_full:
        share = load.window.throughput_rps / most
        what = f"the load generator at the ceiling of its calibration ({share:.0%})"
        found.append(Reason("ceiling", what))
    return found


def _worker(worker: LoadWorker, load: LoadRecord, *, server_full: bool) -> list[Reason]:
    found = []
    name = f"load {worker.name}" + (f" on {worker.host}" if worker.host else "")
    if worker.cpu_share > (WORKER_FULL if server_full else WORKER_BUSY):
        found.append(Reason("busy", f"{name} {worker.cpu_share:.0%} busy"))
    delay = worker.run_delay_s / load.window_s
    if delay > RUN_DELAY:
        found.append(Reason("delay", f"{name} waited for a CPU {delay:.0%} of the time"))
    if worker.loop_lag_p99_us > LOOP_LAG_P99_US:
        late_ms = worker.loop_lag_p99_us / 1000
        found.append(Reason("lag", f"{name} {late_ms:.1f} ms late to its timers"))
    service = load.service_us
    lag_us = worker.send_lag_p99_us
    if lag_us is not None and service is not None and lag_us > service.p50:
        what = f"{name} sent up to {lag_us:,} us late (p99), longer than half of all answers took"
        found.append(Reason("send lag", f"{what} ({service.p50:,} us)"))
    return found
