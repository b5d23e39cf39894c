"""What a person asks for is checked as a whole, and every mistake is told with its remedy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lab.commands.reproduce import from_other_hosts
from lab.errors import MISUSED, MisuseError
from lab.plan import topology
from lab.plan.choice import Asked, Choice, check
from lab.plan.models import choose
from lab.plan.topology import Foreign

ROOT = Path(__file__).parents[2]
DECLARED = topology.read(ROOT / "docker-compose.yml", {})
GOOD = """\
about: A test
users: [5, 10]
trials: 3
window: 1s
path: direct
models: [epoll, poll, epoll]
requests: [{get: /}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/good.yml").write_text(GOOD)
    return tmp_path


def ask(root: Path, **asked: str) -> Choice:
    return check(Asked(**{"scenario": "good", **asked}), DECLARED, root)


def mistakes(root: Path, **asked: str) -> list[str]:
    with pytest.raises(MisuseError) as told:
        ask(root, **asked)
    assert told.value.status == MISUSED
    return told.value.mistakes


def test_the_scenario_says_what_is_measured(root: Path) -> None:
    choice = ask(root)
    assert choice.models == ("poll", "epoll")  # once each, in the order of the notes
    assert (choice.users, choice.trials, choice.path) == ((5, 10), 3, "direct")
    assert (choice.workers, choice.seed) == (None, None)
    assert (choice.source.name, choice.source.text) == ("good", GOOD)


@pytest.mark.parametrize("asked", [{}, {"users": "10,5,10", "rate": "7,7.0,3"}])
def test_a_step_named_twice_is_one_step(root: Path, asked: dict[str, str]) -> None:
    """By the scenario as by the command line."""
    text = GOOD.replace("[5, 10]", "[10, 5, 10]") + "rate: [7, 7.0, 3]\n"
    (root / "scenarios/twice.yml").write_text(text)
    choice = ask(root, scenario="twice", models="epoll", **asked)
    assert (choice.users, choice.rates) == ((10, 5), (7.0, 3.0))
    assert len(choice.cells) == 4


def test_blocks_for_now_are_a_number_and_not_a_search_s(root: Path) -> None:
    assert ask(root).blocks is None
    assert ask(root, blocks="2").blocks == 2
    assert mistakes(root, blocks="2,3", users="x") == [
        "USERS: 'x' is no whole number from 1 to 15,000",
        "BLOCKS: takes one number, not 2",
    ]
    (root / "scenarios/find.yml").write_text(FIND)
    assert any(
        "a search has no blocks" in each for each in mistakes(root, scenario="find", blocks="1")
    )


def test_a_server_of_ones_own_is_to_be_named(root: Path) -> None:
    mine = replace(DECLARED.references["nginx"], name="mine")
    references = {**DECLARED.references, "mine": mine}
    declared = replace(DECLARED, references=references, foreign=Foreign("...", ("mine",)))
    with pytest.raises(MisuseError, match=r"WITH: name its server in MODEL, .*MODEL=epoll,mine"):
        check(Asked(scenario="good", models="epoll"), declared, root)
    choice = check(Asked(scenario="good", models="mine,epoll"), declared, root)
    assert choice.models == ("epoll", "mine")


def test_a_reference_runs_only_where_it_is_named(root: Path) -> None:
    (root / "scenarios/all.yml").write_text(GOOD.replace("models: [epoll, poll, epoll]\n", ""))
    everything = ask(root, scenario="all").models
    assert everything == tuple(DECLARED.models)
    assert "nginx" not in everything
    assert ask(root, models="nginx,epoll").models == ("epoll", "nginx")


def test_the_command_line_comes_first(root: Path) -> None:
    choice = ask(
        root, models="forking, iterative", users="7,3,7", trials="1", workers="2", via="published"
    )
    assert choice.models == ("iterative", "forking")
    assert choice.users == (7, 3)
    assert (choice.trials, choice.workers, choice.path) == (1, 2, "published")
    assert ask(root, rate="0.5, 2000,0.5").rates == (0.5, 2000.0)


def test_load_from_other_hosts_comes_from_outside(root: Path) -> None:
    choice = ask(root, hosts="b:2,ssh://me@c", address="192.0.2.1")
    assert choice.path == "outside"
    assert [(each.name, each.workers) for each in choice.hosts] == [("b", 2), ("ssh://me@c", None)]
    assert choice.address == "192.0.2.1"


def test_a_run_over_load_hosts_is_reproduced_over_as_many(root: Path) -> None:
    ran = ask(root, hosts="b:2,c:1", address="192.0.2.1")
    assert from_other_hosts(ran, Asked()) == ran
    again = from_other_hosts(ran, Asked(hosts="ssh://me@d,e:3", address="192.0.2.9"))
    assert [(each.name, each.workers) for each in again.hosts] == [("ssh://me@d", 2), ("e", 3)]
    assert again.address == "192.0.2.9"
    moved = from_other_hosts(ran, Asked(address="192.0.2.9"))
    assert (moved.hosts, moved.address) == (ran.hosts, "192.0.2.9")
    with pytest.raises(MisuseError, match="the run had 2 load hosts, not 1"):
        from_other_hosts(ran, Asked(hosts="d"))
    with pytest.raises(MisuseError, match="the run had 0 load hosts, not 1"):
        from_other_hosts(ask(root), Asked(hosts="d"))


def test_no_model_named_anywhere_means_all(root: Path) -> None:
    (root / "scenarios/all.yml").write_text("about: All\nrequests: [{get: /}]\n")
    assert ask(root, scenario="all").models == tuple(DECLARED.models)


def test_a_scenario_may_be_a_path(root: Path) -> None:
    path = root / "mine.yml"
    path.write_text(GOOD)
    assert ask(root, scenario=str(path)).source.name == "mine"


@pytest.mark.parametrize(
    ("asked", "mistake"),
    [
        ({"models": "epol"}, "MODEL: no model 'epol'; did you mean 'epoll'?"),
        ({"models": "xyz"}, "MODEL: no model 'xyz'; it is one of: iterative, "),
        ({"scenario": "goood"}, "SCENARIO: no scenario 'goood'; did you mean 'good'?"),
        ({"scenario": "zzz"}, "SCENARIO: no scenario 'zzz'; it is one of: good"),
        ({"users": "0"}, "USERS: '0' is no whole number from 1 to 15,000"),
        ({"users": "15001"}, "USERS: '15001' is no whole number"),
        ({"users": "9" * 5000}, "USERS: '999"),
        ({"users": "٣"}, "USERS: '٣' is no whole number"),
        ({"rate": "0"}, "RATE: '0' is no number from 0.1 to 1,000,000"),
        ({"rate": "1e3"}, "RATE: '1e3' is no number"),
        ({"rate": "1000000.5"}, "RATE: '1000000.5' is no number"),
        ({"trials": "-1"}, "TRIALS: '-1' is no whole number"),
        ({"trials": "1,2"}, "TRIALS: takes one number, not 2"),
        ({"workers": "many"}, "WORKERS: 'many' is no whole number"),
        ({"via": "postal"}, "VIA: 'postal' is none of forwarded, published, direct"),
        ({"force": "1"}, "FORCE: goes with RESUME alone"),
        ({"address": "192.0.2.1"}, "ADDRESS: goes with HOSTS alone"),
        ({"hosts": "b", "via": "direct"}, "VIA: load from other hosts comes from outside"),
        ({"hosts": "b", "workers": "2"}, "WORKERS: with HOSTS the number stands behind each host"),
        ({"hosts": "b:9", "users": "8"}, "USERS: 8 cannot be dealt out to 9 load workers"),
        ({"seed": "1.5"}, "SEED: '1.5' is no whole number"),
    ],
)
def test_each_mistake_is_told(root: Path, asked: dict[str, str], mistake: str) -> None:
    [told] = mistakes(root, **asked)
    assert told.startswith(mistake)


def test_a_closed_scenario_that_rate_opens_is_remarked_upon(root: Path) -> None:
    (root / "scenarios/open.yml").write_text(GOOD + "rate: 3\n")
    [told] = ask(root, rate="5").remarks
    assert told.startswith("RATE makes this an open loop: arrivals at that rate")
    assert not ask(root).remarks
    assert not ask(root, scenario="open").remarks
    assert not ask(root, scenario="open", rate="5").remarks


TOGETHER = GOOD + "rate: 3\nblock: together\n"
FIND = GOOD.replace("trials: 3", "find: {p99_ms: 10, trials: 9}")


@pytest.mark.parametrize(
    ("text", "asked", "mistake"),
    [
        (FIND, {"rate": "5"}, "RATE: the scenario's `find` seeks the rate itself"),
        (FIND, {"trials": "2"}, "TRIALS: to find a limit takes 3 to 100 for each model"),
        (TOGETHER, {"via": "published"}, "VIA: the scenario's `block: together` needs a network"),
        (TOGETHER, {"hosts": "b"}, "HOSTS: the scenario's `block: together` takes its load"),
        (TOGETHER, {"receive": "guest"}, "RECEIVE: the scenario's `block: together` cannot tell"),
        (GOOD + "think: 1s\n", {"rate": "5"}, "RATE: in an open loop nobody thinks"),
    ],
)
def test_what_the_scenario_and_the_command_line_cannot_both_have(
    root: Path, text: str, asked: dict[str, str], mistake: str
) -> None:
    (root / "scenarios/other.yml").write_text(text)
    [told] = mistakes(root, scenario="other", **asked)
    assert told.startswith(mistake)


def test_a_search_has_its_own_number_of_trials(root: Path) -> None:
    (root / "scenarios/seek.yml").write_text(FIND)
    assert (ask(root, scenario="seek").trials, ask(root, scenario="seek").rates) == (9, ())
    assert ask(root, scenario="seek", trials="20").trials == 20


def test_all_mistakes_are_told_at_once_and_located(root: Path) -> None:
    wrong = "about: A test\nusrs: 5\nwindow: 10\nmodels: [epol]\nrequests: [{get: /}]\n"
    (root / "scenarios/wrong.yml").write_text(wrong)
    told = mistakes(root, scenario="wrong", models="forkin", users="x")
    assert [line.partition(" ")[0] for line in told] == [
        "scenarios/wrong.yml:2:",
        "scenarios/wrong.yml:3:",
        "scenarios/wrong.yml:4:",
        "MODEL:",
        "USERS:",
    ]


def test_every_scenario_that_is_shipped_can_be_run() -> None:
    shipped = sorted((ROOT / "scenarios").glob("*.yml"))
    assert len(shipped) >= 7
    for path in shipped:
        assert check(Asked(scenario=path.stem), DECLARED, ROOT).models


def test_a_command_of_one_model_does_not_take_all() -> None:
    _, [mistake] = choose(["all"], ["poll", "epoll"])
    assert mistake == "MODEL: one is wanted, not all; it is one of: poll, epoll"


def test_all_means_every_model_of_ours_whatever_the_scenario_names(root: Path) -> None:
    assert ask(root, models="all").models == tuple(DECLARED.models)
    assert ask(root, models="nginx,all").models == (*DECLARED.models, "nginx")
