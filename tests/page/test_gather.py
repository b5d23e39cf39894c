"""What the page knows of a run: steps by name, sound trials, seconds side by side, the command."""

from __future__ import annotations

import pytest

from lab.analysis.result import Result
from lab.records.manifest import Variant
from lab.report.page import latency, trials
from lab.report.page.gather import gather
from lab.report.page.seconds import moments
from lab.report.report import Report
from loadgen.formats.record import Second
from tests.lab import records
from tests.page import runs


def rated(*rates: float, users: int = 50) -> Report:
    results = [
        Result(records.server(number=n, users=users, rate_rps=rate), records.load())
        for n, rate in enumerate(rates)
    ]
    return Report(records.manifest(), results)


def test_the_title_is_the_question_of_the_scenario() -> None:
    assert gather(runs.run(trials=1, about="What does accept() cost?")).about == (
        "What does accept() cost?"
    )


@pytest.mark.parametrize("text", ["about: [1, 2]\n", "users: 3\n", "{", "about: ''\n"])
def test_a_scenario_without_a_question_has_its_name(text: str) -> None:
    report = runs.named(
        runs.run(trials=1), scenario={"name": "mine", "sha256": "0" * 64, "text": text}
    )
    assert gather(report).about == "mine"


def test_steps_rise_and_are_named_by_what_differs() -> None:
    view = gather(runs.run(users=(1_000, 1, 50), trials=1))
    assert [step.label for step in view.steps] == ["1 user", "50 users", "1,000 users"]
    assert [step.label for step in gather(rated(5_000, 10_000)).steps] == ["5,000/s", "10,000/s"]


def test_a_trial_is_sound_where_nothing_speaks_against_it() -> None:
    view = gather(runs.run(trials=2))
    unsound = {trial.model for trial in view.trials if not trial.sound}
    assert unsound == {"epoll"}
    assert {group.model for group in view.groups if not group.sound} == {"epoll"}
    verdicts = {trial.verdict for trial in view.trials if trial.model == "epoll"}
    assert verdicts == {"generator"}


def test_cpu_time_is_shared_out_and_adds_up_to_the_cell() -> None:
    report = runs.run(models=("forking",), trials=3)
    (group,), (cell,) = gather(report).groups, report.cells
    assert group.cpu_user_us is not None
    assert group.cpu_system_us is not None
    assert cell.mechanism.cpu_us is not None
    assert group.cpu_user_us + group.cpu_system_us == pytest.approx(cell.mechanism.cpu_us)
    assert group.cpu_system_us / cell.mechanism.cpu_us == pytest.approx(0.81, abs=0.03)


def test_a_percentile_with_fewer_than_ten_answers_beyond_is_not_told() -> None:
    results = [Result(records.server(), records.load({500: 5_000, 900: 4_999}))]
    (group,) = gather(Report(records.manifest(), results)).groups
    p50, p90, p99, p999, p9999 = group.percentiles_us
    assert (p50, p90, p99) == (500, 900, 900)
    assert (p999, p9999) == (None, None)


def test_seconds_of_the_trials_are_laid_side_by_side() -> None:
    def load(*good: int, p99_us: int | None) -> object:
        return tuple(
            Second(t_s=float(t), good=many, failed=0, p50_us=p99_us and 10, p99_us=p99_us)
            for t, many in enumerate(good)
        )

    loads = [
        records.load(series=load(100, 200, 300, p99_us=50), window_s=2.5),
        records.load(series=load(110, 190, 100, p99_us=70), window_s=2.5),
        records.load(series=load(120, 210, 200, p99_us=None), window_s=2.5),
    ]
    first, second, last = moments(loads)
    assert (first.rate_low_rps, first.rate_rps, first.rate_high_rps) == (100, 110, 120)
    assert (second.t_s, second.p50_us, second.p99_us) == (1.0, 10, 60)
    assert last.rate_rps == 400, "half a second holds half the answers"


def test_the_command_asks_for_the_same_again() -> None:
    command = gather(runs.run(users=(50, 200), trials=3)).command
    assert command.startswith("make bench MODEL=iterative,forking,preforked,")
    assert " SCENARIO=made-up USERS=50,200 TRIALS=3 WORKERS=1 VIA=forwarded SEED=3" in command


