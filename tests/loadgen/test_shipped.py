"""The scenarios that come with the lab, and the schema beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadgen.formats import scenario_reader, schema

FOLDER = Path(__file__).parents[2] / "scenarios"
SITE = Path(__file__).parents[2] / "servers" / "site"
NAMES = [
    *("quick", "static", "guestbook", "keep-alive", "slow-backend", "mixed", "cpu"),
    *("open-loop", "find-limit", "ladder", "upload", "cost"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_is_right(name: str) -> None:
    path = FOLDER / f"{name}.yml"
    assert path.read_text().startswith("# yaml-language-server: $schema=schema.json\n")
    loaded = scenario_reader.load(path)
    assert len(loaded.about) <= 100
    for request in loaded.requests:
        file = SITE / request.target[1:]
        if request.method == "GET" and request.target.rpartition(".")[1]:
            assert file.is_file(), f"{request.name} asks for what is not served"
        if request.method == "GET" and request.expect.bytes is not None:
            assert file.stat().st_size == request.expect.bytes


def test_nothing_else_is_shipped() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yml")) == sorted(NAMES)


def test_quick_is_quick() -> None:
    quick = scenario_reader.load(FOLDER / "quick.yml")
    spent_s = (quick.warmup_s + quick.window_s) * quick.trials * len(quick.users)
    assert spent_s <= 10, "the rest of half a minute belongs to the containers"


def test_the_schema_beside_them_is_the_models() -> None:
    assert schema.FILE.read_text() == schema.text(), "run python -m loadgen.formats.schema"


def test_the_schema_knows_every_key() -> None:
    properties = json.loads(schema.text())["properties"]
    assert set(properties) == {
        *("about", "connection", "users", "warmup", "window", "timeout", "trials"),
        *("think", "rate", "arrivals", "find", "models", "path", "block", "receive"),
        *("server", "requests"),
    }
    assert properties["window"]["type"] == "string"
