"""A run that seeks its rates: interleaved, judged from the trials' records, written as it goes."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from lab.analysis import found_rate
from lab.analysis.found_rate import lines
from lab.analysis.result import Result, all_of
from lab.errors import LabError
from lab.host.rig import Exited
from lab.plan.blocks import all_cells
from lab.records.run_folder import RunFolder
from lab.records.step import Trial
from lab.run.manifest_writer import ManifestWriter
from lab.run.runner import run_plan
from lab.run.seek import Seek, judged, objective
from loadgen.formats.figures import Arrivals
from loadgen.formats.scenario_reader import parse
from tests.lab.fakes import SMOOTH, ElasticRig, FakeRig, Silent
from tests.lab.records import load, manifest, server, worker

SCENARIO = parse("about: x\nrequests: [{get: /}]\nusers: 100\nfind: {p99_ms: 10, trials: 12}\n")
CAPACITIES = {"forking": 700.0, "poll": 6_500.0, "epoll": 9_000.0}
TRIAL = Trial(1, 1, "epoll", 100, 7, 1_000.0)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    (tmp_path / "trials").mkdir()
    return RunFolder(tmp_path)


def run(folder: RunFolder, rig: FakeRig, trials: int = 12) -> None:
    ledger = ManifestWriter(folder, manifest(state="running", adaptive=True))
    sought = Seek(
        SCENARIO, all_cells(list(CAPACITIES), [100]), trials=trials, seed=3, folder=folder
    )
    with ledger.kept():
        run_plan(
            sought.trials(ledger),
            of=trials * len(CAPACITIES),
            rig=rig,
            folder=folder,
            progress=Silent(),
            timeout_s=3.0,
        )


def test_each_models_limit_is_found_within_the_trials(folder: RunFolder) -> None:
    run(folder, ElasticRig(CAPACITIES, folder.path))
    found = found_rate.read(folder)
    assert found is not None
    assert [each.model for each in found.findings] == list(CAPACITIES)
    for each in found.findings:
        assert each.low_rps is not None
        assert each.high_rps is not None
        assert each.low_rps <= CAPACITIES[each.model] < each.high_rps <= 1.2 * each.low_rps
        assert len(each.tried) <= 12
    assert lines(found)[0].startswith("forking, 100 connections: p99 within 10 ms up to ")


def test_a_block_is_one_step_of_every_model_in_its_own_order(folder: RunFolder) -> None:
    run(folder, ElasticRig(CAPACITIES, folder.path))
    plan = folder.manifest().plan
    blocks = [list(block) for _, block in groupby(plan, key=lambda planned: planned.block)]
    assert all(sorted(p.model for p in block) == sorted(CAPACITIES) for block in blocks[:3])
    assert len({tuple(planned.model for planned in block) for block in blocks}) > 1
    assert all(len({planned.seed for planned in block}) == 1 for block in blocks)
    assert [planned.number for planned in plan] == list(range(1, len(plan) + 1))
    assert len(plan) == len(all_of(folder))


def test_a_model_whose_trials_are_lost_ends_without_a_limit(folder: RunFolder) -> None:
    run(folder, FakeRig([*SMOOTH[:4], (5.0, Exited("server", 137))], results=folder.path), 4)
    found = found_rate.read(folder)
    assert found is not None
    assert {each.limit_rps for each in found.findings} == {None}
    why = found.findings[0].tried[0].why
    assert why is not None
    assert why.startswith("the trial was lost: the server died in mid-trial")


def test_what_is_known_is_on_the_disk_after_every_trial(folder: RunFolder) -> None:
    ledger = ManifestWriter(folder, manifest(state="running", adaptive=True))
    sought = Seek(SCENARIO, all_cells(["poll"], [100]), trials=12, seed=3, folder=folder)
    trials = sought.trials(ledger)
    assert found_rate.read(folder) is None
    first = next(trials)
    rig = ElasticRig(CAPACITIES, folder.path)
    run_plan([first], of=12, rig=rig, folder=folder, progress=Silent(), timeout_s=3.0)
    second = next(trials)
    found = found_rate.read(folder)
    assert found is not None
    assert [each.rate_rps for each in found.findings[0].tried] == [first.rate_rps]
    assert (first.rate_rps, second.rate_rps) == (1_000, 2_000)


def test_a_search_that_cannot_be_read_is_told(folder: RunFolder) -> None:
    (folder.path / "search.json").write_text("{")
    with pytest.raises(LabError, match="cannot be used"):
        found_rate.read(folder)


@pytest.mark.parametrize(
    ("text", "found"),
    [("{p50_ms: 2}", ("p50", 2)), ("{p90_ms: 5}", ("p90", 5)), ("{p99_ms: 10}", ("p99", 10))],
)
def test_the_objective_is_the_one_that_is_named(text: str, found: tuple[str, float]) -> None:
    scenario = parse(f"about: x\nrequests: [{{get: /}}]\nfind: {text}\n")
    assert objective(scenario) == found


def open_loop(values_us: dict[int, int], due: int = 10_000, **changes: Any) -> Result:
    good = sum(values_us.values())
    arrivals = Arrivals(
        process="poisson",
        due=due,
        offered_rps=due / 10,
        achieved_rps=good / 10,
        good=good,
        failed=0,
        dropped=due - good,
        cut=0,
        queued=0,
        in_flight_mean=1.0,
        in_flight_max=9,
    )
    record = load(values_us or None, loop="open", rate_rps=due / 10, arrivals=arrivals, **changes)
    return Result(server(), record)


@pytest.mark.parametrize(
    ("values_us", "passed", "why"),
    [
        ({9_990: 10_000}, True, None),
        ({1_000: 9_900, 90_000: 100}, True, None),  # 99 of 100 come in time
        ({1_000: 9_890, 90_000: 110}, False, "p99 was 90.0 ms"),
        ({1_000: 9_900}, True, None),
        ({1_000: 9_899}, False, "answered 990/s of 1,000/s offered"),
    ],
)
def test_a_rate_is_held_if_all_is_answered_and_in_time(
    values_us: dict[int, int], passed: bool, why: str | None
) -> None:
    found = judged(TRIAL, open_loop(values_us), "p99", 10)
    assert (found.passed, found.why) == (passed, why)


def test_a_closed_loop_holds_no_rate() -> None:
    found = judged(TRIAL, Result(server(), load()), "p99", 10)
    assert (found.passed, found.why) == (False, "the load kept no rate")


def test_a_generator_at_its_end_is_remembered() -> None:
    busy = open_loop({50_000: 10_000}, load_workers=(worker(cpu_share=0.99),))
    idle = Result(server(closed=server().opened), busy.load)
    assert judged(TRIAL, idle, "p99", 10).generator_bound
