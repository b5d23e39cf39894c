"""Mistakes in scenario files: all told at once, each with file, line, key and remedy."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from loadgen.formats import scenario_reader
from loadgen.formats.characters import unfit
from loadgen.formats.problems import Problem, ScenarioError
from loadgen.formats.scenario import Scenario
from loadgen.formats.scenario_reader import parse

MODELS = {"prethreaded": {"workers", "backlog"}, "epoll": {"backlog", "max_connections"}}
LEAST = "about: x\nrequests: [{get: /}]\n"


def problems(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        parse(text, "f.yml", MODELS)
    return [str(problem) for problem in caught.value.problems]


def test_every_error_at_once_located_with_its_remedy() -> None:
    assert problems(
        """about: [x]
conection: close
users: [10, "20", 0]
users: 3
window: 10
timeout: 5h
server:
  wrkers: 8
  workers: 8
models: [prethreded, epoll]
requests:
  - {get: x, weight: 0}
  - {get: /, post: /}
  - {post: /, from: 1}
  - 17
"""
    ) == [
        "f.yml:1: about: must be text, not ['x']; put it in quotes",
        "f.yml:2: conection: unknown key; did you mean 'connection'?",
        "f.yml:3: users[1]: '20' is text, not a number; write it without quotes",
        "f.yml:3: users[2]: 0 is too small; use 1 or more",
        "f.yml:4: users: stands here again, after line 3; keep one",
        "f.yml:5: window: '10' is no duration; write it as 500ms, 10s or 2m",
        "f.yml:6: timeout: '5h' is no duration; write it as 500ms, 10s or 2m",
        "f.yml:8: server.wrkers: no such setting; did you mean 'workers'?",
        "f.yml:10: models[0]: no model 'prethreded'; did you mean 'prethreaded'?",
        "f.yml:12: requests[0].get: must begin with /; write it as '/x'",
        "f.yml:12: requests[0].weight: 0 is too small; use 1 or more",
        "f.yml:13: requests[1]: asks twice; give either `get:` or `post:`, once",
        "f.yml:14: requests[2].from: unknown key; did you mean 'form'?",
        "f.yml:15: requests[3]: must be a mapping, not '17'; write it as `name: value` lines",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f.yml: is empty; write `name: value` lines, as in scenarios/quick.yml"),
        ("- 1", "f.yml:1: holds a list at the top"),
        ("about: x\n  users: 3", "f.yml:2: mapping values are not allowed here"),
        ("about: A test: x", "near column 14, or put quotes around a text that holds ': '"),
        ("users: [20, 100\nwindow: 3s", "f.yml:2: [ opened in line 1 is not closed: expected ','"),
        ("a: 1\nb: [{c: 1,\n  d: 2\n", "f.yml:4: { opened in line 2 is not closed"),
        ("about: 'x\n", "f.yml:2: ' opened in line 1 is not closed: found unexpected end"),
        ("a: [1]\nb: *a", "f.yml:2: aliases (*name) are not taken here; put quotes around a text"),
        ("a: &a [*a]", "f.yml:1: anchors (&name) are not taken here; put quotes around a text"),
        ("about: &me too", "anchors (&name) are not taken here"),
        ("about: !urgent x", "tags (!name) are not taken here; put quotes around a text that beg"),
        (LEAST + "rate: !!float", "f.yml:3: tags (!name) are not taken here"),
        (LEAST + "users: !!bool maybe", "f.yml:3: tags (!name) are not taken here"),
        (LEAST + "users: !!binary aGk=", "f.yml:3: tags (!name) are not taken here"),
        ('requests: []\nabout: "\\U55555555"', "f.yml:2: holds what is no YAML: "),
        ('requests: []\nabout: "\\Uffffffff"', "f.yml:2: holds what is no YAML: "),
        (LEAST + "<<: {users: 3}", "f.yml:3: <<: unknown key"),
        ("[" * 5000, "is nested deeper than 20 levels"),
        ("about: x\x00", "unacceptable character #x0000"),
        ("about: !!python/object:os.system x", "tags (!name) are not taken here"),
        (LEAST + "users: " + "9" * 5000, "f.yml:3: users: must be a whole number, not '999"),
        (LEAST + "users: 2026-99-99", "f.yml:3: users: must be a whole number, not '2026-99-99'"),
        ("{[a]: 1}", "f.yml:1: a key must be a name"),
        ("a: 1\n---\nb: 1", "f.yml:2: expected a single document"),
        ("a: " + "x" * 300_000, "f.yml: is too large; 256 kB are allowed"),
        ("about: x", "f.yml:1: requests: is missing; add it"),
        ("about: x\nrequests: []", "f.yml:2: requests: is empty; name at least 1"),
        (LEAST + "connection: open", "f.yml:3: connection: 'open' is not one of its values"),
        (LEAST + "window: 61m", "f.yml:3: window: '61m' is out of bounds; use 500ms to 60m"),
        (LEAST + "users: 2.5", "f.yml:3: users: must be a whole number, not 2.5; write one, as 20"),
        (LEAST + "users: yes", "f.yml:3: users: must be a whole number, not 'yes'"),
        (LEAST + "trials: 5.5", "f.yml:3: trials: must be a whole number, not 5.5; write one, as"),
        (LEAST + "rate: abc", "f.yml:3: rate: must be a number, not 'abc'; write one, as 1000"),
        (LEAST + "rate: '500'", "f.yml:3: rate: '500' is text, not a number; write it without qu"),
        (LEAST + "models: [epol]", "f.yml:3: models[0]: no model 'epol'; did you mean 'epoll'?"),
        (LEAST + "models: epol", "f.yml:3: models: no model 'epol'; did you mean 'epoll'?"),
        (LEAST + "server: {backlog: [[1]]}", "f.yml:3: server.backlog[0]: must be text, not ['1']"),
        ("about: x\nrequests: [{}]", "f.yml:2: requests[0]: asks nothing"),
        ("about: x\nrequests: [{get: /, form: {a: 1}}]", "requests[0]: a GET has no form"),
        ("about: x\nrequests: [{get: '/a b'}]", "percent-encode it"),
        (
            LEAST + "models: epoll\nserver: {workers: 8}",
            "f.yml:4: server.workers: none of the scenario's models takes it; only pre",
        ),
        (LEAST + "server: {speed: 8}", "server.speed: no such setting; it is one of: backlog,"),
        ('about: x\nrequests: [{get: "/a\\r\\nX:y"}]', "percent-encode it"),
        ("about: x\nrequests: [{get: /, expect: {code: 1}}]", "requests[0].expect.code: unknown"),
    ],
)
def test_one_mistake(text: str, said: str) -> None:
    assert any(said in problem for problem in problems(text)), problems(text)


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        ("think: 1s\nrate: 5", "3: rate", "nobody thinks; leave out `think`, or `rate`"),
        ("find: {p50_ms: 5}\nthink: 1s", "2: find", "nobody thinks; leave out `think`, or `find`"),
        ("rate: 5\nfind: {p50_ms: 5}", "3: find", "seeks the rate itself; leave out `rate`"),
    ],
)
def test_keys_that_exclude_each_other_are_told_with_what_else_is_wrong(
    lines: str, key: str, said: str
) -> None:
    first, second = problems(f"about: x\n{lines}\nrequests: []\n")
    assert first.startswith(f"f.yml:{key}: ")
    assert first.endswith(said)
    assert second == "f.yml:4: requests: is empty; name at least 1"


@pytest.mark.parametrize(
    ("lines", "key", "remedy"),
    [
        ("", "block", "name a `rate`"),
        ("find: {p50_ms: 5}\n", "block", "name a `rate`"),
        ("rate: 5\narrivals: constant\n", "block", "leave out `arrivals`"),
        ("rate: 5\npath: published\n", "block", "leave out `path`"),
        ("rate: 5\nreceive: guest\n", "receive", "write `receive: sender`"),
    ],
)
def test_what_does_not_go_with_a_block_together(lines: str, key: str, remedy: str) -> None:
    [told] = problems(f"{LEAST}{lines}block: together\n")
    assert f": {key}: " in told
    assert remedy in told


@pytest.mark.parametrize(
    "kind", ["missing", "folder", "latin-1", "huge", "nul", "pipe", "long", "steering"]
)
def test_files_that_cannot_be_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "s.yml"
    if kind == "folder":
        path.mkdir()
    elif kind == "latin-1":
        path.write_bytes(b"about: x\ncaf\xe9: 1\n")
    elif kind == "huge":
        path.write_bytes(b"#" * 300_000)
    elif kind == "nul":
        path = tmp_path / "s\0.yml"
    elif kind == "pipe":
        os.mkfifo(path)  # would never end
    elif kind == "long":
        path = tmp_path / ("s" * 300)
    elif kind == "steering":
        path = tmp_path / "\x1b[31m.yml"
        path.write_text(LEAST)
    with pytest.raises(ScenarioError) as caught:
        scenario_reader.load(path)
    assert str(caught.value).isprintable()
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    assert problem.remedy


NO_NUMBERS = ["010", "007", "-010", "00.5", "1_000", "0x1F", "0b11", "0o17", "1:30", "1e3", "1.5e3"]


@pytest.mark.parametrize("key", ["users", "rate", "trials"])
@pytest.mark.parametrize("number", NO_NUMBERS)
def test_numbers_that_yaml_reads_in_its_own_way_are_refused(key: str, number: str) -> None:
    [told] = problems(f"{LEAST}{key}: {number}")
    assert f"{key}: {number!r} is not the same number to YAML and to people; write it in" in told


@pytest.mark.parametrize("number", [".inf", ".nan", "", "~", "yes", "--5", "5,000", "²", "٣"])
def test_what_is_no_number_is_refused(number: str) -> None:
    assert "must be a whole number" in problems(f"{LEAST}users: {number}")[0]


@pytest.mark.parametrize("word", ["yes", "No", "on", "OFF", "true", "False"])
def test_a_switch_is_no_text_without_quotes(word: str) -> None:
    [told] = problems(f"about: x\nrequests: [{{post: /, form: {{a: {word}}}}}]")
    assert told == (
        f"f.yml:2: requests[0].form.a: {word!r} without quotes is no text in YAML; write '{word}'"
    )


@pytest.mark.parametrize("word", ["yes", "true", "False"])
def test_a_switch_of_a_server_is_on_or_off(word: str) -> None:
    [told] = problems(f"{LEAST}server: {{backlog: {word}}}")
    assert told.endswith(f"server.backlog: {word!r} is no setting; write on or off")


@pytest.mark.parametrize("place", ["form: {a: %s}", "form: {%s: a}"])
def test_what_cannot_be_sent_is_refused(place: str) -> None:
    for text in ('"\\uD800"', '"a\\uDFFFb"', '"\\uD83D\\uDE00"'):
        told = problems(f"about: x\nrequests: [{{post: /, {place % text}}}]")
        assert any("holds U+D" in each for each in told), told


@given(st.characters(min_codepoint=0x80), st.sampled_from(["get: '/%s'", "headers: {x: '%s'}"]))
def test_what_no_head_may_hold_is_refused(character: str, place: str) -> None:
    rest = "" if "get" in place else "get: /, "
    assert refused(f"about: x\nrequests: [{{{rest}{place % character}}}]")


STEERING = [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u2028\u202e\u2066\ud800"]


@pytest.mark.parametrize(
    "text", ["about: %s\nrequests: [{get: /}]", "%s: 1", LEAST + "models: %s", "a: {%s: 1}", "[%s"]
)
@pytest.mark.parametrize("character", STEERING)
def test_nothing_steers_the_terminal(text: str, character: str) -> None:
    """Neither is it taken, nor does the message hold what it refuses; raw or escaped in YAML."""
    for written in (character, f'"x\\U{ord(character):08x}y"'):
        if "%s" in text[:3] and written.isspace():
            continue  # space around a key
        for problem in map(str, refused(text % written)):
            assert problem.isprintable(), problem
    assert refused(text % f'"x\\U{ord(character):08x}y"')


def test_a_text_of_a_form_may_have_lines() -> None:
    asked = parse('about: x\nrequests: [{post: /, form: {a: "one\\n\\ttwo"}}]').requests[0]
    assert asked.body == b"a=one%0A%09two"


def refused(text: str) -> tuple[Problem, ...]:
    """What is wrong with it, nothing where it is taken; any other exception is a bug."""
    try:
        parse(text, "f", MODELS)
    except ScenarioError as error:
        return error.problems
    return ()


@given(st.text(max_size=300))
def test_any_text_is_taken_or_refused_in_words(text: str) -> None:
    assert all(problem.remedy for problem in refused(text))


PIECES = [
    "a",
    "1",
    " ",
    "\n",
    "\n  ",
    "\n- ",
    ": ",
    "- ",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    "#",
    "|",
]
PIECES += ["\\", '"\\x1b"', '"\\U55555555"', "!!int ", "!x ", "!<", "&a ", "*a", "<<: ", "? ", "> "]
PIECES += ["---\n", "...\n", "%YAML 1.1\n", "%TAG ! x\n", "\ufeff", "\x00", "\ud800", "\t", "\x85"]
PIECES += ["about: ", "users: ", "requests: [{get: /}]\n", "{post: /, form: {", "0x", "=", "~", "@"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_yaml_is_taken_or_refused_in_words(text: str) -> None:
    for problem in refused(text):
        assert problem.remedy
        assert unfit(str(problem), lines=False) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused_in_words(tmp_path_factory: Any, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "s.yml"
    path.write_bytes(data)
    with suppress(ScenarioError):
        scenario_reader.load(path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from([f.alias or n for n, f in Scenario.model_fields.items()]), VALUES
    )
)
def test_any_value_of_any_key_is_taken_or_refused_in_words(data: dict[str, object]) -> None:
    assert all(problem.remedy for problem in refused(yaml.safe_dump(data, allow_unicode=True)))
