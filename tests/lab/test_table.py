"""The table for people: what its cells say, and the columns that come only where needed."""

from __future__ import annotations

import pytest

from lab.analysis.by_cell import cells
from lab.analysis.result import Result
from lab.figure import counted, figure, milliseconds
from lab.records.manifest import Variant
from lab.records.record import Settling
from lab.report.doubts import in_words
from lab.report.legend import lasted, reading, speeds, trials
from lab.report.report import Report
from lab.report.table import render, render_within
from tests.lab import records


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0.0, "0.00"), (0.456, "0.46"), (9.99, "9.99"), (9.996, "10.0"), (99.94, "99.9"),
     (99.96, "100"), (12345.6, "12,346")],
)  # fmt: skip
def test_figures_have_three_significant_digits(value: float | None, text: str) -> None:
    assert figure(value) == text


def test_milliseconds_are_made_of_microseconds() -> None:
    assert milliseconds(456) == "0.46"
    assert milliseconds(None) == "-"


def test_one_is_not_many() -> None:
    assert (counted(1, "trial"), counted(0, "trial")) == ("1 trial", "0 trials")
    assert counted(2_000.0, "user") == "2,000 users"


def test_a_row_reads_as_it_was_measured() -> None:
    text = render(cells([Result(records.server(), records.load())], []), [])
    names, _, row = text.splitlines()
    assert names.split("  ")[0] == "model"
    assert " ".join(row.split()) == "epoll 20 1,000 0.50 0.50 0.50 0.50 0 95.0 950 20.0 0.50 server"


def test_where_nothing_was_measured_no_failures_are_counted_either() -> None:
    failed = Result(records.server(outcome="failed", reason="x"), None)
    text = render(cells([failed], []), [])
    names, _, row = text.splitlines()
    assert names[: names.index("failures")].split()[-1] == "ms"
    assert set(row.split()) == {"epoll", "20", "-", "invalid"}


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("width", [40, 60, 80, 120, 1_000])
def test_a_narrow_terminal_gets_the_chief_columns_in_one_table(is_open: bool, width: int) -> None:
    rate_rps = 1_000.0 if is_open else None
    load = records.open_load() if is_open else records.load()
    found = cells(
        [Result(records.server(model=m, rate_rps=rate_rps), load) for m in ("poll", "prethreaded")],
        [],
    )
    text, whole = render_within(width, found, []), render(found, [])
    assert max(len(line) for line in text.splitlines()) <= width
    names, _, *rows = text.splitlines()
    assert [row.split()[:2] for row in rows] == [["poll", "20"], ["prethreaded", "20"]]
    assert ("offered/s" if is_open else "requests/s") in names
    assert set(names.split()) <= set(whole.splitlines()[0].split())
    assert (text == whole) == (width >= max(map(len, whole.splitlines())))


def test_too_few_samples_are_said_instead_of_a_p99() -> None:
    text = render(cells([Result(records.server(), records.load({500: 999}))], []), [])
    assert "n<1,000" in text


@pytest.mark.parametrize("column", ["unserved", "unconnected"])
def test_users_without_service_get_a_column_where_there_are_any(column: str) -> None:
    connections = {"requested": 20, "established": 20, "unconnected": 0, "unserved": 0}
    everyone = records.load(connections=connections)
    some = records.load(connections={**connections, column: 12})
    assert column not in render(cells([Result(records.server(), everyone)], []), [])
    assert column in render(cells([Result(records.server(), some)], []), [])


def test_no_cells_make_an_empty_table() -> None:
    assert "model" in render([], [])


@pytest.mark.parametrize(("count", "few"), [(1, True), (4, True), (5, False)])
def test_what_more_trials_bring_is_told_where_there_are_few(count: int, few: bool) -> None:
    results = [Result(records.server(number=n), records.load()) for n in range(count)]
    assert bool(trials(cells(results, []))) == few


@pytest.mark.parametrize(("offered_rps", "told"), [(1_000.2, False), (1_030.0, True)])
def test_what_was_offered_by_chance_beside_what_was_asked_for_is_explained(
    offered_rps: float, told: bool
) -> None:
    load = records.open_load()
    assert load.arrivals is not None
    arrivals = load.arrivals.model_copy(update={"offered_rps": offered_rps})
    result = Result(
        records.server(rate_rps=1_000.0), load.model_copy(update={"arrivals": arrivals})
    )
    text = "\n".join(reading(cells([result], []), records.manifest()))
    assert ("by lot (Poisson)" in text) == told


def test_notes_are_marks_in_the_table_and_texts_below_it() -> None:
    late = records.worker(loop_lag_p99_us=9_000, run_delay_s=2.0)
    idle = records.server(closed=records.counters(records.CLOSES_AT_S, 6.0))
    found = cells([Result(idle, records.load(load_workers=(late,)))], [])
    assert render(found, []).endswith("generator  generator")
    assert in_words(found) == [
        "generator: epoll: the load generator was saturated or late: read the figure as"
        " 'at least' (load worker-0 waited for a CPU 20% of the time; load worker-0 9.0 ms late to"
        " its timers).",
    ]


