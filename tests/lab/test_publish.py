"""Published runs: which are fit to be kept, and the README that is made from them."""

from __future__ import annotations

import re
import shutil
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.commands import publish
from lab.errors import LabError
from lab.records import ceiling, noise_floor
from lab.records.ceiling import Calibration
from lab.records.run_folder import RunFolder
from lab.report import noise, readme
from lab.report.report import Report
from loadgen.formats.record import LoadRecord
from servers.runtime.knobs import MODELS
from tests.lab import records
from tests.lab.trials import around, report

ROOT = Path(__file__).parents[2]
PUBLISHED = publish.load(ROOT / "results" / "published")
GOOD: dict[str, Any] = {"state": "complete", "trials": 10, "git_dirty": False}


def fit(**manifest: Any) -> Report:
    return report({"one": around(1_000), "other": around(900)}, **{**GOOD, **manifest})


def test_a_whole_run_is_fit() -> None:
    publish._fit(fit())


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({"state": "interrupted"}, "the run is interrupted"),
        ({"state": "paused"}, "the run is paused"),
        ({"trials": 9}, "it has 9 trials of each cell, not 10"),
        ({"git_dirty": True}, "files differed from the commit"),
    ],
)
def test_others_are_not(manifest: dict[str, object], said: str) -> None:
    with pytest.raises(LabError, match=said):
        publish._fit(fit(**manifest))


def test_a_trial_that_was_not_measured_right_keeps_a_run_out() -> None:
    found = fit()
    bad = replace(found.results[0], load=records.load(life=records.life(connected=1)))
    with pytest.raises(LabError, match="counts differ"):
        publish._fit(replace(found, results=[bad, *found.results[1:]]))


def test_the_readme_says_in_how_many_sittings_where_there_were_several() -> None:
    spread = report({"one": around(50)}, pause_s=600, **GOOD)
    assert "again; 2026-11-23 in 10 sittings; " in readme.block({"static": spread})
    assert "again; 2026-11-23; " in readme.block({"static": fit()})


def test_the_readme_names_a_host_once_and_the_command_of_each_run() -> None:
    elsewhere = {**fit().manifest.host.model_dump(), "cpu_model": "Another"}
    runs = {"static": fit(), "cpu": fit(), "far": fit(host=elsewhere)}
    text = readme.block(runs)
    assert text.count("Measured on an unknown CPU, 2 CPUs") == 1
    assert text.count("Measured on Another, 2 CPUs") == 1
    for name in runs:
        assert f"`make reproduce RUN=results/published/{name}`" in text


def test_the_readme_shows_medians_intervals_and_ranks_then_each_answer() -> None:
    text = readme.block({"static": fit(), "other": report({"one": around(50)}, **GOOD)})
    _, table, answers = text.partition("| model")
    assert table, text
    assert (
        "- **static**: x\n  - one answers most, about 1,000 requests/s.\n  - other reaches nine"
        in answers
    )
    [one] = [line for line in text.splitlines() if line.startswith("| one")]
    assert "1,000 (" in one
    assert "**1**" in one


def changed(found: Report, model: str, load: LoadRecord) -> Report:
    results = [
        replace(each, load=load) if each.server.model == model else each for each in found.results
    ]
    return replace(found, results=results)


def test_what_is_not_the_servers_own_is_a_lower_bound() -> None:
    late = records.load(model="one", load_workers=(records.worker(run_delay_s=2.0),))
    text = readme.block({"static": changed(fit(), "one", late)})
    [one] = [line for line in text.splitlines() if line.startswith("| one")]
    assert "| ≥ 1,000 (" in one


def test_users_without_an_answer_stand_beside_the_rate() -> None:
    connections = {"requested": 20, "established": 20, "unconnected": 0, "unserved": 19}
    text = readme.block({"static": changed(fit(), "one", records.load(connections=connections))})
    [one] = [line for line in text.splitlines() if line.startswith("| one")]
    assert "answered 1 of 20 users" in one
    assert "one (answered 1 of 20 users) answers most" in text


def published(tmp_path: Path) -> tuple[Report, Path]:
    """A run on the disk, its host's noise floor and ceilings known in results/, copied."""
    found = fit(images={ceiling.LOAD_IMAGE: "sha256:1"})
    results, target = tmp_path / "results", tmp_path / "results" / "published" / "quick"
    source = results / "a-run"
    source.mkdir(parents=True)
    RunFolder(source).write_manifest(found.manifest)
    (source / "server.log").write_text("long")
    twins = report({"one": around(1_000), "one-again": around(1_000, turn=1)})
    noise_floor.write(results, "quick", noise.record(twins, noise.pairs(twins)))
    ceiling.write(results, Calibration(costs=(records.cost(),)))
    publish._copied(source, target, found.manifest, results)
    return found, target


def test_what_is_known_of_the_host_is_published_with_the_run(tmp_path: Path) -> None:
    found, target = published(tmp_path)
    floor = noise_floor.read(target, found.manifest)
    assert floor is not None
    assert publish.load(target.parent)["quick"].noise_floors == floor.floors
    assert ceiling.read(target, found.manifest.host, "sha256:1", "guest").costs == (records.cost(),)
    assert not (target / "server.log").exists()


def test_the_readers_own_host_has_no_say_in_a_published_run(tmp_path: Path) -> None:
    found, target = published(tmp_path)
    (tmp_path / "results" / "calibration.json").unlink()
    shutil.rmtree(tmp_path / "results" / "noise")
    before = publish.load(target.parent)["quick"].noise_floors
    publish._copied(target, target, found.manifest, tmp_path / "results")
    assert publish.load(target.parent)["quick"].noise_floors == before != {}


@pytest.mark.skipif(not PUBLISHED, reason="nothing is published")
def test_readme_and_pictures_are_what_the_published_runs_make_of_them() -> None:
    text = (ROOT / "README.md").read_text()
    assert readme.replaced(text, readme.block(PUBLISHED)) == text, "make publish writes it anew"
    drawn = readme.pictures(PUBLISHED)
    assert {path: (ROOT / path).read_text() for path in drawn} == drawn
    assert all(f"]({path})" in text for path in drawn)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_run_is_whole(name: str) -> None:
    found = PUBLISHED[name]
    publish._fit(found)
    assert publish._name(found) == name
    assert {cell.model for cell in found.cells if not cell.reference} == set(MODELS)


@pytest.mark.parametrize(("trials", "steps", "fit"), [(2, 2, False), (3, 2, True), (3, 1, False)])
def test_a_ladder_needs_fewer_trials(trials: int, steps: int, fit: bool) -> None:
    found = report({"one": around(1_000)}, **{**GOOD, "trials": trials, "users": [20, 50][:steps]})
    with nullcontext() if fit else pytest.raises(LabError, match=f"it has {trials} trials"):
        publish._fit(found)


def test_what_is_published_stays_small() -> None:
    """The repository carries it for good."""
    kept = [path for path in (ROOT / "results/published").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in kept) < 3_000_000
    assert len(kept) < 60


def test_one_that_no_other_can_be_held_against_has_no_rank() -> None:
    text = readme.block({"static": report({"one": around(50)}, **GOOD)})
    assert not re.search(r"\*\*\d", text)


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = f"before\n{readme.BEGIN}old\n{readme.END}after\n"
    assert readme.replaced(text, "new\n") == f"before\n{readme.BEGIN}new\n{readme.END}after\n"
    with pytest.raises(ValueError, match="lost its marks"):
        readme.replaced("no marks", "new")
