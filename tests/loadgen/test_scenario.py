"""Scenario files: what is taken, and what it means."""

from __future__ import annotations

from loadgen import scenario
from loadgen.scenario import parse

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
    assert said.server == {"backlog": "128", "max_connections": "1.5", "reuseaddr": "off"}
    assert said.requests[1].body == b"name=A+%26+B&n=1"
    assert said.requests[1].name == "POST /p"


def test_names_are_unchecked_where_nobody_knows_them() -> None:
    assert parse(LEAST + "models: [nginx]\nserver: {anything: 1}\n").models == ("nginx",)


def test_digest_is_the_texts_sha256() -> None:
    assert scenario.digest("") == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
