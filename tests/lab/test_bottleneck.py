"""Who was the limit: each threshold on both sides, and what a server that waits looks like."""

from __future__ import annotations

from typing import Any

import pytest

from lab.analysis.bottleneck import Reason, bottleneck, lateness
from lab.records.record import Link, ServerEnd, ServerRecord
from loadgen.formats.record import LoadRecord
from tests.lab import records
from tests.lab.records import account, counters


def server_using(
    cpu_s: float, workers: int = 1, queues: tuple[int | None, int | None] = (0, 0)
) -> ServerRecord:
    """CPU seconds of the ten of the window; connections in the accept queue at its edges."""
    each = [{"accepted": 1, "answered": 1}] * workers
    end = ServerEnd(exit_code=0, oom_killed=False, account=account(workers=each))
    opened = counters(records.OPENS_AT_S, 1.0).model_copy(update={"accept_queue": queues[0]})
    closed = counters(records.CLOSES_AT_S, 1.0 + cpu_s)
    closed = closed.model_copy(update={"accept_queue": queues[1]})
    return records.server(opened=opened, closed=closed, end=end)


def kinds(server: ServerRecord, load: LoadRecord, ceiling_rps: float | None = None) -> list[str]:
    return [reason.kind for reason in bottleneck(server, load, ceiling_rps).reasons]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"cpu_share": 0.85}, None),
        ({"cpu_share": 0.86}, "busy"),
        ({"run_delay_s": 0.5}, None),  # of 10 s: 0.05 s/s
        ({"run_delay_s": 0.51}, "delay"),
        ({"loop_lag_p99_us": 2_000}, None),
        ({"loop_lag_p99_us": 2_001}, "lag"),
    ],
)
def test_evidence_that_the_generator_was_the_limit(
    change: dict[str, Any], kind: str | None
) -> None:
    load = records.load(load_workers=(records.worker(**change),))
    assert kinds(server_using(5.0), load) == ([kind] if kind else [])


def test_what_ails_many_workers_is_told_once() -> None:
    many = [records.worker(name=f"worker-{n}", loop_lag_p99_us=2_001 + n) for n in range(16)]
    [reason] = bottleneck(server_using(5.0), records.load(load_workers=tuple(many)), None).generator
    assert reason.text == "load worker-0 2.0 ms late to its timers (and 15 more)"


@pytest.mark.parametrize(
    ("cpu_s", "busy", "limit"),
    [
        (8.99, 0.86, "generator"),
        (9.0, 0.86, "server"),  # the generator had strength left
        (9.0, 0.97, "server"),
        (9.0, 0.98, "both"),
        (8.99, 0.85, "neither"),
    ],
)
def test_the_busier_of_the_two_is_the_limit(cpu_s: float, busy: float, limit: str) -> None:
    load = records.load(load_workers=(records.worker(cpu_share=busy),))
    assert bottleneck(server_using(cpu_s), load, None).limit == limit


@pytest.mark.parametrize(
    ("cpu_s", "change", "limit"),
    [
        (9.7, {"loop_lag_p99_us": 20_000}, "server"),
        (9.7, {"run_delay_s": 3.0}, "server"),
        (9.69, {"loop_lag_p99_us": 20_000}, "both"),
        (9.7, {"loop_lag_p99_us": 20_000, "cpu_share": 0.98}, "both"),  # not only late
    ],
)
def test_being_late_takes_nothing_from_a_server_that_is_always_at_work(
    cpu_s: float, change: dict[str, Any], limit: str
) -> None:
    load = records.load(load_workers=(records.worker(**change),))
    found = bottleneck(server_using(cpu_s), load, None)
    assert found.limit == limit
    assert found.generator  # told all the same: it is in the latency


