"""The plan: complete blocks, each in its own order, the same for the same seed."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.plan.blocks import all_cells, make_plan, through
from lab.records.step import Trial, describe_step

MODELS = ["iterative", "forking", "preforked", "threaded", "prethreaded", "poll", "epoll"]
models = st.lists(st.sampled_from(MODELS), min_size=1, unique=True)
users = st.lists(st.integers(1, 15_000), min_size=1, max_size=5, unique=True)
rates = st.lists(st.floats(0.1, 1e6), max_size=3, unique=True)
seeds = st.integers(0, 2**31 - 1)


@given(models, users, st.integers(1, 12), seeds, rates)
def test_every_block_holds_every_cell_once(
    models: list[str], users: list[int], blocks: int, seed: int, rates: list[float]
) -> None:
    plan = make_plan(all_cells(models, users, rates), blocks, seed)
    closed = [None]
    cells = sorted((m, n, r) for m in models for n in users for r in rates or closed)
    grouped = [list(block) for _, block in groupby(plan, key=lambda trial: trial.block)]
    assert len(grouped) == blocks
    for block in grouped:
        assert sorted((t.model, t.users, t.rate_rps) for t in block) == cells


@given(models, users, st.integers(1, 12), seeds)
def test_the_same_seed_gives_the_same_plan(
    models: list[str], users: list[int], blocks: int, seed: int
) -> None:
    assert make_plan(all_cells(models, users), blocks, seed) == make_plan(
        all_cells(models, users), blocks, seed
    )


@given(models, users, st.integers(1, 12), seeds)
def test_numbers_count_the_order_of_running(
    models: list[str], users: list[int], blocks: int, seed: int
) -> None:
    plan = make_plan(all_cells(models, users), blocks, seed)
    assert [trial.number for trial in plan] == list(range(1, len(plan) + 1))
    assert sorted(trial.name for trial in plan[:999]) == [trial.name for trial in plan[:999]]


@given(models, users, st.integers(1, 12), seeds)
def test_a_longer_plan_begins_as_the_shorter_one(
    models: list[str], users: list[int], blocks: int, seed: int
) -> None:
    longer = make_plan(all_cells(models, users), blocks + 1, seed)
    assert longer[: -len(models) * len(users)] == make_plan(all_cells(models, users), blocks, seed)


def test_blocks_for_now_are_the_first_of_those_that_are_not_done() -> None:
    plan = make_plan(all_cells(["poll", "epoll"], [20]), 4, seed=1)
    assert through(plan, plan, 1) == plan[:2]
    assert through(plan, plan[1:], 1) == plan[:2]  # what was begun is ended first
    assert through(plan, plan[2:], 2) == plan[:6]
    assert through(plan, plan[6:], 9) == plan
    assert through(plan, (), 1) == ()


def test_within_a_block_all_models_get_the_same_load_and_blocks_differ() -> None:
    plan = make_plan(all_cells(MODELS, [20]), 3, seed=1)
    seeds_of_blocks = [{t.seed for t in plan if t.block == block} for block in (1, 2, 3)]
    assert [len(found) for found in seeds_of_blocks] == [1, 1, 1]
    assert len(set.union(*seeds_of_blocks)) == 3


def test_orders_differ_between_blocks_and_between_seeds() -> None:
    orders = {
        tuple(
            trial.model
            for trial in make_plan(all_cells(MODELS, [20]), 5, seed)
            if trial.block == block
        )
        for seed in (1, 2)
        for block in range(1, 6)
    }
    assert len(orders) > 5


def test_a_recorded_seed_gives_its_order_on_any_machine_and_version() -> None:
    plan = make_plan(all_cells(["a", "b", "c"], [1, 2]), 1, seed=42)
    assert [f"{trial.model}{trial.users}" for trial in plan] == ["b2", "c1", "a2", "b1", "c2", "a1"]
    assert plan[0] == Trial(1, 1, "b", 2, 1923856834)
    assert plan[0].name == "001-b-u2"


@pytest.mark.parametrize(
    ("rate_rps", "name", "words"),
    [
        (None, "001-poll-u1500", "1,500 users"),
        (2000.0, "001-poll-u1500-r2000", "2,000/s over 1,500 connections"),
        (0.5, "001-poll-u1500-r0.5", "0.5/s over 1,500 connections"),
        (1e6, "001-poll-u1500-r1000000", "1,000,000/s over 1,500 connections"),
    ],
)
def test_an_open_loop_names_its_rate(rate_rps: float | None, name: str, words: str) -> None:
    trial = Trial(1, 1, "poll", 1500, 7, rate_rps)
    assert (trial.name, trial.load, describe_step(1500, rate_rps)) == (name, words, words)
