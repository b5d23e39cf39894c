"""When an image is built, what is said meanwhile, and how a failure is told. A false daemon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError, ImageNotFound

from lab.containers import build_access, images
from lab.containers.base_image import BASE
from lab.containers.daemon import DaemonError
from lab.containers.images import BuildError
from lab.plan.topology import Image

OURS = Image("serverlab-x", "Dockerfile", frozenset({"x"}))
FOREIGN = Image("nginx:stable", None, frozenset({"web"}))


class Daemon:
    """Builds what it is told to, speaking `progress`, and remembers the labels."""

    def __init__(self) -> None:
        self.tags: dict[str, dict[str, str]] = {BASE: {}}
        self.builds: list[dict[str, Any]] = []
        self.removed: list[str] = []
        self.progress: list[dict[str, str]] = [
            {"stream": "Step 1/2 : FROM debian:trixie-slim\n"},
            {"stream": "\n"},
            {"stream": "Get:1 http://x\nStep 2/2 : COPY one.txt /\n"},
            {"aux": "sha256"},
        ]
        self.fails: Exception | None = None
        self.images = SimpleNamespace(get=self.get, remove=self.remove, pull=self.pull)
        self.api = SimpleNamespace(build=self.build)

    def get(self, name: str) -> SimpleNamespace:
        if name not in self.tags:
            raise ImageNotFound(name)
        generation = sum(each["tag"] == name for each in self.builds)
        return SimpleNamespace(id=f"{name}#{generation}", labels=self.tags[name])

    def build(self, **wanted: Any) -> Iterator[dict[str, str]]:
        if self.fails:
            raise self.fails
        yield from self.progress
        self.builds.append(wanted)
        self.tags[wanted["tag"]] = wanted["labels"]

    def remove(self, name: str, noprune: bool) -> None:
        assert noprune, "the layers below are the next build's cache"
        self.removed.append(name)

    def pull(self, *_: str) -> SimpleNamespace:
        raise APIError("no registry")


class Lab:
    """A root with one Dockerfile, its daemon, and what was said."""

    def __init__(self, root: Path) -> None:
        self.root, self.daemon, self.said = root, Daemon(), list[str]()
        (root / "Dockerfile").write_text(f"FROM {BASE}\nCOPY one.txt /\n")
        (root / "one.txt").write_text("1")

    def ensure(self, *wanted: Image) -> dict[str, str]:
        return images.ensure(self.daemon, wanted or [OURS], self.root, self.said.append)  # type: ignore[arg-type]


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setattr(build_access, "copy_certificates", lambda _: [])
    return Lab(tmp_path)


def test_an_image_that_is_missing_is_built_and_says_so(lab: Lab) -> None:
    assert lab.ensure() == {"serverlab-x": "serverlab-x#1"}
    assert lab.said == [
        "building serverlab-x: it is not here yet",
        "serverlab-x: 1/2 : FROM debian:trixie-slim",
        "serverlab-x: 2/2 : COPY one.txt /",
    ]
    [build] = lab.daemon.builds
    assert build["labels"]["lab.project"] == "serverlab"
    assert build["rm"]
    assert build["forcerm"]


def test_an_image_whose_inputs_are_the_same_is_left_alone(lab: Lab) -> None:
    first = lab.ensure()
    lab.said.clear()
    assert lab.ensure() == first
    assert lab.said == []


def test_an_image_whose_inputs_changed_is_built_and_its_forerunner_removed(lab: Lab) -> None:
    lab.ensure()
    (lab.root / "one.txt").write_text("2")
    assert lab.ensure() == {"serverlab-x": "serverlab-x#2"}
    assert "building serverlab-x: its sources changed" in lab.said
    assert lab.daemon.removed == ["serverlab-x#1"]


def test_a_build_that_fails_is_told_by_its_last_lines(lab: Lab) -> None:
    lines = [{"stream": f"line {number}\n"} for number in range(50)]
    lab.daemon.progress = [*lines, {"error": "The command returned a non-zero code: 100"}]
    with pytest.raises(BuildError, match="serverlab-x could not be built") as raised:
        lab.ensure()
    said = raised.value.message.splitlines()
    assert said[-2:] == ["line 49", "The command returned a non-zero code: 100"]
    assert len(said) == images.LINES_KEPT + 1
    assert "docker build -f Dockerfile ." in raised.value.remedy
    assert lab.daemon.removed == []


@pytest.mark.parametrize(("sign", "remedy"), images.REMEDIES)
def test_a_known_failure_has_its_own_remedy(lab: Lab, sign: str, remedy: str) -> None:
    lab.daemon.progress = [{"stream": f"E: {sign}: x\n"}, {"error": "failed"}]
    with pytest.raises(BuildError) as raised:
        lab.ensure()
    assert raised.value.remedy == remedy


def test_a_dockerfile_that_the_daemon_refuses_is_told(lab: Lab) -> None:
    lab.daemon.fails = APIError("x", explanation="dockerfile parse error line 1")
    with pytest.raises(BuildError, match="dockerfile parse error line 1"):
        lab.ensure()


def test_a_daemon_that_goes_away_is_told(lab: Lab) -> None:
    lab.daemon.fails = ConnectionResetError("gone")
    with pytest.raises(DaemonError, match="does not answer"):
        lab.ensure()


def test_an_image_of_somebody_else_is_pulled(lab: Lab) -> None:
    with pytest.raises(BuildError, match="nginx:stable cannot be pulled: ") as raised:
        lab.ensure(FOREIGN)
    assert "docker load" in raised.value.remedy
    lab.daemon.tags["nginx:stable"] = {}
    assert lab.ensure(FOREIGN) == {"nginx:stable": "nginx:stable#0"}
