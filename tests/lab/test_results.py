"""Folders of runs, and the report that is made of their files alone, again and again."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lab.analysis.found_rate import SearchRecord
from lab.analysis.result import all_of
from lab.errors import LabError
from lab.host.rig import Exited
from lab.plan.blocks import all_cells, make_plan
from lab.records import run_folder
from lab.records.manifest import Manifest, Planned
from lab.records.record import ServerRecord
from lab.records.run_folder import RunFolder
from lab.report import report, report_files
from lab.report.page.gather import gather
from lab.run.runner import run_plan
from tests.lab import trials
from tests.lab.fakes import SMOOTH, FakeRig, Silent
from tests.lab.records import manifest

NOW = datetime(2026, 11, 23, 18, 30, 5, tzinfo=UTC)
PLAN = make_plan(all_cells(["poll", "epoll"], [20]), 2, seed=3)


def ran(root: Path, rig: FakeRig | None = None, trials: int = len(PLAN)) -> RunFolder:
    folder = run_folder.create(root / "results", "quick", "about: x\n", NOW)
    folder.write_manifest(manifest(run=folder.path.name, plan=[Planned.of(t) for t in PLAN]))
    rig = rig or FakeRig(results=folder.path)
    run_plan(PLAN[:trials], of=4, rig=rig, folder=folder, progress=Silent(), timeout_s=3.0)
    return folder


def test_a_run_has_its_folder_and_latest_points_there(tmp_path: Path) -> None:
    first = run_folder.create(tmp_path, "quick", "about: x\n", NOW)
    second = run_folder.create(tmp_path, "quick", "about: x\n", NOW)
    assert first.path.name == "20261123T183005Z-quick"
    assert second.path.name == "20261123T183005Z-quick-2"
    assert (tmp_path / "latest").readlink() == Path(second.path.name)
    assert (first.path / "scenario.yml").read_text() == "about: x\n"
    assert second.inside == "/results/20261123T183005Z-quick-2"


def test_a_run_is_found_by_path_by_name_or_as_the_newest(tmp_path: Path) -> None:
    folder = ran(tmp_path)
    for name in (str(folder.path), folder.path.name, ""):
        assert run_folder.find(tmp_path / "results", name).path == folder.path.resolve()


def test_a_run_that_is_not_there(tmp_path: Path) -> None:
    assert missing(tmp_path, "") == "there is no run of your own yet\n  -> make bench makes one"
    assert missing(tmp_path, "other") == "no run 'other'\n  -> make bench makes one"
    published = tmp_path / "results/published/static"
    published.mkdir(parents=True)
    (published / "manifest.json").touch()
    also = "published are: results/published/static"
    assert missing(tmp_path, "").endswith(f"yet\n  -> make bench makes one; {also}")
    assert missing(tmp_path, "static") == f"no run 'static'\n  -> make bench makes one; {also}"
    name = ran(tmp_path).path.name
    assert missing(tmp_path, "other") == f"no run 'other'\n  -> the newest are: {name}; {also}"
    (tmp_path / "results/latest").unlink()
    assert missing(tmp_path, "").startswith("no run 'latest'\n  -> the newest are: ")


def missing(root: Path, run: str) -> str:
    with pytest.raises(LabError) as told:
        run_folder.find(root / "results", run)
    return str(told.value)


def test_the_report_of_a_good_run(tmp_path: Path) -> None:
    folder = ran(tmp_path)
    found = report.load(folder)
    assert found.shortfall == []
    report_files.write(folder, found)
    said, _, table = report_files.terminal(found).partition("\n\n")
    assert (
        said == "poll and epoll answer most, about 1,000 requests/s. 2 trials each: a first look."
    )
    assert table.splitlines()[2].split()[:3] == ["poll", "20", "1,000"]
    rows = list(csv.DictReader((folder.path / "report.csv").read_text().splitlines()))
    assert [(row["model"], row["latency_p50_us"], row["trials"]) for row in rows] == [
        ("poll", "500", "2"),
        ("epoll", "500", "2"),
    ]
    whole = json.loads((folder.path / "report.json").read_text())
    assert [trial["verdict"] for trial in whole["trials"]] == ["valid"] * 4
    assert whole["cells"][0]["throughput_rps"] == 1000.0
    assert "| poll " in (folder.path / "report.md").read_text()


def test_the_report_is_the_same_each_time(tmp_path: Path) -> None:
    folder = ran(tmp_path)
    names = ("report.md", "report.csv", "report.json")
    report_files.write(folder, report.load(folder))
    first = [(folder.path / name).read_bytes() for name in names]
    report_files.write(folder, report.load(folder))
    assert [(folder.path / name).read_bytes() for name in names] == first


def test_failed_trials_are_in_the_report_with_their_reason(tmp_path: Path) -> None:
    rig = FakeRig([*SMOOTH[:4], (5.0, Exited("server", 137))])
    found = report.load(ran(tmp_path, rig))
    assert len(found.shortfall) == 4
    assert "the server died in mid-trial (exit code 137" in found.shortfall[0]
    assert "server says why" in found.shortfall[0]
    assert "server died" in report_files.markdown(found)


def test_a_run_that_was_cut_short_reports_what_it_has(tmp_path: Path) -> None:
    folder = ran(tmp_path, trials=1)
    folder.begin(PLAN[1])  # begun, never finished
    found = report.load(folder)
    assert len(found.results) == 1
    assert found.shortfall == ["3 of 4 trials were not run to their end"]


def test_a_run_without_any_trial_can_be_reported(tmp_path: Path) -> None:
    found = report.load(ran(tmp_path, trials=0))
    assert "model" in report_files.terminal(found)
    assert report_files.as_csv(found.cells).startswith("model,users")


def test_a_record_that_is_damaged_is_named(tmp_path: Path) -> None:
    folder = ran(tmp_path)
    path = folder.trial(PLAN[0].name) / "server.json"
    path.write_text('{"format": 9}')
    with pytest.raises(LabError, match="cannot be used: format"):
        report.load(folder)


def test_a_load_record_that_is_damaged_makes_its_trial_invalid(tmp_path: Path) -> None:
    folder = ran(tmp_path)
    (folder.trial(PLAN[0].name) / "load.json").write_text("{")
    assert [result.judgement.verdict for result in report.load(folder).results] == [
        "invalid",
        "valid",
        "valid",
        "valid",
    ]


def test_no_manifest_no_run(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="cannot be read: No such file"):
        report.load(RunFolder(tmp_path))


def test_records_read_back_as_they_were_written(tmp_path: Path) -> None:
    folder = ran(tmp_path)
    server = all_of(folder)[0].server
    assert ServerRecord.model_validate_json(server.model_dump_json()) == server
    kept = folder.manifest()
    assert Manifest.model_validate_json(kept.model_dump_json()) == kept
    assert [planned.name for planned in kept.plan] == [trial.name for trial in PLAN]


def test_a_run_without_any_trial_can_be_discarded(tmp_path: Path) -> None:
    kept, empty = ran(tmp_path), ran(tmp_path, trials=0)
    run_folder.discard_empty(kept)
    run_folder.discard_empty(empty)
    assert run_folder.find(tmp_path / "results", "").path == kept.path
    assert not empty.path.exists()


def test_what_a_search_found_stands_in_every_file(tmp_path: Path) -> None:
    found = report.load(ran(tmp_path))
    sought = SearchRecord.model_validate(
        {
            "percentile": "p99",
            "within_ms": 10.0,
            "trials": 12,
            "findings": [
                {"model": "poll", "users": 20, "tried": [], "low_rps": 7_000.0, "knee_rps": None,
                 "high_rps": 7_200.0, "limit_rps": 7_000.0, "reason": None},
            ],
        }
    )  # fmt: skip
    searched = replace(found, search=sought)
    for text in (report_files.terminal(searched), report_files.markdown(searched)):
        words = " ".join(text.split())
        assert words.count("p99 within 10 ms up to 7,000/s") == 1
        assert "With a p99 within 10 ms: poll takes up to 7,000 requests/s." in words
    rows = csv.DictReader(report_files.as_csv(searched.cells, sought).splitlines())
    assert [(row["objective"], row["limit_rps"]) for row in rows] == [
        ("p99 within 10 ms", "7000.0"),
        ("p99 within 10 ms", ""),
    ]
    assert json.loads(report_files.as_json(searched))["search"]["findings"][0]["limit_rps"] == 7000
    assert "p99 within 10 ms up to 7,000/s" in gather(searched).search[0]


def test_the_terminal_breaks_no_word_and_no_line_beyond_80_columns(tmp_path: Path) -> None:
    text = report_files.terminal(report.load(ran(tmp_path)))
    assert max(map(len, text.splitlines())) <= 80
    assert text.index("answer most") < text.index("requests/s  ")


def test_the_json_names_the_settings_of_a_variant() -> None:
    names = [f"prethreaded accept_mutex={value}" for value in ("on", "off")]
    variants = {
        name: {"model": "prethreaded", "settings": {"accept_mutex": name[-2:].strip("=")}}
        for name in names
    }
    found = trials.report({name: [1_000.0, 1_010.0] for name in names}, variants=variants)
    cells = json.loads(report_files.as_json(found))["cells"]
    assert [cell["variant"] for cell in cells] == list(variants.values())
