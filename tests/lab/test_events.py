"""The load's events: known ones become types, the log is let pass, nonsense fails the trial."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab import events
from lab.events import Event, parse_event
from loadgen.inquiry import Answer, InquiryError
from loadgen.mix import Ask, asks
from loadgen.scenario import parse
from loadgen.verification import verify

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
    ("answers", "mismatch"),
    [
        ([Answer(404, b""), Answer(200, b"hello")], "GET /a: answers 404, expected 200"),
        ([Answer(200, b""), Answer(200, b"hell")], "GET /b: 4 bytes, expected 5"),
        ([Answer(404, b""), TimeoutError()], None),  # a server that does not answer is ill
        ([TimeoutError(), Answer(200, b"hello")], None),
    ],
)
def test_what_the_load_found_answered_otherwise_is_told_from_what_it_was_not_told(
    answers: list[Answer | Exception], mismatch: str | None
) -> None:
    def inquire(ask: Ask) -> Answer:
        answer = answers[ask.index]
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(InquiryError) as told:
        verify(asks(parse(SCENARIO, "x").requests, "h", close=True), inquire)
    assert events.Failed(str(told.value)).mismatch == mismatch


def test_other_reasons_of_the_load_are_no_mismatch() -> None:
    assert events.Failed("the server at h was not ready within 5 s").mismatch is None
