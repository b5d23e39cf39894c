"""The README and the pages of docs/: commands, links and files that they name exist, the example is
a valid scenario, and words and decisions are told once.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from loadgen.formats.scenario_reader import parse

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
MAKEFILE = (ROOT / "Makefile").read_text()
# Parts of the project by whose names pages call their files.
PARTS = ("", "lab", "lab/*", "loadgen", "loadgen/*", "servers", "images/vmhost")
OF_AN_OUTER_MAKE = ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS")  # such as `make check ARGS=...`
MADE = ("results/", ".certificates/", ".env")  # by the lab or by its user
RECORDS = ("load.json", "server.json", "search.json", "report.html", "evidence.json")  # of a run


def commands(page: Path) -> list[str]:
    """Of its shell blocks, and of lines that are set off."""
    text = page.read_text()
    blocks = [
        *re.findall(r"```sh\n(.*?)```", text, re.DOTALL),
        *re.findall(r"^ {4}(make .*)", text, re.M),
    ]
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def shown_in(page: Path) -> str:
    return str(page.relative_to(ROOT))


COMMANDS = list(dict.fromkeys(line for page in PAGES for line in commands(page)))


def test_modules_that_sources_and_pages_name_can_be_run() -> None:
    """As in remedies: `python -m lab.containers.base_image`."""
    listed = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True)
    named = {
        name
        for file in listed.splitlines()
        if file.endswith((".py", ".md", ".yml", "Dockerfile", "Makefile"))
        for name in re.findall(
            r"-m ((?:servers|loadgen|lab|benchmarks|tests|experiments)(?:\.\w+)*)",
            (ROOT / file).read_text(),
        )
    }
    assert "lab.containers.base_image" in named
    for name in named:
        path = ROOT.joinpath(*name.split("."))
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), name


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_that_there_is(command: str) -> None:
    """make refuses a target that there is not, and a variable that the target does not take."""
    words = shlex.split(command)
    if words[:2] == [".venv/bin/python", "-m"]:
        assert find_spec(words[2]), f"no module {words[2]}"
        return
    assert words[0] == "make"
    own = {name: value for name, value in os.environ.items() if name not in OF_AN_OUTER_MAKE}
    plan = subprocess.run(
        ["make", "--dry-run", *words[1:]],
        cwd=ROOT,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert plan.returncode == 0, plan.stderr


def test_the_readme_names_no_command_twice() -> None:
    told = Counter(commands(ROOT / "README.md"))
    twice = {command for command, times in told.items() if times > 1}
    assert twice == set()


@pytest.mark.parametrize("page", PAGES, ids=shown_in)
def test_a_target_named_in_a_sentence_is_one_that_make_has(page: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):.*## ", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"`make ([\w-]+)", page.read_text())) <= targets


def test_the_scenario_of_the_readme_is_valid() -> None:
    [example] = [block for kind, block in BLOCKS if kind == "yaml"]
    assert list(parse(example, "README.md").users) == [10, 100]


@pytest.mark.parametrize("page", PAGES, ids=shown_in)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text())
    assert [target for target in targets if not _there(page, target)] == []


def _there(page: Path, target: str) -> bool:
    path, _, heading = target.partition("#")
    file = page.parent / path if path else page
    if not heading:
        return file.exists()
    titles = re.findall(r"^#+ (.*)", file.read_text(), re.MULTILINE)
    return heading in [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


@pytest.mark.parametrize("page", PAGES, ids=shown_in)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    named = set(
        re.findall(r"`([\w./*-]+(?:\.(?:py|yml|json|toml|txt|md|html)|\w/))`", page.read_text())
    )
    within = {name for name in named if not name.startswith(("/", *MADE)) and name not in RECORDS}
    missing = {
        name
        for name in within
        if not any(any(ROOT.glob(f"{part}/{name}".lstrip("/"))) for part in PARTS)
    }
    assert missing == set()


def test_the_glossary_has_each_word_once_and_in_order() -> None:
    words: list[str] = []
    for section in (DOCS / "glossary.md").read_text().split("\n## ")[1:]:
        found = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)[1:]
        assert found == sorted(found, key=str.casefold)
        words += found
    assert [word for word, times in Counter(words).items() if times > 1] == []


def test_a_number_belongs_to_one_decision() -> None:
    titles = {path: path.read_text().split()[1] for path in (DOCS / "decisions").glob("*.md")}
    assert {path: path.name[:4] for path in titles} == titles
    assert len(set(titles.values())) == len(titles)