def test_many_rows_of_several_steps_are_counted_not_listed() -> None:
    late = records.load(load_workers=(records.worker(loop_lag_p99_us=9_000, run_delay_s=2.0),))
    idle = records.counters(records.CLOSES_AT_S, 6.0)
    found = cells(
        [
            Result(records.server(model=model, users=users, closed=idle), late)
            for users in (1, 2, 3, 4)
            for model in ("poll", "epoll")
        ],
        [],
    )
    [line] = in_words(found)
    assert line.startswith("generator: 8 rows of poll and epoll: the load generator")
    assert "(poll, 1 user: " in line


def test_each_kind_of_trouble_is_told_once_the_weightiest_first() -> None:
    late = records.load(load_workers=(records.worker(loop_lag_p99_us=9_000, run_delay_s=2.0),))
    idle = records.counters(records.CLOSES_AT_S, 6.0)
    found = cells(
        [
            *(Result(records.server(model=m, closed=idle), late) for m in ("poll", "epoll")),
            Result(records.server(model="forking", outcome="failed", reason="x"), None),
            Result(records.server(model="threaded", closed=idle), records.load()),
        ],
        [],
    )
    kinds = [line.split(": ")[:2] for line in in_words(found)]
    assert kinds == [
        ["invalid", "forking"],
        ["generator", "poll and epoll"],
        ["neither", "threaded"],
    ]


def test_an_open_loop_shows_what_was_offered_and_both_times() -> None:
    server, load = records.server(rate_rps=1_000.0), records.open_load()
    names, _, row = render(cells([Result(server, load)], []), []).splitlines()
    for column in ("connections", "offered/s", "achieved/s", "service p50", "p99.9 ms"):
        assert column in names
    assert "requests/s" not in names
    assert row.split()[:4] == ["epoll", "20", "1,000", "1,000"]


def test_what_a_trial_took_beside_its_load_is_told() -> None:
    settling = Settling(waited_s=0.5)
    marks = {"up": 1.0, "announced": 2.0, "opened": 3.5, "closed": 8.5, "down": 9.5}
    whole = records.server(marks_s=marks, settling=settling)
    cut_short = records.server(marks_s={"up": 1.0, "down": 1.5}, settling=settling)
    [line] = lasted([whole, cut_short])
    assert line.startswith("A trial took 10.0 s, 3.0 s of them for containers")
    assert lasted([cut_short]) == []


def test_a_host_that_was_slower_before_some_trial_is_told() -> None:
    def host(*spins_us: float | None) -> list[str]:
        servers = [records.server(settling=Settling(spin_us=each)) for each in spins_us]
        results = [Result(each, None) for each in servers]
        return speeds(Report(records.manifest(), results).spins_us)

    assert host(None, None) == host() == []
    assert host(900.0, 1_000.0) == []
    [line] = host(800.0, None, 2_000.0, 1_000.0)
    assert line.startswith("The host's CPUs were at 40% to 100% of their best speed")
    assert "(median 80%)" in line
    assert len(host(899.0, 1_000.0)) == 1


def test_settings_that_vary_have_columns_of_their_own() -> None:
    on, off, plain = "p accept_mutex=on", "p accept_mutex=off", "epoll"
    variants = {
        name: Variant(model="p", settings={"accept_mutex": name.partition("=")[2]})
        for name in (on, off)
    }
    results = [Result(records.server(model=name), records.load()) for name in (on, off, plain)]
    found = cells(results, [on, off, plain], variants)
    rows = [line.split()[:3] for line in render(found, []).splitlines()]
    assert rows[0] == ["model", "accept_mutex", "users"]
    assert rows[2:] == [["p", "on", "20"], ["p", "off", "20"], ["epoll", "-", "20"]]
    narrow = render_within(30, found, []).splitlines()[0].split()
    assert narrow[:3] == ["model", "accept_mutex", "users"], "they say which row it is"


@pytest.mark.parametrize(
    ("redis_cpus", "used_s", "told"), [("0", 2.5, True), ("0", 0.4, False), ("2", 2.5, False)]
)
def test_what_redis_took_of_the_loads_cpu_is_told_where_it_matters(
    redis_cpus: str, used_s: float, told: bool
) -> None:
    opened, closed = (
        records.counters(at_s, cpu_s).model_copy(update={"redis_cpu_s": redis_s})
        for at_s, cpu_s, redis_s in ((100.0, 1.0, 1.0), (110.0, 9.0, 1.0 + used_s))
    )
    found = cells([Result(records.server(opened=opened, closed=closed), records.load())], [])
    variables = {"REDIS_CPUS": redis_cpus, "LOAD_CPUS": "0"}
    text = "\n".join(reading(found, records.manifest(compose_variables=variables)))
    assert ("took up to 25% of it (epoll)" in text) == told
