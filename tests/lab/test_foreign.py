"""A Compose file of one's own: what the lab makes of it, and how its mistakes are told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.errors import MisuseError
from lab.plan import foreign, topology
from lab.plan.foreign_keys import TAKEN, WHY_NOT
from lab.plan.topology import FILE, Topology

ROOT = Path(__file__).parents[2]
OURS = topology.read(ROOT / FILE, {})
LEAST = {"image": "mine:1", "labels": {"lab.reference": "mine"}}
NEXT_PORT = 1 + max(each.port for each in OURS.servers.values())


def join(folder: Path, content: object, **environment: str) -> Topology:
    file = folder / "compose.yml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return foreign.join(OURS, str(file), ROOT, environment)


def service(folder: Path, body: object, **environment: str) -> dict[str, Any]:
    """As Compose gets it."""
    found = join(folder, {"services": {"mine": body}}, **environment).foreign
    assert found is not None
    made: dict[str, Any] = yaml.safe_load(found.text)["services"]["mine"]
    return made


def mistakes(folder: Path, content: object) -> list[str]:
    with pytest.raises(MisuseError) as raised:
        join(folder, content)
    assert "docs/references.md" in raised.value.remedy
    file = folder / "compose.yml"
    assert all(line.startswith(f"WITH: {file}") for line in raised.value.mistakes)
    return [line.removeprefix(f"WITH: {file}: ") for line in raised.value.mistakes]


def test_it_is_a_reference_beside_the_others(tmp_path: Path) -> None:
    found = join(tmp_path, {"services": {"mine": LEAST, "not-under-test": {"restart": "always"}}})
    assert list(found.references) == [*OURS.references, "mine"]
    assert found.models == OURS.models
    assert (found.references["mine"].port, found.references["mine"].guest_port) == (NEXT_PORT, 8000)
    assert found.foreign is not None
    assert (found.foreign.names, found.foreign.built) == (("mine",), frozenset())
    [image] = found.images_of({"mine"})
    assert (image.tag, image.dockerfile) == ("mine:1", None)


def test_it_has_the_guests_limits_and_hardening_unless_it_says_otherwise(tmp_path: Path) -> None:
    guest = yaml.safe_load((ROOT / FILE).read_text())["services"]["epoll"]
    made = service(tmp_path, LEAST)
    for key in ("read_only", "cap_drop", "security_opt", "mem_limit", "pids_limit", "ulimits"):
        assert made[key] == guest[key]
    for key in ("user", "sysctls", "cpuset", "networks", "logging", "stop_signal"):
        assert made[key] == guest[key]
    assert made["labels"] == {
        "lab.project": "serverlab", "lab.reference": "mine", "lab.port": str(NEXT_PORT),
    }  # fmt: skip
    address = "${GUEST_ADDRESS:-127.0.0.1}"
    assert made["ports"] == [f"{address}:${{PORT_MINE:-{NEXT_PORT}}}:8000"]
    own = service(tmp_path, {**LEAST, "user": "0:0", "read_only": False, "cap_add": ["CHOWN"]})
    assert (own["user"], own["read_only"], own["cap_add"]) == ("0:0", False, ["CHOWN"])
    assert own["cap_drop"] == ["ALL"]


@pytest.mark.parametrize(
    ("written", "port"),
    [
        ({"ports": ["8080:3000"]}, 3000),
        ({"ports": ["127.0.0.1:8080:3000/tcp"]}, 3000),
        ({"ports": [3000]}, 3000),
        ({"ports": [{"target": 3000, "published": 8080}]}, 3000),
        ({"expose": ["3000"]}, 3000),
        ({}, 8000),
    ],
)
def test_the_port_that_it_listens_on(tmp_path: Path, written: dict[str, Any], port: int) -> None:
    found = join(tmp_path, {"services": {"mine": {**LEAST, **written}}})
    assert found.references["mine"].guest_port == port


def test_it_is_published_where_the_caller_wants_it(tmp_path: Path) -> None:
    found = join(tmp_path, {"services": {"my-own": LEAST}}, PORT_MINE="18099")
    assert (found.references["mine"].port, found.references["mine"].published_port) == (
        NEXT_PORT, 18099,
    )  # fmt: skip


def test_labels_as_a_list_and_a_name_from_the_service(tmp_path: Path) -> None:
    labels = ["lab.reference", "lab.port=8077", "theirs=kept"]
    made = service(tmp_path, {"image": "x", "labels": labels})
    assert made["labels"]["lab.reference"] == "mine"
    assert (made["labels"]["lab.port"], made["labels"]["theirs"]) == ("8077", "kept")


def test_paths_are_relative_to_their_own_file(tmp_path: Path) -> None:
    made = service(
        tmp_path,
        {
            "labels": ["lab.reference"],
            "build": {"context": "src", "target": "run"},
            "env_file": "mine.env",
            "volumes": ["./data:/data:ro", "/etc/hosts:/h", {"type": "bind", "source": "./b"}],
        },
    )
    assert made["build"]["context"] == str(tmp_path / "src")
    assert (made["build"]["target"], made["image"]) == ("run", "serverlab-with-mine")
    assert made["env_file"] == [str(tmp_path / "mine.env")]
    bind = {"type": "bind", "source": str(tmp_path / "b")}
    assert made["volumes"] == [f"{tmp_path}/data:/data:ro", "/etc/hosts:/h", bind]


def test_variables_are_put_in_so_that_the_manifest_says_what_ran(tmp_path: Path) -> None:
    passed_on = service(tmp_path, {**LEAST, "environment": ["HOME", "NONE"]}, HOME="/h$")
    assert passed_on["environment"] == {"HOME": "/h$$"}
    written = {"A": "${HOME}/x", "B": "${NONE:-d}", "C": "$HOME", "D": "$$5", "E": "${EMPTY-d}"}
    made = service(tmp_path, {**LEAST, "environment": written}, HOME="/h$", EMPTY="")
    # A dollar that is left is written twice: Compose reads it once more.
    assert made["environment"] == {"A": "/h$$/x", "B": "d", "C": "/h$$", "D": "$$5", "E": ""}


def test_a_run_goes_on_with_what_its_manifest_kept(tmp_path: Path) -> None:
    found = join(tmp_path, {"services": {"mine": {"build": ".", "labels": ["lab.reference"]}}})
    assert found.foreign is not None
    assert found.foreign.built == {"mine"}
    assert foreign.again(OURS, found.foreign.text, {}) == found
    assert foreign.again(OURS, None, {}) is OURS


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        *[({key: 1}, f".{key}: leave it out: {why}") for key, why in WHY_NOT.items()],
        ({"privileged": True}, ".privileged: leave it out: the lab does not take it"),
        ({"image": ""}, ": needs an `image`"),
        ({"ports": ["http"]}, ".ports: 'http' is no port that the server listens on"),
        ({"volumes": ["data:/data"]}, ".volumes: 'data' is no folder of this host"),
        ({"command": "${X:?no}"}, ".command: '${X:?no}': of variables ${NAME} and"),
        ({"environment": ["A=${X"]}, ".environment.A: '${X': of variables"),
        ({"labels": {"lab.reference": "My own"}}, ".labels.lab.reference: 'My own' is no name"),
        (
            {"labels": {"lab.reference": "nginx"}},
            ".labels.lab.reference: there is a server 'nginx'",
        ),
        ({"labels": {"lab.reference": "m", "lab.port": 80}}, ".labels.lab.port: '80' is no port"),
        ({"labels": {"lab.reference": "m", "lab.port": 8007}}, ".labels.lab.port: 8007 is another"),
        ({"build": [1]}, ": is not written as Compose has it"),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path: Path, body: Any, mistake: str) -> None:
    [told] = mistakes(tmp_path, {"services": {"mine": {**LEAST, **body}}})
    assert told.startswith(f"services.mine{mistake}")


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "services: is missing"),
        ("- a", "services: is missing"),
        ("services: {a: {image: x}}", "services: has none with the label lab.reference"),
        ("services: {epoll: {image: x, labels: [lab.reference=a]}}", "services.epoll: is the name"),
        (
            "secrets: {}\nservices: {a: {image: x, labels: [lab.reference]}}",
            "secrets: is not taken",
        ),
    ],
)
def test_a_mistake_of_the_whole_file_as_well(tmp_path: Path, text: str, mistake: str) -> None:
    [told] = mistakes(tmp_path, text)
    assert told.startswith(mistake)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    one = {"image": "x", "labels": ["lab.reference"], "restart": "always"}
    assert len(mistakes(tmp_path, {"services": {"a": one, "b": {**one, "cpus": 2}}})) == 3


@pytest.mark.parametrize("text", ["services: [", "a: !!float b", "a: !!python/name:os.system"])
def test_what_is_no_yaml_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "compose.yml"
    file.write_text(text)
    with pytest.raises(MisuseError, match=r"compose\.yml is no YAML that can be read"):
        foreign.join(OURS, str(file), ROOT, {})


@pytest.mark.parametrize("name", ["none.yml", "~nobody-at-all/a.yml", "a" * 300, "a\0b", "/"])
def test_a_file_that_cannot_be_read_is_told(name: str) -> None:
    with pytest.raises(MisuseError, match=r"^WITH: .* cannot be read: "):
        foreign.join(OURS, name, ROOT, {})


def test_a_home_that_there_is_not_is_told(tmp_path: Path) -> None:
    body = {**LEAST, "volumes": ["~nobody-at-all/data:/data"]}
    [told] = mistakes(tmp_path, {"services": {"mine": body}})
    assert told.startswith("services.mine: is not written as Compose has it: ")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(body=st.dictionaries(st.sampled_from(sorted(TAKEN)), VALUES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_under_a_key_is_taken_or_told(tmp_path: Path, body: dict[str, Any]) -> None:
    labelled = {"image": "x", **body, "labels": ["lab.reference"]}
    told: Sequence[str] = ()
    try:
        join(tmp_path, {"services": {"mine": labelled}})
    except MisuseError as raised:
        told = raised.mistakes
    assert all("services.mine" in line for line in told)
