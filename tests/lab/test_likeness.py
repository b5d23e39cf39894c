"""Two runs beside each other: compare refuses what cannot be compared, reproduce says whether."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.analysis.result import Result
from lab.commands.compare import BANNER, compare
from lab.commands.reproduce import verdict
from lab.errors import MisuseError
from lab.records import durable
from lab.records.record import Settling
from lab.records.run_folder import RunFolder
from lab.report import cell_comparison
from lab.report.report import Report
from loadgen.formats import record as load_record
from tests.lab import records
from tests.lab.trials import around, report

THEN = {"quick": around(1_000), "slow": around(500)}


def test_a_run_that_comes_out_alike_is_reproduced() -> None:
    now = {"quick": around(1_001, turn=2), "slow": around(501, turn=3)}
    lines, same = verdict(report(THEN), report(now))
    assert same, lines
    assert "of 2 cells 2 have an interval that holds 1, 0 differ" in lines
    assert lines[-2:] == ["ranks are the same", "reproduced"]


def test_one_cell_off_in_two_is_not() -> None:
    lines, same = verdict(report(THEN), report({**THEN, "slow": around(600)}))
    assert not same
    assert "of 2 cells 1 have an interval that holds 1, 1 differ" in lines
    assert lines[-1] == "NOT reproduced"


def test_what_may_be_chance_among_many_cells_is_no_difference() -> None:
    """4 % off, outside its interval: alone it differs; of seven one does as much by chance."""
    then = {f"model-{n}": around(1_000, off=0.05, turn=n) for n in range(7)}
    off = {"model-0": around(960, off=0.05, turn=3)}
    [alone] = cell_comparison.compare_cells(
        report({"model-0": then["model-0"]}, pause_s=600), report(off, pause_s=600)
    )
    assert alone.verdict == "differs"
    lines, same = verdict(report(then, pause_s=600), report({**then, **off}, pause_s=600))
    assert same, lines
    counted = "of 7 cells 6 have an interval that holds 1, 1 may be chance among so many, 0 differ"
    assert counted in lines


def test_a_difference_within_the_noise_floor_is_none() -> None:
    off = {**THEN, "slow": around(485)}  # 3 %, which both intervals tell apart
    told, same = verdict(report(THEN, 0.02), report(off, 0.02))
    assert not same
    assert not any("noise floor is not known" in line for line in told)
    told, _ = verdict(report(THEN), report(off))
    assert any("noise floor is not known" in line for line in told)
    lines, same = verdict(report(THEN, 0.04), report(off, 0.04))
    assert same
    assert (
        "of 2 cells 1 have an interval that holds 1, 1 within the noise floor, 4.0%, 0 differ"
        in lines
    )


def test_sittings_that_differ_excuse_a_sitting_that_does() -> None:
    """Twelve per cent slower: more than trials of one sitting differ by, less than sittings do."""
    then, now = {"quick": around(1_000, off=0.2)}, {"quick": around(880)}
    assert not verdict(report(then), report({"quick": around(700)}))[1]
    one_go = report({"quick": around(1_000)})
    [off] = cell_comparison.compare_cells(one_go, report(now))
    assert off.verdict == "differs"
    [held] = cell_comparison.compare_cells(report(then, pause_s=600), report(now))
    assert held.verdict == "the interval holds 1"
    assert held.ratio is not None
    assert held.ratio.holds(0.88)


def test_it_is_told_what_the_intervals_know() -> None:
    spread, one_go = report(THEN, pause_s=600), report(THEN)
    assert (
        "measured in 10 sittings, and in 1: the intervals know how sittings differ"
        in verdict(spread, one_go)[0]
    )
    assert (
        "measured in 1 sitting, and in 1: the intervals know how trials differ, and not how one"
        " hour does from another" in verdict(one_go, one_go)[0]
    )


def test_it_is_told_how_little_the_least_certain_cell_says() -> None:
    then = {"even": around(1_000), "uneven": around(1_000, off=0.2)}
    lines = verdict(report(then, pause_s=600), report(then, pause_s=600))[0]
    assert "least is known of uneven: anything from 0.87 to 1.15 times" in lines
    assert cell_comparison.reach([]) == []


def test_of_two_noise_floors_the_larger_holds() -> None:
    one, other = report(THEN, 0.04), report({**THEN, "slow": around(485)})
    assert [each.verdict for each in cell_comparison.compare_cells(one, other)] == [
        "the interval holds 1",
        "within the noise floor",
    ]
    assert cell_comparison.compare_cells(other, one)[1].verdict == "within the noise floor"
    assert cell_comparison.compare_cells(report(THEN), other)[1].verdict == "differs"


def test_a_host_of_another_speed_is_told() -> None:
    def at(spin_us: float | None) -> Report:
        found = report(THEN)
        settling = Settling(spin_us=spin_us)
        return replace(
            found,
            results=[
                Result(each.server.model_copy(update={"settling": settling}), each.load)
                for each in found.results
            ],
        )

    told = "  changed since: the host's CPUs were 0.50 times as fast in the second run"
    assert told in verdict(at(400.0), at(800.0))[0]
    for then, now in ((400.0, 430.0), (430.0, 400.0), (None, 400.0), (400.0, None)):
        assert not any("as fast" in line for line in verdict(at(then), at(now))[0])


def test_ranks_that_turn_are_told() -> None:
    lines, same = verdict(report(THEN), report({"quick": around(450), "slow": around(900)}))
    assert not same
    assert "ranks turned: 20 users: quick / slow: faster then, slower now" in lines


def test_a_pair_that_turns_is_not_reproduced_though_no_figure_differs() -> None:
    """5 % apart within each run, block by block, and less than either run's own blocks are."""
    then = {"one": around(1_000, off=0.2), "other": around(950, off=0.2)}
    now = {"one": around(950, off=0.2), "other": around(1_000, off=0.2)}
    lines, same = verdict(report(then), report(now))
    assert "of 2 cells 2 have an interval that holds 1, 0 differ" in lines
    assert "ranks turned: 20 users: one / other: faster then, slower now" in lines
    assert not same


