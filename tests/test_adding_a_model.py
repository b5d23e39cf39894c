"""A model is one file and one Compose service: in a copy of the tree, nothing else is edited."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEEDED = (
    "experiments",
    "docker-compose.yml",
    "lab",
    "loadgen",
    "pyproject.toml",
    "scenarios",
    "servers",
    "tests",
)
SERVICE = """\
services:
  copied:
    <<: *guest
    command: [copied]
    ports: ["127.0.0.1:${PORT_COPIED:-8099}:8000"]
    labels: {<<: *labels, lab.model: copied, lab.port: "8099"}
    environment: {<<: [*knobs, *pool], SERVER_REUSEPORT: "${SERVER_REUSEPORT:-off}"}

"""
FIRST_LINE = '"""Copied: threads made before the first client, under another name.\n'


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a model more."""
    folder = tmp_path_factory.mktemp("tree")
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder)
    model = (ROOT / "servers/preforked.py").read_text().partition("\n")[2]
    (folder / "servers/copied.py").write_text(FIRST_LINE + model)
    file = folder / "docker-compose.yml"
    file.write_text(file.read_text().replace("services:\n", SERVICE, 1))
    return folder


def run(tree: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=tree, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_listed_with_what_its_file_says(tree: Path) -> None:
    [line] = [line for line in run(tree, "lab", "list").splitlines() if "copied" in line]
    assert line.split(maxsplit=2) == [
        "copied",
        "127.0.0.1:8099",
        "Copied: threads made before the first client, under another name",
    ]


def test_it_takes_the_settings_that_its_file_names(tree: Path) -> None:
    shown = run(tree, "servers", "copied", "--help")
    assert "--workers" in shown
    assert "--max-children" not in shown


def test_the_conformance_suite_and_the_rules_hold_it_too(tree: Path) -> None:
    said = run(
        tree,
        *("pytest", "-q", "-p", "no:cacheprovider", "-m", "not docker", "-k", "copied"),
        "tests/conformance/test_conversation.py",
        "tests/test_layering.py",
        "tests/containers/test_compose_file.py",
        "tests/servers/test_runtime.py",
    )
    assert "passed" in said
