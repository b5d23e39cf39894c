"""Steps that a model cannot take are left out with the reason; for others the guest is made fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lab.errors import MISUSED, MisuseError
from lab.plan import topology
from lab.plan.blocks import all_cells
from lab.plan.choice import Asked, check
from lab.plan.ladder import left_out, matched, why_not
from lab.records.manifest import not_attempted
from loadgen.formats.scenario import Scenario
from loadgen.formats.scenario_reader import parse

ROOT = Path(__file__).parents[2]
MODELS = topology.read(ROOT / "docker-compose.yml", {}).models
ROOMY = {"max_children": "32768", "max_threads": "32768"}


def scenario(*lines: str) -> Scenario:
    return parse("\n".join(["about: A ladder", "requests: [{get: /}]", *lines]))


@pytest.mark.parametrize(
    ("model", "users", "knobs", "why"),
    [
        ("forking", 1024, {}, None),
        ("forking", 1025, {}, "it may have 1,024 children at most; more with max_children"),
        ("forking", 4000, ROOMY, None),
        ("forking", 4500, ROOMY, "4,500 children need about 4.5 GB, its container may have 4.3"),
        ("threaded", 4096, {}, None),
        ("threaded", 4097, {}, "it may have 4,096 threads at most"),
        ("threaded", 15_000, ROOMY, None),
        ("threaded", 18_000, ROOMY, "18,000 threads are more than its container may have: 18,000"),
        ("epoll", 15_000, {}, None),
        ("epoll", 15_000, {"max_connections": "999"}, "it may have 999 connections at most"),
        ("iterative", 15_000, {}, None),
        ("prethreaded", 15_000, {}, None),
    ],
)
def test_what_a_model_cannot_hold(
    model: str, users: int, knobs: dict[str, str], why: str | None
) -> None:
    found = why_not(MODELS[model], users, knobs)
    assert found is None if why is None else str(found).startswith(why)


def test_more_memory_for_the_guests_takes_more_children() -> None:
    roomy = topology.read(ROOT / "docker-compose.yml", {"GUEST_MEMORY": "16g"}).models["forking"]
    assert why_not(MODELS["forking"], 15_000, ROOMY)
    assert why_not(roomy, 15_000, ROOMY) is None


def test_a_server_without_limits_takes_anything() -> None:
    free = replace(MODELS["forking"], memory_bytes=None, pids_limit=None)
    assert why_not(free, 15_000, ROOMY) is None


def test_only_the_cells_that_cannot_be_are_left_out() -> None:
    cells = all_cells(["forking", "epoll"], [50, 5_000], [100.0])
    [found] = left_out(cells, MODELS, {})
    assert (found.model, found.users, found.rate_rps) == ("forking", 5_000, 100.0)


def test_a_variant_is_judged_by_its_own_settings() -> None:
    few = replace(MODELS["epoll"], name="few", settings={"max_connections": "10"})
    cells = all_cells(["epoll", "few"], [50])
    [found] = left_out(cells, {**MODELS, "few": few}, {"max_connections": "100"})
    assert found.model == "few"


@pytest.mark.parametrize(
    ("users", "backlog", "idle"), [(20, "4096", "23s"), (10_000, "10000", "32s")]
)
def test_the_guest_is_set_to_the_largest_step(users: int, backlog: str, idle: str) -> None:
    found = matched(scenario("warmup: 2s", "window: 10s"), {}, [5, users], [MODELS["epoll"]])
    assert found == {"backlog": backlog, "idle_timeout": idle}


def test_a_setting_that_is_enough_already_stays() -> None:
    found = matched(scenario("warmup: 1s", "window: 1s"), {}, [5], [MODELS["epoll"]])
    assert found == {"backlog": "4096", "idle_timeout": "15s"}


def test_the_backlog_goes_as_far_as_the_kernel_lets_it() -> None:
    low = replace(MODELS["epoll"], somaxconn=6_000)
    assert matched(scenario(), {}, [15_000], [low])["backlog"] == "6000"


def test_what_was_chosen_stays() -> None:
    settings = {"backlog": "8", "idle_timeout": "1s", "max_connections": "99"}
    assert matched(scenario(), settings, [10_000], [MODELS["epoll"]]) == settings


def test_the_longest_window_still_has_an_idle_timeout_that_servers_take() -> None:
    found = matched(scenario("window: 60m"), {}, [20], [MODELS["epoll"]])
    assert found["idle_timeout"] == "3600s"


def test_a_foreign_server_gets_no_settings_that_it_does_not_know() -> None:
    foreign = replace(MODELS["epoll"], knobs={})
    assert matched(scenario(), {}, [20], [foreign]) == {}


def test_steps_left_out_for_one_reason_are_told_in_one_line() -> None:
    cells = all_cells(["forking", "threaded"], [1_000, 3_000, 5_000, 15_000], [None])
    first, second = not_attempted(left_out(cells, MODELS, {}))
    assert first.startswith("forking, 3,000 users and more: not attempted: it may have 1,024")
    assert second.startswith("threaded, 5,000 users and more: not attempted: it may have 4,096")
    [only] = not_attempted(left_out([("forking", 15_000, None)], MODELS, {}))
    assert only.startswith("forking, 15,000 users: not attempted: ")


def test_a_run_of_which_nothing_is_left_is_refused() -> None:
    declared = topology.read(ROOT / "docker-compose.yml", {})
    with pytest.raises(MisuseError, match="USERS: forking cannot take 15,000") as told:
        check(Asked(models="forking", users="15000"), declared, ROOT)
    assert told.value.status == MISUSED
    choice = check(Asked(models="forking,poll", users="20,15000"), declared, ROOT)
    assert len(choice.cells) == 3
    assert [(each.model, each.users) for each in choice.left_out] == [("forking", 15_000)]
