"""The noise floor: from models against themselves, and only where it belongs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.analysis.result import Result
from lab.commands.noise import with_twins
from lab.plan.topology import Model, Topology
from lab.records import noise_floor
from lab.report import noise
from lab.report.report import Report
from tests.lab import records
from tests.lab.trials import around, report

RATES = {"epoll": around(1_000, off=0.04), "epoll-again": around(1_002, off=0.04, turn=1)}


def test_a_model_against_itself_gives_the_floor() -> None:
    found = report(RATES)
    [pair] = noise.pairs(found)
    assert pair.low <= 1.0 <= pair.high
    assert not noise.claimed(pair)
    kept = noise.record(found, [pair])
    assert kept.floors == {"throughput": pytest.approx(max(1 - pair.low, pair.high - 1), abs=1e-3)}
    assert "0 of 1 pairs" in noise.lines(kept)[-1]


def test_a_difference_out_of_nothing_would_be_told() -> None:
    [pair] = noise.pairs(report({"epoll": around(1_000), "epoll-again": around(1_200)}))
    assert noise.claimed(pair)
    assert "1 of 1 pairs" in noise.lines(noise.record(report(RATES), [pair]))[-1]


def test_too_few_blocks_give_none() -> None:
    assert (
        noise.pairs(report({"epoll": around(1, blocks=4), "epoll-again": around(1, blocks=4)}))
        == []
    )


def without(found: Report, **load: Any) -> Report:
    """The same run, each trial with these parts of load.json in the place of its own."""
    results = [
        Result(each.server, each.load and each.load.model_copy(update=load))
        for each in found.results
    ]
    return replace(found, results=results)


def test_trials_that_may_not_be_trusted_tell_no_noise() -> None:
    assert noise.pairs(without(report(RATES), life=records.life(connected=1))) == []


def test_what_the_generator_repeats_makes_the_floor_only_where_nothing_else_does() -> None:
    calm = {"poll": around(1_000, off=0.001), "poll-again": around(1_000, off=0.001, turn=1)}
    [servers] = noise.pairs(report(RATES))
    [generators] = noise.pairs(
        without(report(calm), load_workers=(records.worker(run_delay_s=2.0),))
    )
    assert (servers.ranked, generators.ranked) == (True, False)
    both = noise.record(report(RATES), [servers, generators])
    assert both.floors["throughput"] == pytest.approx(servers.reach, abs=1e-4)
    alone = noise.record(report(RATES), [generators])
    assert alone.floors["throughput"] == pytest.approx(generators.reach, abs=1e-4)


def test_in_an_open_loop_the_noise_is_that_of_the_times_that_rank() -> None:
    results = [
        Result(
            records.server(
                number=block, block=block, model=model, rate_rps=1_000.0,
                closed=records.counters(records.CLOSES_AT_S, 3.0),
            ),
            records.open_load(
                model=model, latency_us=records.latency({500 + 100 * ((block + turn) % 3): 10_000})
            ),
        )
        for model, turn in (("epoll", 0), ("epoll-again", 1))
        for block in range(1, 11)
    ]  # fmt: skip
    found = replace(report({}), results=results)
    p99, cpu = noise.pairs(found)
    assert (p99.by, cpu.by) == ("p99", "CPU")
    assert p99.ranked
    assert p99.reach > 0.1, "p99 strays by a fifth, though every trial kept up with its rate"
    assert cpu.reach < 0.01, "and each answer cost what it cost"
    kept = noise.record(found, [p99, cpu])
    assert noise_floor.in_words(kept.floors) == f"{p99.reach:.1%} by p99, {cpu.reach:.1%} by CPU"


def test_it_is_found_again_on_the_same_host_for_the_same_scenario(tmp_path: Path) -> None:
    found = report(RATES)
    kept = noise.record(found, noise.pairs(found))
    noise_floor.write(tmp_path, "quick", kept)
    assert noise_floor.read(tmp_path, found.manifest) == kept
    host = {**found.manifest.host.model_dump(), "kernel": "7.0"}
    assert noise_floor.read(tmp_path, records.manifest(host=host)) is None
    assert noise_floor.read(tmp_path, records.manifest(path="direct")) is None
    other = {"name": "quick", "sha256": "1" * 64, "text": "about: y\n"}
    assert noise_floor.read(tmp_path, records.manifest(scenario=other)) is None


def test_two_texts_under_one_name_have_a_floor_each(tmp_path: Path) -> None:
    found = report(RATES)
    first = noise.record(found, noise.pairs(found))
    second = first.model_copy(update={"scenario_sha256": "1" * 64, "floors": {"throughput": 0.5}})
    noise_floor.write(tmp_path, "quick", first)
    noise_floor.write(tmp_path, "quick", second)
    assert noise_floor.read(tmp_path, found.manifest) == first


def test_a_spoiled_file_is_no_floor(tmp_path: Path) -> None:
    found = report(RATES)
    noise_floor.write(tmp_path, "quick", noise.record(found, noise.pairs(found)))
    [kept] = (tmp_path / "noise").iterdir()
    kept.write_text("{")
    assert noise_floor.read(tmp_path, records.manifest()) is None


def test_a_twin_is_the_same_service_under_another_name() -> None:
    model = Model("epoll", "epoll", "image", 8007, 8007, 8000, {})
    declared = with_twins(Topology({"epoll": model}, {}, {}), ("epoll",))
    twin = declared.servers["epoll-again"]
    assert (twin.name, twin.service, twin.image) == ("epoll-again", "epoll", "image")