def test_nor_from_workers_before_whom_a_queue_stands() -> None:
    late = records.load(load_workers=(records.worker(loop_lag_p99_us=20_000),))
    assert bottleneck(server_using(1.0, 8, (8, 10)), late, None).limit == "server"
    users = {"requested": 50, "established": 50, "unconnected": 0, "unserved": 42}
    alone = late.model_copy(update={"connections": records.load(connections=users).connections})
    # The eight whom it serves it waits for, each time: late, they cost it.
    assert bottleneck(server_using(1.0, 8, (42, 42)), alone, None).limit == "both"


def test_in_an_open_loop_being_late_is_in_the_figure() -> None:
    load = records.open_load(load_workers=(records.worker(loop_lag_p99_us=20_000),))
    assert bottleneck(server_using(9.9), load, None).limit == "both"


@pytest.mark.parametrize(("ceiling_rps", "found"), [(1_112.0, []), (1_111.0, ["ceiling"])])
def test_nine_tenths_of_the_ceiling_are_the_ceiling(ceiling_rps: float, found: list[str]) -> None:
    assert kinds(server_using(5.0), records.load(), ceiling_rps) == found
    assert "ceiling" not in kinds(server_using(9.5), records.load(), ceiling_rps)


def test_the_ceiling_is_that_of_all_workers() -> None:
    two = records.load(workers=2, load_workers=(records.worker(), records.worker()))
    assert kinds(server_using(5.0), two, 600.0) == []


@pytest.mark.parametrize(("lag_us", "found"), [(100, []), (101, ["send lag"])])
def test_sent_later_than_half_of_the_answers_took(lag_us: int, found: list[str]) -> None:
    load = records.open_load(load_workers=(records.worker(send_lag_p99_us=lag_us),))
    assert kinds(server_using(5.0), load) == found


def test_the_late_sending_is_told_beside_what_an_answer_took() -> None:
    load = records.open_load(load_workers=(records.worker(send_lag_p99_us=2_005),))
    [reason] = bottleneck(server_using(5.0), load, None).reasons
    took = "longer than half of all answers took (100 us)"
    assert reason.text == f"load worker-0 sent up to 2,005 us late (p99), {took}"


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], None),
        (["send lag", "delay", "delay"], "waited for a CPU, sent late"),
        (["lag"], "late to its timers"),
        (["busy", "lag"], None),
        (["ceiling"], None),
    ],
)
def test_a_generator_that_was_late_is_told_from_one_at_its_limit(
    kinds: list[str], words: str | None
) -> None:
    assert lateness([Reason(kind, "") for kind in kinds]) == words


@pytest.mark.parametrize(("achieved_rps", "limit"), [(990.0, "neither"), (989.0, "server")])
def test_in_an_open_loop_who_falls_behind_is_full(achieved_rps: float, limit: str) -> None:
    assert bottleneck(server_using(5.0), records.open_load(achieved_rps), None).limit == limit


def test_falling_behind_says_nothing_of_the_server_where_the_generator_was_late() -> None:
    load = records.open_load(900.0, load_workers=(records.worker(run_delay_s=2.0),))
    assert bottleneck(server_using(5.0), load, None).limit == "generator"


def test_users_whom_a_pool_never_served_are_its_limit() -> None:
    connections = {"requested": 50, "established": 50, "unconnected": 0, "unserved": 42}
    load = records.load(connections=connections)
    assert bottleneck(server_using(1.0), load, None).limit == "server"


@pytest.mark.parametrize(
    ("workers", "queues", "limit"),
    [
        (8, (8, 10), "server"),  # three in four of the 12 whom its 8 do not serve, but one
        (8, (7, 10), "neither"),  # at both edges, or it was a moment's crowd
        (8, (10, None), "neither"),  # a record that does not tell
        (1, (18, 19), "server"),  # the iterative server
        (1, (0, 0), "neither"),  # an event loop, whose one worker has all of them
        (17, (18, 18), "server"),
        (18, (18, 18), "neither"),  # a worker for nearly every user
    ],
)
def test_users_who_wait_for_a_worker_stand_in_the_accept_queue(
    workers: int, queues: tuple[int | None, int | None], limit: str
) -> None:
    """20 users, none of whom rests."""
    server = server_using(1.0, workers, queues)
    assert bottleneck(server, records.load(), None).limit == limit


