"""Trials of one block at the same time: they meet before they fire, and end together."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lab.analysis import sittings
from lab.analysis.bottleneck import bottleneck
from lab.analysis.result import Result, all_of, summary
from lab.errors import Interrupted, LabError
from lab.host.rig import Exited, Happening, Progress, Rig, Said, StoppedError
from lab.plan.blocks import all_cells, at_once, make_plan
from lab.records import events
from lab.records.record import ServerRecord, Settling
from lab.records.run_folder import RunFolder
from lab.records.step import Trial
from lab.report.report import Report
from lab.report.table import render
from lab.run.runner import run_plan
from lab.run.together import Company, Rendezvous, run_together
from tests.lab import records
from tests.lab.fakes import SMOOTH, FakeRig, Script, Silent
from tests.lab.trials import around, report

MODELS = ["poll", "epoll", "threaded"]
PLAN = make_plan(all_cells(MODELS, [20], [100.0]), 2, seed=3, together=True)
STANDS_BY: Script = [*SMOOTH[:3], (0.65, Said(events.Standby())), *SMOOTH[3:]]
WITHIN_S = 10.0


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    (tmp_path / "trials").mkdir()
    return RunFolder(tmp_path)


def run(folder: RunFolder, rigs: list[FakeRig], shown: Silent | None = None) -> None:
    first, *beside = rigs
    run_plan(
        PLAN,
        of=len(PLAN),
        rig=first,
        beside=beside,
        folder=folder,
        progress=shown or Silent(),
        timeout_s=3.0,
    )


def rigs_for(folder: RunFolder) -> list[FakeRig]:
    return [FakeRig(STANDS_BY, results=folder.path) for _ in MODELS]


def test_those_together_are_neighbours_and_each_is_asked_at_instants_of_its_own() -> None:
    cells = all_cells(["a", "b", "c"], [20], [100.0, 200.0])
    plan = make_plan(cells, 3, seed=5, together=True)
    assert [trial.number for trial in plan] == list(range(1, len(plan) + 1))
    groups = list(at_once(plan))
    assert len(groups) == 6
    for group in groups:
        assert sorted(trial.model for trial in group) == ["a", "b", "c"]
        assert len({(trial.block, trial.rate_rps) for trial in group}) == 1
    assert len({trial.seed for trial in plan}) == len(plan)
    assert plan == make_plan(cells, 3, seed=5, together=True)


def test_nobody_goes_on_before_all_are_there_or_have_left() -> None:
    meeting, went = Rendezvous(3), threading.Event()

    def come() -> None:
        meeting.arrive()
        went.set()

    threading.Thread(target=come, daemon=True).start()
    meeting.leave()
    assert not went.wait(0.05)
    meeting.arrive()
    assert went.wait(WITHIN_S)


def test_a_block_is_measured_at_once_and_each_record_names_the_others(folder: RunFolder) -> None:
    rigs, shown = rigs_for(folder), Silent()
    run(folder, rigs, shown)
    assert [rig.diary.count("up") for rig in rigs] == [2, 2, 2]
    assert [rig.diary.count("fire") for rig in rigs] == [2, 2, 2]
    assert [rig.diary.count("settle") for rig in rigs] == [2, 0, 0]  # the host, once for all
    found = all_of(folder)
    assert [each.server.model for each in found] == [trial.model for trial in PLAN]
    for each in found:
        assert {each.server.model, *each.server.beside} == set(MODELS)
        assert each.judgement.verdict == "valid"
    assert [line.split()[0] for line in shown.lines] == [
        "1/6", "2/6", "3/6", "1", "2", "3", "4/6", "5/6", "6/6", "4", "5", "6"
    ]  # fmt: skip
    run(folder, rigs)  # gone on with: all is there
    assert [rig.diary.count("up") for rig in rigs] == [2, 2, 2]


def test_one_that_fails_before_the_others_fire_is_not_waited_for(folder: RunFolder) -> None:
    rigs = rigs_for(folder)
    rigs[1].script = [*SMOOTH[:1], (0.2, Exited("server", 1))]
    run(folder, rigs)
    outcomes = [each.server.outcome for each in all_of(folder)]
    assert outcomes == ["ok", "failed", "ok"] * 2
    assert [rig.diary.count("fire") for rig in rigs] == [2, 0, 2]


class Endless(FakeRig):
    """Its load never says that it is done; it ends where it is stopped, as a real rig does."""

    def __init__(self) -> None:
        super().__init__()
        self.told = threading.Event()

    def stop(self) -> None:
        self.told.set()

    def next_happening(self, _until_s: float) -> Happening | None:
        if self.told.wait(WITHIN_S):
            raise StoppedError
        raise AssertionError("nobody stopped it")


@pytest.mark.parametrize("error", [LabError("the disk is full", "make room"), Interrupted(2)])
def test_what_ends_the_run_stops_all_and_leaves_nothing_up(
    folder: RunFolder, error: BaseException
) -> None:
    broken, endless = FakeRig(STANDS_BY), Endless()
    broken.broken["next_happening"] = error
    with pytest.raises(type(error)):
        run(folder, [endless, broken, Endless()])
    assert not broken.running
    assert not endless.running
    assert all_of(folder) == []


def test_a_person_who_interrupts_waits_for_no_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signal's exception is raised in the main thread, as it waits for the others."""
    rigs: list[Rig] = [Endless(), Endless()]

    def interrupting(*_: object, **__: object) -> None:
        raise Interrupted(2)

    def measured(
        trial: Trial, rig: Rig, settling: Settling, shown: Progress, company: Company
    ) -> None:
        rig.up(trial)
        try:
            rig.next_happening(0.0)
        finally:
            rig.down()

    began_s = time.monotonic()
    monkeypatch.setattr("lab.run.together.wait", interrupting)
    with pytest.raises(Interrupted):
        run_together(PLAN[:2], rigs, Silent(), measured)
    assert time.monotonic() - began_s < WITHIN_S
    assert not any(rig.running for rig in rigs if isinstance(rig, Endless))


