"""What a request cost: each figure from the right witness, and None where nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from lab.analysis import mechanism
from lab.analysis.mechanism import CONNECTIONS_TO_DIVIDE, Mechanism
from lab.records.record import Counters, ServerEnd, ServerRecord
from loadgen.formats.record import Connections
from tests.lab import records
from tests.lab.records import CLOSES_AT_S, OPENS_AT_S, account

GOOD = 10_000  # answers in the window of records.load()


def reading(read_at_s: float, cpu_s: float, **changes: Any) -> Counters:
    return records.counters(read_at_s, cpu_s).model_copy(update=changes)


def trial(
    opened: dict[str, Any] | None = None,
    closed: dict[str, Any] | None = None,
    started: dict[str, Any] | None = None,
    **of_account: Any,
) -> ServerRecord:
    """CPU: 9.5 s over the window."""
    known = {"begun": 1, **of_account}
    return records.server(
        started=reading(OPENS_AT_S - 2, 0.2, **started) if started is not None else None,
        opened=reading(OPENS_AT_S, 1.0, **(opened or {})),
        closed=reading(CLOSES_AT_S, 10.5, **(closed or {})),
        end=ServerEnd(exit_code=0, oom_killed=False, account=account(**known)),
    )


def of(server: ServerRecord, **of_load: Any) -> Mechanism:
    return mechanism.of(server, records.load({500: GOOD}, **of_load))


def switched(voluntary: int, involuntary: int, threads: int = 9) -> dict[str, int]:
    return {
        "voluntary_switches": voluntary,
        "involuntary_switches": involuntary,
        "threads": threads,
    }


def test_cpu_is_the_exact_total_of_the_window_split_as_the_ticks_say() -> None:
    found = of(
        trial({"cpu_user_s": 0.0, "cpu_system_s": 0.0}, {"cpu_user_s": 2.0, "cpu_system_s": 6.0})
    )
    assert found.cpu_us == pytest.approx(950.0)
    assert found.cpu_user_us == pytest.approx(950.0 / 4)
    assert found.cpu_system_us == pytest.approx(950.0 * 3 / 4)


def test_a_window_without_a_tick_has_a_total_and_no_split() -> None:
    same = {"cpu_user_s": 1.0, "cpu_system_s": 1.0}
    found = of(trial(same, same))
    assert found.cpu_us == pytest.approx(950.0)
    assert (found.cpu_user_us, found.cpu_system_us) == (None, None)


def test_switches_of_a_fixed_pool_are_those_of_the_window() -> None:
    pool = [{"accepted": 1, "answered": 1}] * 8
    server = trial(switched(1_000, 100), switched(21_000, 5_100), workers=pool, begun=8)
    assert of(server).voluntary_switches == pytest.approx(2.0)
    assert of(server).involuntary_switches == pytest.approx(0.5)


def test_switches_of_workers_that_come_and_go_are_those_of_the_life() -> None:
    """What ended is not in /proc: the living say 0.1, the account knows 1.5."""
    server = trial(
        switched(1_000, 100),
        switched(2_000, 100),
        started=switched(200, 50, threads=1),
        answered=12_000,
        begun=12_000,
        voluntary_switches=18_200,
        involuntary_switches=6_050,
    )
    assert of(server).voluntary_switches == pytest.approx(1.5)
    assert of(server).involuntary_switches == pytest.approx(0.5)


def test_other_threads_at_the_other_edge_make_the_window_useless() -> None:
    server = trial(switched(1_000, 0), switched(900, 0, threads=8), answered=6_000)
    assert of(server).voluntary_switches == pytest.approx(1.0)  # the account's 6,000


def test_thousands_of_threads_were_not_read_and_the_account_tells() -> None:
    unread = {"threads": 9, "switches_missing": "9,000 threads: too many"}
    assert of(trial(unread, unread, answered=6_000)).voluntary_switches == pytest.approx(1.0)


def test_switches_of_children_that_nobody_waited_for_are_not_known() -> None:
    server = trial(begun=12_000, answered=12_000, voluntary_switches=None)
    assert of(server).voluntary_switches is None


def test_a_server_without_an_account_is_known_by_its_living_threads_alone() -> None:
    end = ServerEnd(exit_code=0, oom_killed=False, account_missing="a reference")
    server = trial(switched(0, 0, 2), switched(5_000, 0, 2)).model_copy(update={"end": end})
    assert of(server).voluntary_switches == pytest.approx(0.5)
    assert (of(server).forks, of(server).workers_begun, of(server).workers_at_once) == (None,) * 3
    others = trial(switched(0, 0, 2), switched(5_000, 0, 3)).model_copy(update={"end": end})
    assert of(others).voluntary_switches is None


def test_forks_and_workers_are_counted_by_all_that_was_answered() -> None:
    found = of(trial(answered=11_999, health=1, forks=12_000, begun=12_000))
    assert (found.forks, found.workers_begun) == (1.0, 1.0)


def test_the_most_tasks_at_once_are_the_kernels_where_they_rose_under_load() -> None:
    before, rose = {"pids": 2, "pids_peak": 6}, {"pids": 3, "pids_peak": 40}
    assert of(trial(started=before, closed=rose)).peak_tasks == 40
    docker_alone = {"pids": 3, "pids_peak": 6}
    assert of(trial({"pids": 2}, docker_alone, started=before)).peak_tasks == 3


def test_where_the_kernel_keeps_no_peak_the_highest_witness_counts() -> None:
    busy = [{"accepted": 1, "answered": 1}] * 20
    assert of(trial({"pids": 14}, {"pids": 9})).peak_tasks == 14
    assert of(trial({"pids": 14}, {"pids": 9}, workers=busy)).peak_tasks == 20


@pytest.mark.parametrize(
    ("connections", "growth"),
    [(CONNECTIONS_TO_DIVIDE, 40_000.0), (CONNECTIONS_TO_DIVIDE - 1, None)],
)
def test_memory_of_a_connection_is_the_growth_since_the_idle_server(
    connections: int, growth: float | None
) -> None:
    counted = Connections(requested=connections, established=connections, unconnected=0, unserved=0)
    server = trial(started={"memory_bytes": 10_000_000}, closed={"memory_bytes": 12_000_000})
    assert of(server, connections=counted).memory_per_connection_bytes == growth
    assert of(trial(), connections=counted).memory_per_connection_bytes is None


def test_a_queue_that_overflowed_in_the_ramp_is_told() -> None:
    found = of(trial({"listen_overflows": 70}, {"listen_overflows": 70, "listen_drops": 75}))
    assert (found.listen_overflows, found.listen_drops) == (70, 75)


def test_the_accept_queue_is_the_mean_of_the_edges() -> None:
    assert of(trial({"accept_queue": 40}, {"accept_queue": 43})).accept_queue == 41.5
    assert of(trial({}, {"accept_queue": 43})).accept_queue == 43
    assert of(trial()).accept_queue is None


def test_retransmissions_are_of_the_window() -> None:
    assert of(trial({"retransmitted": 3}, {"retransmitted": 23})).retransmits_per_1000 == 2.0


def test_nothing_known_is_nothing_said() -> None:
    bare = records.server(opened=None, closed=None, end=None)
    assert mechanism.of(bare, None) == Mechanism()


def test_a_cell_has_the_medians_of_those_trials_that_know() -> None:
    trials = [Mechanism(cpu_us=1.0, forks=1.0), Mechanism(cpu_us=2.0), Mechanism(cpu_us=9.0)]
    assert mechanism.median(trials) == Mechanism(cpu_us=2.0, forks=1.0)
    assert mechanism.median([]) == Mechanism()