def test_the_pool_is_told_by_those_who_waited() -> None:
    [reason] = bottleneck(server_using(1.0, 1, (18, 19)), records.load(), None).reasons
    assert (reason.kind, reason.text) == ("queue", "18 of 20 users waited to be accepted")


@pytest.mark.parametrize(
    ("threads", "queues", "limit"),
    [
        (9, (8, 10), "server"),  # a parent and 8 workers, who say nothing of themselves
        (9, (6, 10), "neither"),
        (1, (0, 0), "neither"),
        (None, (19, 19), "neither"),  # a host that does not show them
    ],
)
def test_a_reference_has_as_many_workers_as_threads_at_most(
    threads: int | None, queues: tuple[int, int], limit: str
) -> None:
    server = server_using(1.0, 1, queues)
    assert server.closed is not None
    end = ServerEnd(exit_code=0, oom_killed=False, account_missing="none", reference=True)
    closed = server.closed.model_copy(update={"threads": threads})
    server = server.model_copy(update={"end": end, "closed": closed})
    assert bottleneck(server, records.load(), None).limit == limit


def test_where_users_think_or_come_at_a_rate_a_queue_may_be_a_moments() -> None:
    server = server_using(1.0, 1, (19, 19))
    assert bottleneck(server, records.load(think_s=0.1), None).limit == "neither"
    assert bottleneck(server, records.open_load(), None).limit == "neither"


@pytest.mark.parametrize(
    ("bytes_read", "cpu_s", "limit"),
    [
        (8_999_999, 5.0, "neither"),
        (9_000_000, 5.0, "network"),  # in 10 s, over a link of 1 MB/s
        (9_000_000, 9.0, "server"),  # it had no strength left to send more
    ],
)
def test_a_full_link_is_the_limit_where_neither_server_nor_load_is(
    bytes_read: int, cpu_s: float, limit: str
) -> None:
    links = (Link(host="b", rtt_us=200, bytes_per_s=1_000_000),)
    server = server_using(cpu_s).model_copy(update={"links": links})
    here, there = records.worker(host="a", bytes=10**9), records.worker(host="b", bytes=bytes_read)
    found = bottleneck(server, records.load(load_workers=(here, there)), None)
    assert found.limit == limit
    assert [each.kind for each in found.network] == (["link"] if limit == "network" else [])


@pytest.mark.parametrize(("sent", "full"), [(17_999_999, False), (18_000_000, True)])
def test_a_link_carries_what_the_server_sent_not_only_answers_whole_within_the_window(
    sent: int, *, full: bool
) -> None:
    links = (Link(host="b", rtt_us=200, bytes_per_s=1_000_000),)  # 9 MB in 10 s are nine tenths
    server = server_using(5.0).model_copy(update={"links": links})
    assert server.opened is not None
    assert server.closed is not None
    opened = server.opened.model_copy(update={"bytes_out": 5})
    closed = server.closed.model_copy(update={"bytes_out": 5 + sent})
    server = server.model_copy(update={"opened": opened, "closed": closed})
    half = 4_000_000  # answers to each host: of what was sent, a half went to each
    here, there = records.worker(host="a", bytes=half), records.worker(host="b", bytes=half)
    found = bottleneck(server, records.load(load_workers=(here, there)), None)
    assert found.limit == ("network" if full else "neither")


def test_evidence_against_the_generator_names_the_worker_and_its_host() -> None:
    load = records.load(load_workers=(records.worker(), records.worker(host="b", cpu_share=0.99)))
    [reason] = bottleneck(server_using(5.0), load, None).reasons
    assert reason.text == "load worker-0 on b 99% busy"
