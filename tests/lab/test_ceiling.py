"""The ceiling of the load generator: which calibration stands for a trial, and when none does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab.errors import LabError
from lab.plan.calibration import Kind, kinds, table
from lab.records import ceiling
from lab.records.ceiling import Calibration, Cost
from loadgen.formats.record import Failures, LoadRecord, Window
from loadgen.formats.scenario_reader import parse
from tests.lab import records

FILES = {"615b.html": 615, "10kb.txt": 10_240, "1mb.bin": 1_048_576}
HOST = records.manifest().host


def load(answer_bytes: int, **changes: Any) -> LoadRecord:
    window = Window(
        requests=10_000,
        good=10_000,
        failures=Failures(),
        bytes=10_000 * answer_bytes,
        throughput_rps=1_000.0,
    )
    return records.load(window=window, **changes)


def kept(tmp_path: Path, *costs: Cost) -> ceiling.Ceilings:
    ceiling.write(tmp_path, Calibration(costs=costs))
    return ceiling.read(tmp_path, HOST, "sha256:1", "guest")


def test_the_ceiling_is_what_one_cpu_can_pay_for(tmp_path: Path) -> None:
    assert kept(tmp_path, records.cost(cpu_us=40.0)).of(load(800)) == 25_000


def test_the_nearest_size_stands_for_the_trials(tmp_path: Path) -> None:
    found = kept(
        tmp_path,
        records.cost(),
        records.cost(body_bytes=1_048_576, answer_bytes=1_048_800.0, cpu_us=1_000.0),
    )
    assert found.of(load(3_000)) == 10_000
    assert found.of(load(900_000)) == 1_000


def test_a_size_far_from_all_that_were_measured_has_none(tmp_path: Path) -> None:
    assert kept(tmp_path, records.cost()).of(load(1_048_800)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "published"},
        {"receive": "sender"},
        {"connection": "keep-alive"},
        {"loop": "open", "rate_rps": 100.0},
        {"image": "sha256:2"},
        {"kernel": "6.2"},
        {"cpu_model": "another"},
    ],
)
def test_another_way_host_or_version_says_nothing(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert kept(tmp_path, records.cost(**changes)).of(load(800)) is None


def test_no_good_answer_has_no_size(tmp_path: Path) -> None:
    assert kept(tmp_path, records.cost()).of(records.load({})) is None


def test_nothing_calibrated_yet(tmp_path: Path) -> None:
    assert ceiling.read(tmp_path, HOST, "sha256:1", "guest").of(load(800)) is None


def test_a_newer_figure_takes_the_place_of_the_older_and_of_no_other() -> None:
    others = (records.cost(image="sha256:2"), records.cost(loop="open", rate_rps=10.0))
    before = Calibration(costs=(records.cost(cpu_us=1.0), *others))
    assert before.with_(records.cost(cpu_us=2.0)).costs == (*others, records.cost(cpu_us=2.0))


@pytest.mark.parametrize("text", ["", "{}x", '{"format": 2}', '{"costs": [{"kernel": 1}]}'])
def test_a_broken_file_is_told_with_its_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / ceiling.FILE).write_text(text)
    with pytest.raises(LabError, match="cannot be used") as told:
        ceiling.load(tmp_path)
    assert "make calibrate" in told.value.remedy


def test_the_kinds_are_those_that_scenarios_ask_for_closed_before_open() -> None:
    some = parse("about: x\nconnection: keep-alive\nrequests: [{get: /1mb.bin}, {get: /}]\n")
    other = parse("about: x\nrate: 10\nrequests: [{get: /x, expect: {bytes: 9000}}]\n")
    assert kinds([some, other, other], FILES) == [
        Kind("close", 10_240, "10kb.txt", "closed"),
        Kind("close", 10_240, "10kb.txt", "open"),
        Kind("keep-alive", 615, "615b.html", "closed"),
        Kind("keep-alive", 1_048_576, "1mb.bin", "closed"),
    ]


def test_the_text_of_a_kind_is_a_scenario_that_asks_for_it() -> None:
    scenario = parse(Kind("keep-alive", 10_240, "10kb.txt", "closed").text)
    [request] = scenario.requests
    assert (scenario.connection, request.get) == ("keep-alive", "/10kb.txt")
    assert request.expect.bytes == 10_240


def test_the_table_notes_a_generator_that_was_not_at_its_limit() -> None:
    head, _, full, idle = table([records.cost(), records.cost(cpu_share=0.4)]).splitlines()
    assert "requests/s a worker" in head
    assert "10,000" in full
    assert "CPU left" not in full
    assert "CPU left (40% busy)" in idle
