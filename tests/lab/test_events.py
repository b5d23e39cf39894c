"""The load's events: known ones become types, the log is let pass, nonsense fails the trial."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.records import events
from lab.records.events import Event, parse_event
from loadgen.engine.mix import Ask, asks
from loadgen.engine.prober import Answer, ProbeError
from loadgen.engine.verification import MismatchError, verify
from loadgen.formats.scenario_reader import parse
from loadgen.locust.announce import announce

SCENARIO = "about: x\nrequests: [{get: /a}, {get: /b, expect: {bytes: 5}}]\nusers: 1\n"


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ('{"event":"waiting"}', events.Waiting()),
        ('{"event":"ready","probes":3}', events.Ready(3)),
        ('{"event":"ramp","established":1,"requested":20}\n', events.Ramp(1, 20)),
        (
            '{"event":"window","warms_at_s":1.5,"opens_at_s":2,"closes_at_s":12.0}',
            events.Window(1.5, 2, 12.0),
        ),
        ('{"event":"tick","good_per_s":10.5,"failed_per_s":0}', events.Tick(10.5, 0)),
        ('{"event":"done","more":"to come"}', events.Done()),
        ('{"event":"failed","reason":"no"}', events.Failed("no")),
        ('{"event":"unwritten","reason":"full"}', events.Unwritten("full")),
    ],
)
def test_known_events(line: str, event: Event) -> None:
    assert parse_event(line) == event


@pytest.mark.parametrize(
    "line", ["", "INFO starting", "[1]", "17", '{"event":"later"}', '{"event":["done"]}', "{}"]
)
def test_other_lines_are_let_pass(line: str) -> None:
    assert parse_event(line) is None


@pytest.mark.parametrize(
    "line",
    [
        '{"event":"ready"}',
        '{"event":"ready","probes":"3"}',
        '{"event":"ready","probes":true}',
        '{"event":"window","warms_at_s":1,"opens_at_s":2}',
        '{"event":"tick","good_per_s":null,"failed_per_s":0}',
        '{"event":"mismatch"}',
        '{"event":"mismatch","answers":7}',
        '{"event":"mismatch","answers":[{"request":"GET /","part":"status","expected":200}]}',
    ],
)
def test_an_event_with_wrong_fields_fails_the_trial(line: str) -> None:
    event = parse_event(line)
    assert isinstance(event, events.Failed)
    assert line in event.reason


@given(st.text())
def test_no_line_breaks_the_reader(line: str) -> None:
    parse_event(line)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(events.KINDS)), st.dictionaries(st.text(max_size=12), json_values))
def test_no_fields_break_the_reader(kind: str, fields: dict[str, object]) -> None:
    assert parse_event(json.dumps({**fields, "event": kind})) is not None


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([Answer(404, b""), Answer(200, b"hello")], "GET /a: answers 404, expected 200"),
        ([Answer(200, b""), Answer(200, b"hell")], "GET /b: 4 bytes, expected 5"),
        ([Answer(404, b""), TimeoutError()], None),  # a server that does not answer is ill
        ([TimeoutError(), Answer(200, b"hello")], None),
    ],
)
def test_what_the_load_found_answered_otherwise_arrives_as_fields(
    answers: list[Answer | Exception], told: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    def inquire(ask: Ask) -> Answer:
        answer = answers[ask.index]
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ProbeError) as found:
        verify(asks(parse(SCENARIO, "x").requests, "h", close=True), inquire)
    if told is None:
        assert not isinstance(found.value, MismatchError)
        return
    assert isinstance(found.value, MismatchError)
    announce("mismatch", answers=[asdict(each) for each in found.value.answers])
    event = parse_event(capsys.readouterr().out)
    assert isinstance(event, events.Mismatch)
    assert str(event) == f"the answers are not what the scenario expects: {told}"
