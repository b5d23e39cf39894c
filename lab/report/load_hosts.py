"""The hosts that the load came from, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lab.analysis.result import Result
from lab.figure import counted
from lab.records.manifest import LoadHost, Manifest


def in_words(found: LoadHost) -> str:
    """What it is, and its network to the lab's host."""
    place = "this machine's own kernel" if found.same_kernel else f"Linux {found.kernel}"
    told = [
        f"{counted(found.cpus, 'CPU')}, {counted(found.workers, 'load worker')}, {place},"
        f" Docker {found.docker}"
    ]
    if found.rtt_us is not None:
        told.append(f"round trip {found.rtt_us:,} us")
    if found.bytes_per_s is not None:
        told.append(f"{found.bytes_per_s / 1e6:,.0f} MB/s over one connection")
    return "; ".join(told)


def lines(manifest: Manifest, results: Sequence[Result]) -> Iterator[str]:
    """One for each host, with how well its clock was known."""
    for host in manifest.load_hosts:
        yield f"Load from {host.name}: {in_words(host)}{_clock(host.name, results)}."


def _clock(host: str, results: Sequence[Result]) -> str:
    """The last trial's offset, and the worst bound of all trials."""
    known = [
        (worker.clock_offset_s, worker.clock_bound_s)
        for result in results
        for worker in (result.load.load_workers if result.load else ())
        if worker.host == host and worker.clock_bound_s is not None
    ]
    if not known:
        return ""
    offset_s, bound_s = known[-1][0], max(bound for _, bound in known if bound is not None)
    what = f"is {offset_s:+.3f} s from this host's" if offset_s else "is this host's"
    return f"; its clock {what}, known to {bound_s * 1000:.2f} ms"
