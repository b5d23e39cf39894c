"""docs/kubernetes.yml is the scenario keep-alive, for the Locust that the lab itself uses."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

from loadgen.formats import scenario_reader

ROOT = Path(__file__).parents[1]
EXPORTED = yaml.safe_load((ROOT / "docs" / "kubernetes.yml").read_text())["spec"]
ORIGINAL = ROOT / "scenarios" / "keep-alive.yml"


def test_it_asks_what_the_scenario_asks() -> None:
    asked = scenario_reader.parse(ORIGINAL.read_text(), str(ORIGINAL))
    [request] = asked.requests
    locustfile = EXPORTED["locustfile"]["content"]
    words = {
        node.value for node in ast.walk(ast.parse(locustfile)) if isinstance(node, ast.Constant)
    }
    assert request.target in words
    assert request.expect.bytes in words
    given = dict(re.findall(r"--(\S+) (\d+)s?\b", EXPORTED["args"]))
    assert int(given["users"]) in asked.users
    assert int(given["run-time"]) == asked.warmup_s + asked.window_s


def test_its_locust_is_the_labs_own() -> None:
    locked = re.findall(r"^locust==(\S+)", (ROOT / "requirements/load.txt").read_text(), re.M)
    assert EXPORTED["image"] == f"locustio/locust:{locked[0]}"
