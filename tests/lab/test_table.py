"""The table for people: what its cells say, and the columns that come only where needed."""

from __future__ import annotations

import pytest

from lab.cells import cells
from lab.figure import counted, figure, milliseconds
from lab.legend import footnotes, lasted, reading, speeds
from lab.record import Settling
from lab.report import Report
from lab.result import Result
from lab.table import render, render_within
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


def alike(text: str) -> list[str]:
    """Names and figures in the order of reading, without the key of every table but the first."""
    tables = [[line.split("  ") for line in part.splitlines()] for part in text.split("\n\n")]
    words = [[[w.strip() for w in line if w.strip()] for line in part] for part in tables]
    first, *others = words
    return [w for line in first for w in line] + [w for p in others for line in p for w in line[2:]]


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize(("width", "most"), [(1_000, 1), (120, 2), (80, 4), (20, 99)])
def test_a_narrow_terminal_gets_the_same_cells_in_several_tables(
    is_open: bool, width: int, most: int
) -> None:
    rate_rps = 1_000.0 if is_open else None
    load = records.open_load() if is_open else records.load()
    found = cells(
        [Result(records.server(model=m, rate_rps=rate_rps), load) for m in ("poll", "prethreaded")],
        [],
    )
    text, whole = render_within(width, found, []), render(found, [])
    tables = text.split("\n\n")
    assert len(tables) <= most
    assert max(len(line) for line in text.splitlines()) <= max(width, 40)
    for each in tables:
        names, _, *rows = each.splitlines()
        assert names.startswith("model ")
        assert ("connections" if is_open else "users") in names
        assert [row.split()[:2] for row in rows] == [["poll", "20"], ["prethreaded", "20"]]
    assert sorted(alike(text)) == sorted(alike(whole))


def test_the_first_of_two_tables_is_of_speed_and_the_second_of_the_rest() -> None:
    found = cells([Result(records.server(), records.load())], [])
    speed, rest = render_within(90, found, []).split("\n\n")
    assert speed.splitlines()[0].split("  ")[-1].strip() == "max ms"
    assert rest.splitlines()[0].split()[:3] == ["model", "users", "failures"]


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


@pytest.mark.parametrize(("trials", "first_look"), [(1, True), (4, True), (5, False)])
def test_few_trials_are_called_a_first_look(trials: int, first_look: bool) -> None:
    results = [Result(records.server(number=n), records.load()) for n in range(trials)]
    text = "\n".join(reading(cells(results, []), "forwarded", "close"))
    assert ("a first look" in text) == first_look
    assert "Closed loop" in text


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
    text = "\n".join(reading(cells([result], []), "forwarded", "close"))
    assert ("by lot (Poisson)" in text) == told


def test_notes_are_marks_in_the_table_and_texts_below_it() -> None:
    late = records.worker(loop_lag_p99_us=9_000, run_delay_s=2.0)
    idle = records.server(closed=records.counters(records.CLOSES_AT_S, 6.0))
    found = cells([Result(idle, records.load(load_workers=(late,)))], [])
    assert render(found, []).endswith("generator  generator-bound")
    assert footnotes(found) == [
        "epoll, 20 users: generator-bound: load worker-0 waited 0.20 s/s for a CPU;"
        " load worker-0 9.0 ms late to its timers",
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
    assert line.startswith("The host's CPUs were at 40% to 100 % of their best speed")
    assert "(median 80%)" in line
    assert len(host(899.0, 1_000.0)) == 1


def test_what_the_load_could_ask_is_told_from_what_the_model_can_do() -> None:
    full = records.load(load_workers=(records.worker(cpu_share=0.99),))
    idle = records.server(closed=records.counters(records.CLOSES_AT_S, 5.0))
    asked = "Where the limit is the generator, requests/s is what it could ask"
    lines = reading(cells([Result(idle, full)], []), "forwarded", "close")
    assert any(line.startswith(asked) for line in lines)
    lines = reading(cells([Result(records.server(), records.load())], []), "forwarded", "close")
    assert not any(line.startswith(asked) for line in lines)
