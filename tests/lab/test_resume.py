"""A broken run is gone on with: the same trials in the same order, and none of another kind."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from lab.analysis.differences import ASKED_FOR, VARIABLES_OF_NO_MATTER, differences
from lab.analysis.result import all_of
from lab.commands import bench, noise, positive_control
from lab.errors import MISUSED, Interrupted, LabError, MisuseError
from lab.host.cpus import Allotment
from lab.plan import topology
from lab.plan.blocks import all_cells, make_plan
from lab.plan.choice import Asked
from lab.plan.variables import Setup, for_trial
from lab.records.manifest import Manifest, Planned
from lab.records.run_folder import RunFolder, create
from lab.run import resume
from lab.run.manifest_writer import ManifestWriter
from lab.run.runner import run_plan
from loadgen.formats.scenario_reader import digest
from tests.lab.fakes import FakeRig, Silent
from tests.lab.records import manifest

ROOT = Path(__file__).parents[2]
DECLARED = topology.read(ROOT / "docker-compose.yml", {})
TEXT = "about: x\nrequests: [{get: /}]\nusers: 99\n"
NOW = datetime(2026, 11, 23, 18, 30, 5, tzinfo=UTC)
PLAN = make_plan(all_cells(["poll", "epoll"], [20]), 2, seed=3)


def a_manifest(**changes: Any) -> Manifest:
    scenario = {"name": "quick", "sha256": "0" * 64, "text": TEXT}
    plan = [Planned.of(trial).model_dump() for trial in PLAN]
    return manifest(**{"state": "running", "scenario": scenario, "plan": plan, **changes})


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = create(tmp_path / "results", "quick", TEXT, NOW)
    made.write_manifest(a_manifest(run=made.path.name))
    return made


def run(folder: RunFolder, trials: int, shown: Silent | None = None) -> None:
    """So many of the trials that are left."""
    broken = resume.find(folder.path.name, folder.path.parent)
    rig, shown = FakeRig(results=folder.path), shown or Silent()
    plan = resume.plan(broken)[:trials]
    with ManifestWriter(folder, broken.manifest).kept():
        run_plan(plan, of=len(PLAN), rig=rig, folder=folder, progress=shown, timeout_s=3.0)


def test_what_was_written_stays_and_the_rest_is_run(folder: RunFolder) -> None:
    run(folder, 2)
    kept = [(folder.trial(t.name) / "server.json").stat().st_ino for t in PLAN[:2]]
    folder.begin(PLAN[2])  # and then the lights went out
    (folder.trial(PLAN[2].name) / ".load.json.17.tmp").write_text("{")
    shown = Silent()
    run(folder, 4, shown)
    assert [line.split()[0] for line in shown.lines] == ["3/4", "3", "4/4", "4"]
    assert [result.server.number for result in all_of(folder)] == [1, 2, 3, 4]
    assert [(folder.trial(t.name) / "server.json").stat().st_ino for t in PLAN[:2]] == kept
    files = {path.name for path in folder.trial(PLAN[2].name).iterdir()}
    assert files == {"load.json", "server.json", "server.log"}


def test_a_run_is_what_its_manifest_says(folder: RunFolder) -> None:
    choice = resume.choice(resume.find("", folder.path.parent), Asked(), DECLARED)
    assert (choice.models, choice.users, choice.trials) == (("poll", "epoll"), (20,), 2)
    assert (choice.seed, choice.workers, choice.source.text) == (3, 1, TEXT)
    assert resume.plan(resume.find("", folder.path.parent)) == PLAN


@pytest.mark.parametrize(
    "asked",
    [
        Asked(scenario="quick", models="epoll, poll", users="20", trials="2"),
        Asked(workers="1", via="forwarded", seed="3"),
    ],
)
def test_what_is_asked_for_once_more_is_no_mistake(folder: RunFolder, asked: Asked) -> None:
    resume.choice(resume.find("", folder.path.parent), asked, DECLARED)


@pytest.mark.parametrize(
    ("asked", "mistake"),
    [
        (Asked(models="epoll"), "MODEL: epoll was asked for, the run is of poll,epoll"),
        (Asked(users="20,50"), "USERS: 20,50 was asked for, the run is of 20"),
        (Asked(rate="100"), "RATE: 100 was asked for, the run is of none"),
        (Asked(scenario="static"), "SCENARIO: static was asked for, the run is of quick"),
        (Asked(seed="4"), "SEED: 4 was asked for, the run is of 3"),
        (Asked(via="direct"), "VIA: direct was asked for, the run is of forwarded"),
        (Asked(with_file="x.yml"), "WITH: x.yml was asked for, the run is of none"),
    ],
)
def test_what_contradicts_the_run_is_told(folder: RunFolder, asked: Asked, mistake: str) -> None:
    with pytest.raises(MisuseError) as told:
        resume.choice(resume.find("", folder.path.parent), asked, DECLARED)
    assert told.value.mistakes == [mistake]
    assert "leave it out" in told.value.remedy


def test_a_scenario_of_the_run_s_name_and_another_text_is_told(
    folder: RunFolder, tmp_path: Path
) -> None:
    broken = resume.find("", folder.path.parent)
    manifest = broken.manifest.scenario.model_copy(update={"sha256": digest(TEXT)})
    broken = replace(broken, manifest=broken.manifest.model_copy(update={"scenario": manifest}))
    edited = tmp_path / "scenarios" / "quick.yml"
    edited.parent.mkdir()
    edited.write_text(TEXT)
    for words in ("quick", str(edited)):
        assert resume.choice(broken, Asked(scenario=words), DECLARED).source.text == TEXT
    edited.write_text(TEXT.replace("99", "98"))
    for words in ("quick", str(edited)):
        with pytest.raises(MisuseError, match=r"quick\.yml has another text than the run"):
            resume.choice(broken, Asked(scenario=words), DECLARED)
    assert resume.choice(broken, Asked(), DECLARED).source.text == TEXT
    edited.write_bytes(b"\xff")
    with pytest.raises(MisuseError, match="UTF-8"):
        resume.choice(broken, Asked(scenario="quick"), DECLARED)


def test_blocks_are_of_this_time_and_no_contradiction(folder: RunFolder) -> None:
    broken = resume.find("", folder.path.parent)
    assert resume.choice(broken, Asked(blocks="1"), DECLARED).blocks == 1
    assert resume.choice(broken, Asked(), DECLARED).blocks is None
    with pytest.raises(MisuseError) as told:
        resume.choice(broken, Asked(blocks="1,2"), DECLARED)
    assert told.value.mistakes == ["BLOCKS: takes one number, not 2"]
    search = broken.manifest.model_copy(update={"adaptive": True})
    with pytest.raises(MisuseError, match="a search has no blocks"):
        resume.choice(replace(broken, manifest=search), Asked(blocks="1"), DECLARED)


def test_a_run_whose_blocks_for_now_are_done_is_paused(folder: RunFolder) -> None:
    run(folder, 2)
    assert folder.manifest().state == "paused"
    run(folder, 4)
    assert folder.manifest().state == "complete"


def test_a_run_of_which_nothing_is_left_is_told(folder: RunFolder) -> None:
    run(folder, 4)
    with pytest.raises(MisuseError, match="is complete"):
        resume.find("", folder.path.parent)


def test_a_run_that_ended_early_says_how_to_go_on_with_it(folder: RunFolder) -> None:
    name = folder.path.name
    assert resume.hint(folder, "make bench") == f"make bench RESUME=latest goes on with {name}"
    create(folder.path.parent, "quick", TEXT, NOW)  # one more, and `latest` points there
    assert resume.hint(folder, "make bench") == f"make bench RESUME={name} goes on with {name}"


@pytest.mark.parametrize(
    ("begin", "told"),
    [
        (lambda: bench.bench(Asked(models="epoll"), ROOT, Console()), True),
        (lambda: noise.measure(Asked(models="epoll"), ROOT, Console()), False),
        (lambda: positive_control.measure(Asked(), ROOT, Console()), False),
    ],
)
def test_a_run_of_twins_cannot_be_gone_on_with(
    begin: Callable[[], int],
    told: bool,
    folder: RunFolder,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def stops(*_: Any) -> None:
        raise Interrupted(signal.SIGINT)

    monkeypatch.setattr(bench, "begin", lambda *_: SimpleNamespace(folder=folder))
    monkeypatch.setattr(bench, "measure", stops)
    monkeypatch.setattr(bench, "session", lambda _: nullcontext())
    with pytest.raises(Interrupted):
        begin()
    said = "".join(capfd.readouterr())
    assert (f"goes on with {folder.path.name}" in said) is told


def test_a_run_that_the_load_cannot_see_is_told(folder: RunFolder) -> None:
    elsewhere = folder.path.rename(folder.path.parent.parent / "moved")
    with pytest.raises(MisuseError, match="is not in results/"):
        resume.find(str(elsewhere), folder.path.parent)


def test_a_scenario_that_was_touched_is_put_back(folder: RunFolder) -> None:
    (folder.path / "scenario.yml").write_text("about: another\n")
    broken = resume.find("", folder.path.parent)
    gone_on = resume.go_on(broken, a_manifest(), force=False)
    assert (folder.path / "scenario.yml").read_text() == TEXT
    assert (gone_on.state, gone_on.resumed[0].changed) == ("running", [])


def test_other_images_are_refused_and_forced_with_a_note(folder: RunFolder) -> None:
    broken = resume.find("", folder.path.parent)
    now = a_manifest(images={"serverlab-guest": "sha256:2"}, command=["bench", "--force", "1"])
    with pytest.raises(LabError, match="serverlab-guest: sha256:1 then, sha256:2 now") as told:
        resume.go_on(broken, now, force=False)
    assert "FORCE=1" in told.value.remedy
    assert told.value.status == MISUSED
    forced = resume.go_on(broken, now, force=True)
    assert forced.resumed[0].changed == ["serverlab-guest: sha256:1 then, sha256:2 now"]
    assert forced.images == broken.manifest.images


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"git_commit": "abc", "created_at": "later"}, []),
        ({"compose_variables": {"PORT_EPOLL": "9", "LAB_UID": "0"}}, []),
        ({"compose_variables": {"SERVER_CPUS": "3"}}, ["SERVER_CPUS: none then, 3 now"]),
    ],
)
def test_only_what_can_change_a_figure_counts(changes: dict[str, Any], told: list[str]) -> None:
    assert differences(a_manifest(), a_manifest(**changes)) == told


def test_what_the_lab_sets_for_a_trial_is_asked_for_or_counts() -> None:
    """A variable that is new there must be put on one side or the other."""
    allotted = Allotment(server=(1,), load=(0,), redis=(0,))
    setup = Setup("0" * 64, "forwarded", 1, allotted, "guest", {"backlog": "9"}, (0, 0), 30.0)
    given = for_trial(setup, PLAN[0], DECLARED.servers["epoll"], "/results/x")
    counted = {name for name in given if not name.startswith(VARIABLES_OF_NO_MATTER)} - ASKED_FOR
    assert counted == {"SERVER_BACKLOG", "SERVER_CPUS", "LOAD_CPUS", "REDIS_CPUS"}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("kernel", "6.2", ["kernel: 6.1 then, 6.2 now"]),
        ("sysctls", {"vm.overcommit_memory": "1"}, ["vm.overcommit_memory: none then, 1 now"]),
        ("open_files", 1, []),
    ],
)
def test_the_host_counts_where_it_matters(name: str, value: object, told: list[str]) -> None:
    host = a_manifest().host.model_copy(update={name: value})
    assert differences(a_manifest(), a_manifest().model_copy(update={"host": host})) == told


@pytest.mark.parametrize(
    ("fault", "state", "why"),
    [
        (None, "paused", None),  # no trial was run yet
        (Interrupted(2), "interrupted", "Ctrl-C"),
        (LabError("Docker is gone", "start it"), "aborted", "Docker is gone"),
    ],
)
def test_the_manifest_tells_how_a_run_ended(
    folder: RunFolder, fault: BaseException | None, state: str, why: str | None
) -> None:
    try:
        with ManifestWriter(folder, folder.manifest()).kept():
            assert folder.manifest().state == "running"
            if fault:
                raise fault
    except type(fault or ValueError()):
        pass
    assert (folder.manifest().state, folder.manifest().why) == (state, why)
    assert folder.manifest().after is not None
