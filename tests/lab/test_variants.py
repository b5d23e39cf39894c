"""Settings as axes: what is read, which variants come of it, what the servers refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.errors import MisuseError
from lab.plan import server_settings, topology, variants
from lab.plan.choice import Asked, check
from lab.plan.variables import for_trial
from lab.plan.variants import declare
from lab.records.step import Trial
from tests.lab.test_variables import SETUP

ROOT = Path(__file__).parents[2]
DECLARED = topology.read(ROOT / "docker-compose.yml", {})


def chosen(**asked: str) -> list[str]:
    return list(check(Asked(**asked), DECLARED, ROOT).models)


def test_every_combination_is_measured_and_models_keep_their_order() -> None:
    found = chosen(models="prethreaded,epoll", set="accept_mutex=on,off backlog=5,128")
    assert found == [
        "prethreaded accept_mutex=on backlog=5",
        "prethreaded accept_mutex=on backlog=128",
        "prethreaded accept_mutex=off backlog=5",
        "prethreaded accept_mutex=off backlog=128",
        "epoll backlog=5",
        "epoll backlog=128",
    ]


def test_a_setting_does_not_vary_for_a_model_that_does_not_take_it() -> None:
    choice = check(Asked(models="prethreaded,epoll", set="accept_mutex=on,off"), DECLARED, ROOT)
    assert choice.models[-1] == "epoll"
    assert choice.remarks == ["accept_mutex does not vary for epoll: no such setting there"]


def test_one_value_is_a_setting_of_the_run_and_no_axis() -> None:
    choice = check(Asked(models="prethreaded", set="accept_mutex=off"), DECLARED, ROOT)
    assert (choice.models, choice.variants) == (("prethreaded",), {})
    assert choice.settings == {"accept_mutex": "off"}


def test_a_variant_is_its_model_with_settings_of_its_own() -> None:
    choice = check(Asked(models="prethreaded", set="accept_mutex=on,off"), DECLARED, ROOT)
    servers = declare(DECLARED, choice.variants).servers
    off = servers["prethreaded accept_mutex=off"]
    assert (off.service, off.image) == ("prethreaded", DECLARED.models["prethreaded"].image)
    trial = Trial(1, 1, off.name, 20, 7)
    given = for_trial(SETUP, trial, off, "/results/run")
    assert (given["SERVER_ACCEPT_MUTEX"], given["SERVER_WORKERS"]) == ("off", "4")
    assert given["TRIAL"] == "/results/run/trials/001-prethreaded+accept_mutex=off-u20"


def test_the_command_line_takes_the_place_of_the_scenario(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(
        "about: x\nserver: {accept_mutex: [on, off], workers: 2}\nrequests: [{get: /}]\n"
    )
    both = check(Asked(scenario=str(path), models="prethreaded"), DECLARED, ROOT)
    assert [each.settings for each in both.variants.values()] == [
        {"accept_mutex": "on"},
        {"accept_mutex": "off"},
    ]
    asked = Asked(scenario=str(path), models="prethreaded", set="accept_mutex=off workers=3,4")
    other = check(asked, DECLARED, ROOT)
    assert other.settings == {"accept_mutex": "off"}
    assert [each.settings["workers"] for each in other.variants.values()] == ["3", "4"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("accept_mutex", "'accept_mutex' is not written as accept_mutex=on,off"),
        ("=on", "'=on' is not written as"),
        ("backlog=", "'backlog=' is not written as"),
        ("backlog=1 backlog=2", "backlog is there twice"),
        ("nonsense=1", "there is no setting 'nonsense'"),
        ("accept_mutex=on", "of these models none takes accept_mutex; prethreaded would"),
        ("transfer=copy", "transfer: 'copy' is not sendfile, read-write or mmap"),
        ("backlog=0,5", "backlog: '0' is not a whole number from 1 to 65535"),
        ("backlog=" + ",".join(map(str, range(1, 100))), "makes 99 variants; 64 at most"),
    ],
)
def test_what_cannot_be_is_told_before_anything_starts(given: str, told: str) -> None:
    with pytest.raises(MisuseError) as refusal:
        chosen(models="epoll", set=given)
    assert told in refusal.value.message


def test_the_servers_judge_by_their_own_rules_and_each_mistake_is_told_once() -> None:
    settings = {"transfer": "copy", "idle_timeout": "soon"}
    told = server_settings.refused([("epoll", settings), ("poll", settings), ("nginx", settings)])
    assert len(told) == 2
    assert "transfer" in " ".join(told)
    assert server_settings.refused([("epoll", {"transfer": "read-write"}), ("poll", {})]) == []


@given(st.text(max_size=60))
def test_any_text_is_settings_or_a_mistake(text: str) -> None:
    mistakes: list[str] = []
    found = variants.read(text, mistakes)
    assert all(name and values for name, values in found.items())
    assert bool(found) or bool(mistakes) == bool(text.split())
