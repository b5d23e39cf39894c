"""Every plot is drawn, without a browser, with marks in it; where there is nothing, a sentence."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.analysis.result import Result
from lab.errors import LabError
from lab.report import page
from lab.report.page.figures import plots
from lab.report.page.gather import gather
from lab.report.page.plot import Plot, log_scale
from lab.report.page.svg import render
from lab.report.report import Report
from loadgen.formats.record import Second
from tests.lab import records
from tests.page import runs

LADDER = gather(runs.run(users=(10, 100, 1_000), trials=3))
ONE_STEP = gather(runs.run(trials=5))
EVERY = {plot.name: plot for plot in plots(LADDER)}


def marks(svg: str) -> int:
    """Shapes that stand for data: not axes, not legends, not titles."""
    count = 0
    for group in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}g"):
        if "role-mark" in group.get("class", ""):
            count += sum(
                bool(shape.get("d") or shape.get("x2") or shape.get("y2") or shape.text)
                for shape in group
            )
    return count


@pytest.mark.parametrize("name", EVERY)
def test_a_plot_is_drawn_with_marks_for_every_model(name: str) -> None:
    spec = EVERY[name].spec
    assert spec is not None, EVERY[name].missing
    assert marks(render(spec)) >= len(LADDER.models)


@pytest.mark.parametrize("name", [name for name in EVERY if name != "articles"])
def test_a_plot_has_a_table_with_every_model_in_it(name: str) -> None:
    plot = EVERY[name]
    assert {row[0] for row in plot.rows} == set(LADDER.models)
    assert all(len(row) == len(plot.heads) for row in plot.rows)


def test_a_run_of_one_step_has_no_ladder() -> None:
    names = [plot.name for plot in plots(ONE_STEP)]
    assert names == ["throughput", "latency", "cpu", "course-rate", "course-latency"]


def test_points_that_are_not_sound_are_hollow() -> None:
    spec = EVERY["ladder-throughput"].spec
    assert spec is not None
    hollow = {row["model"] for row in spec["datasets"]["rows"] if not row["sound"]}
    assert hollow == {"epoll"}
    assert 'fill="#ffffff"' in render(spec).partition("mark-symbol")[2]


def test_a_closed_loop_is_warned_of_and_an_open_one_is_not() -> None:
    assert "closed loop" in EVERY["latency"].caption
    assert "not the latency that visitors would see" in EVERY["latency"].caption


def without(report: Report, **changes: object) -> Report:
    """The run, its records of the load changed."""
    return Report(
        report.manifest,
        [Result(r.server, r.load and r.load.model_copy(update=changes)) for r in report.results],
    )


FAILED = Result(records.server(outcome="failed", reason="it did not start"), None)
FAILED_HIGHER = Result(FAILED.server.model_copy(update={"users": 90}), None)
UNANSWERED = records.load({}, throughput_rps=0.0)
COUNTERLESS = Result(records.server(opened=None, closed=None), records.load())
COUNTS_ALONE = (Second(t_s=0.0, good=4, failed=0), Second(t_s=1.0, good=5, failed=0))
POOR = {
    "nothing at all": (Report(records.manifest(), []), set[str]()),
    "failed trials alone": (Report(records.manifest(), [FAILED]), set[str]()),
    "one trial without a series": (
        without(runs.run(models=("poll",), trials=1, seconds=1), series=()),
        {"throughput", "latency", "cpu"},
    ),
    "a series without latencies": (
        without(runs.run(models=("poll",), trials=1), series=COUNTS_ALONE),
        {"throughput", "latency", "cpu", "course-rate"},
    ),
    "no counters": (Report(records.manifest(), [COUNTERLESS]), {"throughput", "latency"}),
    "no good answer": (
        Report(records.manifest(), [Result(records.server(), UNANSWERED)]),
        {"throughput"},
    ),
    "a ladder with a rung that failed": (
        Report(records.manifest(), [COUNTERLESS, FAILED_HIGHER]),
        {"throughput", "latency"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("run", POOR)
def test_a_poor_run_leaves_plots_out_with_a_sentence(run: str) -> None:
    report, drawn = POOR[run]
    found = plots(gather(report))
    assert {plot.name for plot in found if plot.spec} == drawn
    for plot in found:
        assert bool(plot.spec) != bool(plot.missing), plot.name
        if plot.spec:
            assert marks(render(plot.spec)), plot.name


@pytest.mark.parametrize(
    "name", ["ladder-throughput", "ladder-p99", "throughput", "latency", "cpu"]
)
@pytest.mark.parametrize("trials", [1, 2])
def test_an_svg_stands_for_itself(name: str, trials: int) -> None:
    svg, caption = page.svg(runs.run(users=(5, 50), trials=trials), name)
    assert svg.count(">prethreaded</text>") == 1, "its legend or its label is there, once"
    assert "http://www.w3.org/2000/svg" in svg
    assert "<script" not in svg
    assert caption.endswith(".")


def test_a_plot_that_the_run_does_not_have() -> None:
    with pytest.raises(LabError, match="no plot 'ladder-p99'") as told:
        page.svg(runs.run(trials=1), "ladder-p99")
    assert "throughput, latency, cpu" in told.value.remedy


def test_a_plot_is_named_once() -> None:
    found: list[Plot] = plots(LADDER)
    assert len({plot.name for plot in found}) == len(found)


def test_rows_of_the_throughput_plot_stand_in_the_order_of_their_medians() -> None:
    view = ONE_STEP
    plot = next(plot for plot in plots(view) if plot.name == "throughput")
    assert plot.spec is not None
    [names] = [each["value"] for each in plot.spec["params"] if each["name"] == "names"]
    [labels] = names.values()
    shown = [label if isinstance(label, str) else label[0] for label in labels]
    rates = {group.model: group.cell.throughput_rps or 0.0 for group in view.groups}
    assert shown == sorted(rates, key=lambda model: -rates[model])


def test_rows_that_are_not_apart_are_joined() -> None:
    report = runs.run(models=("iterative", "preforked", "forking"), trials=6)
    view = gather(report)
    plot = next(plot for plot in plots(view) if plot.name == "throughput")
    assert plot.spec is not None
    joined = [row for row in plot.spec["datasets"]["rows"] if row["kind"] == "joined"]
    [groups] = view.orders.values()
    assert len(joined) == sum(map(len, groups))
    assert ("joined by a line" in plot.caption) == bool(groups)


@given(st.floats(0.001, 1e5), st.floats(1.0, 1e6))
def test_a_log_axis_has_several_round_ticks_within_it(low: float, factor: float) -> None:
    scale, ticks = log_scale([low, low * factor])
    domain = scale.to_dict()["domain"]
    assert domain[0] < low
    assert low * factor < domain[1]
    assert len(ticks) >= 2
    assert all(domain[0] <= tick <= domain[1] for tick in ticks)


def test_numbers_of_an_axis_are_plain() -> None:
    for plot in plots(LADDER):
        assert plot.spec is None or '"format": ","' not in json.dumps(plot.spec)


def test_a_model_without_a_figure_is_named_in_the_caption() -> None:
    made = runs.run(users=(5, 50, 500), trials=1)
    kept = [r for r in made.results if (r.server.model, r.server.users) != ("forking", 500)]
    report = Report(made.manifest, kept)
    plot = next(plot for plot in plots(gather(report)) if plot.name == "ladder-p99")
    assert "Without a figure, so not drawn: forking at 500 users." in plot.caption
