"""The README's commands exist, its links lead somewhere, and its example is a valid scenario."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from loadgen.scenario import parse

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.partition("#")[0].strip()
    for kind, block in BLOCKS
    if kind == "sh"
    for line in block.splitlines()
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_is_one_that_make_knows(command: str) -> None:
    words = shlex.split(command)
    assert words[0] == "make"
    known = re.findall(r"^(\w+) \?=", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {word.partition("=")[0] for word in words[2:]} <= set(known)
    plan = subprocess.run(
        ["make", "--dry-run", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert plan.returncode == 0, plan.stderr


def test_the_scenario_of_the_readme_is_valid() -> None:
    [example] = [block for kind, block in BLOCKS if kind == "yaml"]
    assert list(parse(example, "README.md").users) == [10, 100]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []
