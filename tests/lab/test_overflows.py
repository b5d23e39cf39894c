"""A full accept queue loses handshakes: a result that the kernel counts, and no miscount."""

from __future__ import annotations

import pytest

from lab.analysis import mechanism
from lab.analysis.counts import mismatches
from lab.analysis.validity import judge
from lab.records.record import ServerEnd, ServerRecord
from tests.lab import records
from tests.lab.records import CLOSES_AT_S


def server(accepted: int, overflows: int) -> ServerRecord:
    last = records.counters(CLOSES_AT_S + 1, 10.6).model_copy(
        update={"listen_overflows": overflows, "listen_drops": overflows, "syn_retries": 40}
    )
    first = records.counters(99.0, 0.2).model_copy(update={"syn_retries": 10})
    account = records.account(accepted=accepted)
    end = ServerEnd(exit_code=0, oom_killed=False, account=account)
    return records.server(started=first, finished=last, end=end)


@pytest.mark.parametrize(
    ("lost", "overflows", "verdict"),
    [
        *((0, 0, "valid"), (59, 59, "valid"), (59, 700, "valid")),
        *((59, 58, "invalid"), (59, 0, "invalid"), (-1, 10, "invalid")),
    ],
)
def test_connections_that_the_kernel_lost_are_no_miscount(
    lost: int, overflows: int, verdict: str
) -> None:
    load = records.load()
    made = load.life.connected + load.life.probes
    found = judge(server(made - lost, overflows), load)
    assert found.verdict == verdict


def test_without_overflows_every_connection_is_accounted_for() -> None:
    told = mismatches(records.life(), records.account(accepted=11_000))
    assert told == ["client connected 12021, server accepted 11000"]


def test_what_the_kernel_counted_until_the_load_was_done_is_told() -> None:
    found = mechanism.of(server(12_021, 77), records.load())
    assert (found.listen_overflows, found.listen_drops, found.syn_retries) == (77, 77, 30)


def test_what_redis_took_is_a_share_of_a_cpu_over_the_window() -> None:
    opened = records.counters(100.0, 1.0).model_copy(update={"redis_cpu_s": 4.0})
    closed = records.counters(110.0, 9.0).model_copy(update={"redis_cpu_s": 6.5})
    found = mechanism.of(records.server(opened=opened, closed=closed), records.load())
    assert found.redis_share == pytest.approx(0.25)
    assert mechanism.of(records.server(), records.load()).redis_share is None
