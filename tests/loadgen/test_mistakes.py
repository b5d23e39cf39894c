"""Mistakes in scenario files: all told at once, each with file, line, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from loadgen import scenario
from loadgen.scenario import Problem, Scenario, ScenarioError, parse

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
        "f.yml:5: window: 10 is no duration; write it as 500ms, 10s or 2m",
        "f.yml:6: timeout: '5h' is no duration; write it as 500ms, 10s or 2m",
        "f.yml:8: server.wrkers: no such setting; did you mean 'workers'?",
        "f.yml:10: models[0]: no model 'prethreded'; did you mean 'prethreaded'?",
        "f.yml:12: requests[0].get: must begin with /; write it as '/x'",
        "f.yml:12: requests[0].weight: 0 is too small; use 1 or more",
        "f.yml:13: requests[1]: asks twice; give either `get:` or `post:`, once",
        "f.yml:14: requests[2].from: unknown key; did you mean 'form'?",
        "f.yml:15: requests[3]: must be a mapping, not 17; write it as `name: value` lines",
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
        ("a: &a [1]\nb: *a", "f.yml:2: aliases (*name) are not taken here"),
        ("a: &a [*a]", "aliases (*name) are not taken here"),
        ("[" * 5000, "is nested too deeply"),
        ("about: x\x00", "unacceptable character #x0000"),
        ("about: !!python/object:os.system x", "could not determine a constructor"),
        (LEAST + "users: " + "9" * 5000, "f.yml:3: bad value: Exceeds the limit"),
        (LEAST + "users: 2026-99-99", "f.yml:3: bad value: month must be"),
        ("{[a]: 1}", "f.yml:1: a key must be a name"),
        ("a: 1\n---\nb: 1", "f.yml:2: expected a single document"),
        ("a: " + "x" * 300_000, "f.yml: is too large; 256 kB are allowed"),
        ("about: x", "f.yml:1: requests: is missing; add it"),
        ("about: x\nrequests: []", "f.yml:2: requests: is empty; name at least 1"),
        (LEAST + "connection: open", "f.yml:3: connection: 'open' is not one of its values"),
        (LEAST + "window: 61m", "f.yml:3: window: '61m' is out of bounds; use 500ms to 60m"),
        (LEAST + "users: 2.5", "f.yml:3: users: must be a whole number, not 2.5; write one, as 20"),
        (LEAST + "users: yes", "f.yml:3: users: must be a whole number, not True"),
        (LEAST + "trials: 5.5", "f.yml:3: trials: must be a whole number, not 5.5; write one, as"),
        (LEAST + "rate: abc", "f.yml:3: rate: must be a number, not 'abc'; write one, as 1000"),
        (LEAST + "rate: '500'", "f.yml:3: rate: '500' is text, not a number; write it without qu"),
        (LEAST + "models: [epol]", "f.yml:3: models[0]: no model 'epol'; did you mean 'epoll'?"),
        (LEAST + "models: epol", "f.yml:3: models: no model 'epol'; did you mean 'epoll'?"),
        (LEAST + "server: {backlog: [1]}", "f.yml:3: server.backlog: must be text, not [1]"),
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


@pytest.mark.parametrize("kind", ["missing", "folder", "latin-1", "huge", "nul"])
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
    with pytest.raises(ScenarioError) as caught:
        scenario.load(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    assert problem.remedy


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
