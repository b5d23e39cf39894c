"""Links to load hosts over which as much went as they can carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lab.analysis.mechanism import per_second
from lab.analysis.thresholds import LINK_FULL
from lab.records.record import ServerRecord
from loadgen.formats.record import LoadRecord


def full_links(server: ServerRecord, load: LoadRecord) -> Iterator[tuple[str, float]]:
    """Each one's host, and the share of what the link gave before the run.

    What the server sent counts, to each host by its part of the answers: whole answers alone leave
    out those that an edge of the window cut, and with large bodies that is much of the link.
    """
    received = Counter[str | None]()
    for worker in load.load_workers:
        received[worker.host] += worker.bytes or 0
    answered = received.total() / load.window_s
    sent = per_second(server.opened, server.closed, "bytes_out") or answered
    for link in server.links:
        part = received[link.host] / max(1, received.total())
        share = part * sent / max(1, link.bytes_per_s)
        if share >= LINK_FULL:
            yield link.host, share
