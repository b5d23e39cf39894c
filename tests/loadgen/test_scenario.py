"""Scenario files: what is taken, and what it means."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loadgen.formats import scenario_reader
from loadgen.formats.scenario_reader import parse

LEAST = "about: x\nrequests: [{get: /}]\n"


def test_defaults() -> None:
    least = parse(LEAST)
    assert (least.connection, least.users, least.path) == ("close", (20,), "forwarded")
    assert (least.warmup_s, least.window_s, least.timeout_s, least.trials) == (2, 10, 10, 5)
    assert (least.models, least.server) == ((), {})
    request = least.requests[0]
    assert (request.name, request.weight, request.expect.status) == ("GET /", 1, 200)
    assert request.expect.bytes is None


def test_everything_said() -> None:
    said = parse(
        """
about: all of it
connection: keep-alive
users: [1, 15000]
warmup: 0s
window: 1.5m
timeout: 250ms
trials: 3
models: epoll
path: direct
server: {backlog: 128, max_connections: 1.5, reuseaddr: off}
requests:
  - {get: "/a?b=c%20d", weight: 9, expect: {status: 404, bytes: 0}}
  - {post: /p, form: {name: "A & B", n: 1}, expect: {status: 303}}
"""
    )
    assert (said.users, said.models) == ((1, 15000), ("epoll",))
    assert (said.warmup_s, said.window_s, said.timeout_s) == (0, 90, 0.25)
    assert said.server == {"backlog": ("128",), "max_connections": ("1.5",), "reuseaddr": ("off",)}
    assert said.requests[1].body == b"name=A+%26+B&n=1"
    assert said.requests[1].name == "POST /p"


def test_names_are_unchecked_where_nobody_knows_them() -> None:
    assert parse(LEAST + "models: [nginx]\nserver: {anything: 1}\n").models == ("nginx",)


def test_digest_is_the_texts_sha256() -> None:
    assert scenario_reader.digest("") == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize(
    "text",
    ["02142", "1.10", "1_000", "0x1F", "1:30", "2026-01-01", "1e3", ".inf", "010", "=", "a b"],
)
def test_text_is_sent_as_it_is_written(text: str) -> None:
    request = parse(
        f"about: {text}\nrequests: [{{post: /, form: {{v: {text}}}, headers: {{x: {text}}}}}]"
    ).requests[0]
    assert parse_qs(request.body.decode()) == {"v": [text]}
    assert f"\r\nx: {text}\r\n".encode() in request.wire("test", close=True)


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1))
def test_quoted_text_is_sent_as_it_is_written(text: str) -> None:
    assume(not re.search("[\u2028-\u202e\u2066-\u2069]", text))
    written = json.dumps(text, ensure_ascii=False)
    [request] = parse(f"about: x\nrequests: [{{post: /, form: {{v: {written}}}}}]").requests
    assert parse_qs(request.body.decode(), keep_blank_values=True) == {"v": [text]}


@given(st.integers(1, 15_000), st.decimals("0.1", 1_000_000, places=3))
def test_a_number_is_what_it_looks_like(users: int, rate: Decimal) -> None:
    said = parse(f"{LEAST}users: {users}\nrate: [{rate:f}]\n")
    assert (said.users, said.rate) == ((users,), (float(rate),))


def test_settings_go_to_the_server_as_they_are_written() -> None:
    said = parse(
        LEAST + 'server: {keepalive: on, accept_mutex: ["off", on], backlog: 0128, x: 1.10}'
    )
    assert said.server == {
        "keepalive": ("on",),
        "accept_mutex": ("off", "on"),
        "backlog": ("0128",),
        "x": ("1.10",),
    }
