"""docs/scenarios.md says what is so: all keys with their defaults, all settings, what is served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from lab.plan import topology
from loadgen.formats import scenario_reader
from loadgen.formats.objective import Find
from loadgen.formats.request import Expect, Request
from loadgen.formats.scenario import Scenario
from servers import http1
from servers.app import Application
from servers.app.effects import Redis
from servers.runtime.knobs import KNOBS, MODELS, takers
from tests.app.asking import SITE, begin, finish, request

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "scenarios.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SERVERS = topology.read(ROOT / "docker-compose.yml", {}).servers
APP = Application("epoll", SITE)


def rows(heading: str) -> dict[str, list[str]]:
    """Of the table whose first column is headed so: the cells behind each row's name."""
    _, _, below = PAGE.partition(f"\n| {heading} |")
    lines = below.partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {name.strip("`"): rest for name, *rest in cells}


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("key", Scenario),
        ("key of a request", Request),
        ("key of `expect`", Expect),
        ("key of `find`", Find),
    ],
)
def test_every_key_stands_there_with_its_default(heading: str, keys: type[BaseModel]) -> None:
    wanted = {}
    for name, field in keys.model_fields.items():
        default = (
            "required" if field.is_required() else field.get_default(call_default_factory=True)
        )
        wanted[field.alias or name] = default
    assert {key: cells[1] for key, cells in rows(heading).items()} == {
        key: _shown(default) for key, default in wanted.items()
    }


def _shown(default: object) -> str:
    match default:
        case "required":
            return default
        case Expect(status=status, bytes=None):
            return f"status {status}"
        case None | () | {}:
            return "none"
        case (one,):
            return f"`{one}`"
    return f"`{default}`"


def test_every_setting_stands_there_as_the_servers_and_compose_have_it() -> None:
    told = {
        name: (takes, default.strip("`"), set(MODELS if who == "all" else who.split(", ")))
        for name, (takes, default, who, _) in rows("setting").items()
    }
    settable = {name for server in SERVERS.values() for name in server.knobs}
    assert told == {
        knob.name: (knob.parse.takes, knob.default, set(takers(knob)))
        for knob in KNOBS
        if knob.name in settable
    }


def test_every_file_of_the_site_stands_there() -> None:
    files = {"/" + path.name for path in Path(SITE).iterdir() if path.is_file()}
    assert files <= rows("path").keys()


@pytest.mark.parametrize("path", rows("path"))
def test_a_path_is_answered(path: str) -> None:
    posted = rows("path")[path][0].startswith("POST:")
    assert status(Request(post=path, size=9) if posted else Request(get=path)) == 200


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_valid_and_gets_the_answers_it_expects(text: str) -> None:
    takes = {name: server.knobs for name, server in SERVERS.items()}
    for each in scenario_reader.parse(text, "scenarios.md", takes).requests:
        assert status(each) == each.expect.status < 400


def test_the_examples_show_every_key_but_the_way_in_and_who_receives() -> None:
    shown = {key for text in EXAMPLES for key in re.findall(r"^(\w+):", text, re.MULTILINE)}
    assert rows("key").keys() - shown == {"path", "receive", "warmup"}


def status(asked: Request) -> int:
    """Of the application's answer; Redis is played."""
    fields = {"Content_Type": asked.media_type.encode()} if asked.post else {}
    answer = APP(request(asked.target.encode(), asked.method.encode(), asked.body, **fields))
    if not isinstance(answer, http1.Response):
        waiting, effect = begin(answer)
        answer = finish(waiting, [1, []] if isinstance(effect, Redis) else None)
    return answer.status