def test_a_path_with_a_blank_in_the_command_is_quoted() -> None:
    report = runs.named(runs.run(trials=1), command=["bench", "--scenario", "my files/a.yml"])
    assert "SCENARIO='my files/a.yml'" in gather(report).command


def test_the_command_names_the_rates_of_an_open_loop() -> None:
    report = runs.named(runs.run(trials=1), rates=(500.0, 1_500_000.0))
    assert " RATE=500,1500000 TRIALS=1 " in gather(report).command


def test_the_command_asks_for_settings_as_they_were_typed() -> None:
    names = ["epoll transfer=sendfile", "epoll transfer=mmap"]
    report = runs.named(
        runs.run(models=("epoll",), trials=1),
        command=["bench", "--model", "epoll", "--set", "transfer=sendfile,mmap", "--receive", ""],
        models=names,
        variants={
            name: Variant(model="epoll", settings={"transfer": name.partition("=")[2]})
            for name in names
        },
    )
    command = gather(report).command
    assert command.startswith("make bench MODEL=epoll SCENARIO=")
    assert command.endswith(" SET=transfer=sendfile,mmap")


def test_the_command_of_twins_is_the_one_that_was_typed() -> None:
    typed = ["positive-control", "--scenario", "", "--users", "4", "--trials", ""]
    report = runs.named(runs.run(models=("epoll", "epoll-burning"), trials=1), command=typed)
    assert gather(report).command == "make positive-control USERS=4"


def test_a_line_of_the_first_table_is_short_and_has_its_verdict() -> None:
    view = gather(runs.run())
    heads = view.cells.heads
    assert len(heads) <= 11 < len(view.every_column.heads)
    assert heads[:5] == ("model", "users", "rank", "requests/s", "95 % interval")
    assert heads[-1] == "limit"
    by_name = dict(zip(view.every_column.heads, view.every_column.rows[0], strict=True))
    assert view.cells.rows[0] == tuple(by_name[name] for name in heads)


def test_pairs_are_told_once_the_better_one_first() -> None:
    report = runs.run(models=("forking", "threaded", "iterative"), busy_load=False)
    rows = [(row[0], row[-1]) for row in gather(report).pairs.rows]
    assert rows == [
        ("iterative / threaded", "faster"),
        ("iterative / forking", "faster (far apart)"),
        ("threaded / forking", "faster (far apart)"),
    ]
    assert all(float(row[3]) > 1 for row in gather(report).pairs.rows)


def test_who_was_never_answered_is_told_beside_the_latencies() -> None:
    made = runs.run(models=("iterative", "epoll"), trials=1)
    starved = []
    for each in made.results:
        assert each.load is not None
        unserved = 49 if each.server.model == "iterative" else 0
        connections = each.load.connections.model_copy(update={"unserved": unserved})
        load = each.load.model_copy(update={"connections": connections})
        starved.append(Result(each.server, load))
    told = "because users without an answer have no time: iterative answered 1 of 50 users."
    found = latency.plot(gather(Report(made.manifest, starved)))
    assert found.caption.endswith(told)
    assert found.spec is not None
    assert {row["model"] for row in found.spec["datasets"]["rows"]} == {"epoll"}
    assert {row[0] for row in found.rows} == {"iterative", "epoll"}, "its table has all"
    assert "Left out" not in latency.plot(gather(made)).caption


def test_the_reason_of_many_trials_is_that_of_one_which_is_named() -> None:
    view = gather(runs.run(models=("epoll", "poll"), trials=2))
    for verdict, count, _, why in trials.verdicts(view):
        first = next(each for each in view.trials if each.verdict == verdict)
        assert why.startswith(f"as in trial {first.number}, {first.model}: ") == (int(count) > 1)


def test_the_cpus_of_server_and_load_stand_below_the_title() -> None:
    shared = runs.named(
        runs.run(trials=1), compose_variables={"SERVER_CPUS": "3", "LOAD_CPUS": "0,1"}
    )
    assert "server on CPU 3 alone, load on 0,1" in gather(shared).summary
