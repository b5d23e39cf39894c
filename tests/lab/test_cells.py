"""Cells: medians over trials, merged histograms, and notes on what may not be trusted."""

from __future__ import annotations

import pytest

from lab.analysis.by_cell import cells
from lab.analysis.cells import Times
from lab.analysis.result import Result
from lab.records.record import ServerEnd
from tests.lab import records
from tests.lab.records import account


def trial(number: int, rate: float = 1_000.0, values_us: dict[int, int] | None = None) -> Result:
    server = records.server(number=number, block=number)
    return Result(server, records.load(values_us, throughput_rps=rate))


def failed(number: int, reason: str = "it died") -> Result:
    return Result(
        records.server(number=number, block=number, outcome="failed", reason=reason, end=None), None
    )


def miscounted(number: int) -> Result:
    end = ServerEnd(exit_code=0, oom_killed=False, account=account(accepted=12_000 + number))
    return Result(records.server(number=number, block=number, end=end), records.load())


def test_rates_are_medians_over_trials() -> None:
    [cell] = cells([trial(n, rate) for n, rate in ((1, 900.0), (2, 5_000.0), (3, 1_000.0))], [])
    assert (cell.throughput_rps, cell.trials, cell.invalid) == (1_000.0, 3, 0)
    assert cell.cpu_share == pytest.approx(0.95)
    assert cell.mechanism.memory_bytes == 20_000_000
    assert tuple(map(str, cell.notes)) == ()


@pytest.mark.parametrize(
    ("worker", "said"),
    [
        ({"run_delay_s": 2.0}, "the load generator, late (waited for a CPU)"),
        ({"run_delay_s": 2.0, "cpu_share": 0.9}, "held back by the load generator: "),
    ],
)
def test_the_sentence_tells_a_late_generator_from_a_full_one(
    worker: dict[str, float], said: str
) -> None:
    idle = records.server(closed=records.counters(records.CLOSES_AT_S, 6.0))
    load = records.load(load_workers=(records.worker(**worker),))
    [cell] = cells([Result(idle, load)], [])
    assert cell.cause is not None
    assert said in cell.cause.sentence


def test_percentiles_come_from_merged_histograms_not_from_averages() -> None:
    quick, slow = trial(1, values_us={100: 9_900}), trial(2, values_us={1_000: 100})
    [cell] = cells([quick, slow], [])
    assert cell.latency == Times(
        10_000, p50_us=100, p90_us=100, p99_us=100, p999_us=1_000, max_us=1_000
    )


@pytest.mark.parametrize(("samples", "shown"), [(999, None), (1_000, 500)])
def test_p99_needs_a_thousand_samples(samples: int, shown: int | None) -> None:
    [cell] = cells([trial(1, values_us={500: samples})], [])
    assert cell.latency is not None
    assert (cell.latency.p50_us, cell.latency.p99_us, cell.latency.p999_us) == (500, shown, None)


def test_invalid_trials_do_not_count_beside_valid_ones() -> None:
    [cell] = cells([trial(1, 1_000.0), miscounted(2), failed(3)], [])
    assert (cell.throughput_rps, cell.trials, cell.invalid) == (1_000.0, 1, 2)
    assert tuple(map(str, cell.notes)) == (
        "invalid: counts differ: client connected 12021, server accepted 12002 (1 of 3 trials)",
        "invalid: it died (1 of 3 trials)",
    )


def test_a_cell_of_invalid_trials_alone_shows_what_was_measured_and_why_not_to_trust_it() -> None:
    [cell] = cells([miscounted(1), miscounted(2)], [])
    assert cell.throughput_rps == 1_000.0
    assert tuple(map(str, cell.notes)) == (
        "invalid: counts differ: client connected 12021, server accepted 12001",
    )


def test_a_cell_of_failed_trials_has_no_figures() -> None:
    [cell] = cells([failed(1)], [])
    assert (cell.throughput_rps, cell.latency, cell.cpu_share, cell.trials) == (None,) * 3 + (0,)
    assert tuple(map(str, cell.notes)) == ("invalid: it died",)


def test_users_never_served_are_the_worst_of_the_trials() -> None:
    connections = {"requested": 50, "established": 48, "unconnected": 2, "unserved": 40}
    load = records.load(connections=connections)
    [cell] = cells([trial(1), Result(records.server(number=2, block=2), load)], [])
    assert (cell.unserved, cell.unconnected) == (40, 2)


def test_rows_follow_the_order_of_models_then_of_users() -> None:
    results = [
        Result(records.server(number=number, model=model, users=users), records.load())
        for number, (model, users) in enumerate(
            [("epoll", 50), ("epoll", 20), ("nginx", 20), ("poll", 20)]
        )
    ]
    found = [(cell.model, cell.users) for cell in cells(results, ["poll", "epoll"])]
    assert found == [("poll", 20), ("epoll", 20), ("epoll", 50), ("nginx", 20)]


def test_a_generator_at_its_limit_is_noted() -> None:
    load = records.load(load_workers=(records.worker(run_delay_s=2.0),))
    [cell] = cells([Result(records.server(), load)], [])
    assert tuple(map(str, cell.notes)) == ("both: load worker-0 waited for a CPU 20% of the time",)


def test_rates_of_an_open_loop_are_cells_of_their_own() -> None:
    results = [
        Result(records.server(number=n, rate_rps=rate_rps), records.load())
        for n, rate_rps in enumerate([500.0, 4_000.0])
    ]
    assert [cell.step for cell in cells(results, [])] == [(20, 500.0), (20, 4_000.0)]


def both_full(number: int) -> Result:
    """The server had no CPU left, and the load waited for its own."""
    late = records.load(load_workers=(records.worker(run_delay_s=2.0),))
    return Result(records.server(number=number, block=number), late)


def test_a_cell_ranks_where_all_its_trials_that_count_do() -> None:
    assert cells([trial(1), miscounted(3)], [])[0].ranks
    assert not cells([trial(1), both_full(2)], [])[0].ranks
    assert cells([trial(1), both_full(2)], [])[0].limit is None, "of two kinds"
    assert not cells([miscounted(1)], [])[0].ranks


@pytest.mark.parametrize(("full", "limit"), [(2, "server"), (3, None), (10, "both")])
def test_a_few_trials_in_which_both_were_full_leave_the_rate_the_servers(
    full: int, limit: str | None
) -> None:
    trials = [both_full(n) if n <= full else trial(n) for n in range(1, 11)]
    [cell] = cells(trials, [])
    assert (cell.limit, cell.ranks) == (limit, limit == "server")
    assert cell.notes, "they are told all the same"


def test_a_trial_in_which_the_generator_alone_was_full_keeps_a_cell_from_ranking() -> None:
    idle = records.counters(records.CLOSES_AT_S, 1.0)
    generator = Result(both_full(1).server.model_copy(update={"closed": idle}), both_full(1).load)
    assert generator.judgement.limit == "generator"
    assert not cells([generator, *(trial(n) for n in range(2, 11))], [])[0].ranks


def test_in_an_open_loop_they_spoil_the_latency() -> None:
    results = [
        Result(each.server.model_copy(update={"rate_rps": 500.0}), each.load)
        for each in (both_full(1), *(trial(n) for n in range(2, 11)))
    ]
    assert cells(results, [])[0].limit is None