def test_a_tie_contradicts_nothing_and_is_told() -> None:
    then = {"one": around(1_000, off=0.2), "other": around(950, off=0.2)}
    now = {"one": around(1_000, off=0.2), "other": around(1_000, off=0.2)}
    told = "one run alone tells: 20 users: one / other: faster then, tie now"
    lines, same = verdict(report(then), report(now))
    assert same, lines
    assert told in lines
    assert lines[-1] == "reproduced, but for what one run alone tells"


def test_what_one_run_claims_alone_is_told() -> None:
    three = {**THEN, "third": around(250)}
    spoiled = report(three)
    late = records.worker(run_delay_s=2.0)
    results = [
        Result(each.server, each.load and each.load.model_copy(update={"load_workers": (late,)}))
        if each.server.model == "third"
        else each
        for each in spoiled.results
    ]
    spoiled = replace(spoiled, results=results)
    lines, same = verdict(report(three), spoiled)
    assert same, lines
    assert [line for line in lines if line.startswith("one run alone")] == [
        "one run alone tells: 20 users: quick / third: faster then, not known now",
        "one run alone tells: 20 users: slow / third: faster then, not known now",
    ]
    assert (
        "one run alone tells: 20 users: quick / third: not known then, faster now"
        in (verdict(spoiled, report(three))[0])
    )


def test_too_few_trials_reproduce_nothing() -> None:
    few = report({"quick": around(1_000, blocks=2)})
    assert not verdict(few, few)[1]


def test_cells_that_are_gone_are_not_reproduced() -> None:
    then = unranked({f"model-{n}": around(1_000) for n in range(7)})
    now = unranked({"model-0": around(1_000)})
    lines, same = verdict(then, now)
    assert not same
    assert "of 7 cells 1 have an interval that holds 1, 0 differ" in lines
    assert "without a figure now: model-6, 20 users" in lines
    assert "nothing was ranked" in lines


def test_what_may_not_be_trusted_reproduces_nothing() -> None:
    spoiled = changed(report(THEN), life=records.life(connected=1))
    assert not verdict(spoiled, spoiled)[1]
    lines, same = verdict(report(THEN), spoiled)
    assert not same
    assert "of 2 cells 0 have an interval that holds 1, 0 differ" in lines


def test_ranks_that_only_the_second_run_has_are_told() -> None:
    lines, same = verdict(unranked(THEN), report(THEN))
    assert same, lines
    told = "one run alone tells: 20 users: ranked by throughput in the second run only"
    assert told in lines


def changed(found: Report, **load: Any) -> Report:
    """Every trial with these parts of load.json in the place of its own."""
    results = [
        Result(each.server, each.load and each.load.model_copy(update=load))
        for each in found.results
    ]
    return replace(found, results=results)


def unranked(rates: Mapping[str, Sequence[float]]) -> Report:
    """The generator was the limit, in every trial."""
    return changed(report(rates), load_workers=(records.worker(run_delay_s=2.0),))


def on_disk(results: Path, name: str, found: Report) -> str:
    """A run's folder as the lab leaves it."""
    folder = RunFolder(results / name)
    (folder.path / "trials").mkdir(parents=True)
    folder.write_manifest(found.manifest.model_copy(update={"run": name}))
    for number, result in enumerate(found.results):
        place = folder.path / "trials" / f"{number:03d}"
        place.mkdir()
        durable.write(place / "server.json", result.server.model_dump_json())
        assert result.load is not None
        load_record.write(result.load, place / "load.json")
    return name


def test_compare_tells_what_differs_and_by_how_much(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = on_disk(tmp_path, "one", report(THEN))
    images = {"serverlab-guest": "sha256:2"}
    other = on_disk(tmp_path, "other", report({**THEN, "slow": around(600)}, images=images))
    assert compare(one, other, tmp_path, force=False) == 0
    said = capsys.readouterr().out
    assert "serverlab-guest: sha256:1 then, sha256:2 now" in said
    [quick, slow] = [line for line in said.splitlines() if line.startswith(("quick", "slow"))]
    assert quick.endswith("the interval holds 1")
    assert slow.endswith("differs")
    assert "1.200" in slow


def test_compare_refuses_runs_of_different_things(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = on_disk(tmp_path, "one", report(THEN))
    text = {"name": "quick", "sha256": "1" * 64, "text": "about: other\n"}  # the same name
    other = on_disk(tmp_path, "other", report(THEN, scenario=text, path="direct"))
    with pytest.raises(MisuseError, match=r"scenario text: about; path: forwarded and direct"):
        compare(one, other, tmp_path, force=False)
    assert compare(one, other, tmp_path, force=True) == 0
    assert BANNER in capsys.readouterr().out


def test_compare_wants_two_runs(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="B: name a run"):
        compare("one", "", tmp_path, force=False)


def test_cells_of_one_run_alone_are_left_out() -> None:
    found = cell_comparison.compare_cells(report(THEN), report({"quick": around(1_000)}))
    assert [each.model for each in found] == ["quick"]