# -- what is judged and shown of them


def together(rates: dict[str, list[float]]) -> Report:
    """A report of an open loop whose rows ran together. `rates`: of each, the CPU us of answers."""
    found = report({model: around(1_000) for model in rates})
    results = []
    for each in found.results:
        server, load = each.server, records.open_load(model=each.server.model)
        assert server.opened is not None
        cost_s = rates[server.model][server.block - 1] * 1e-6 * load.window.good
        closed = records.counters(server.opened.read_at_s + 10, server.opened.cpu_s + cost_s)
        others = tuple(model for model in rates if model != server.model)
        changes = {"rate_rps": 1_000.0, "closed": closed, "beside": others}
        results.append(Result(server.model_copy(update=changes), load))
    return replace(found, results=results)


def test_they_are_ranked_by_what_an_answer_costs_and_not_by_its_time() -> None:
    found = together({"dear": around(220), "cheap": around(200)})
    assert [each.by for each in found.rankings] == ["CPU"]
    assert found.rankings[0].names == ("cheap", "dear")
    assert found.answer[0].startswith("At 1,000 requests/s, cheap spends least CPU time")
    text = render(found.cells, found.rankings)
    assert "p99" not in text
    [row] = [line for line in text.splitlines() if line.startswith("dear")]
    assert "1.10 [1.10, 1.10]" in row


def test_loads_that_share_a_cpu_are_late_and_that_is_no_limit() -> None:
    late = records.open_load(load_workers=(records.worker(run_delay_s=2.0),))
    busy = records.open_load(load_workers=(records.worker(cpu_share=0.99),))
    alone = records.server(rate_rps=1_000.0)
    beside = records.server(rate_rps=1_000.0, beside=("poll",))
    limits = [bottleneck(each, late, None).limit for each in (alone, beside)]
    assert limits[0] in ("generator", "both")
    assert limits[1] in ("neither", "server")
    assert bottleneck(beside, busy, None).limit == bottleneck(alone, busy, None).limit
    assert "us of CPU an answer" in summary(Result(beside, late))


def test_windows_at_the_same_time_are_one_sitting() -> None:
    def trial(number: int, block: int, at_s: float) -> ServerRecord:
        return records.server(
            number=number,
            block=block,
            beside=("another",),
            started=None,
            opened=records.counters(at_s, 1.0),
            closed=records.counters(at_s + 10, 2.0),
        )

    found = [trial(1, 1, 100.0), trial(2, 1, 100.1), trial(3, 2, 140.0), trial(4, 2, 139.9)]
    assert set(sittings.numbered(found).values()) == {1}
    again = [trial(1, 1, 100.0), trial(2, 1, 100.1), trial(3, 2, 50.0), trial(4, 2, 50.1)]
    assert list(sittings.numbered(again).values()) == [1, 1, 2, 2]
