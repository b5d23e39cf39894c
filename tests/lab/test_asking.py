"""Requests for a trace: as many as said, by their weights, and none that was answered wrongly."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lab.commands import asking
from lab.errors import LabError
from loadgen.formats import scenario_reader

SCENARIO = """\
about: a test
connection: {connection}
requests:
  - {{get: /a, weight: 3}}
  - {{post: /b, form: {{remark: hello}}, expect: {{status: 303}}}}
"""


class Site(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: Counter[str] = Counter()
        self.connections = 0
        self.bodies: set[bytes] = set()


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        self._answer(200 if self.path == "/a" else 404)

    def do_POST(self) -> None:
        self.server.bodies.add(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(303)

    def _answer(self, status: int) -> None:
        self.server.asked[self.path] += 1
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Site]:
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


@pytest.mark.parametrize(("connection", "connections"), [("keep-alive", 1), ("close", 40)])
def test_it_asks_as_the_scenario_has_it(connection: str, connections: int) -> None:
    with serving() as site:
        asking.ask(
            scenario_reader.parse(SCENARIO.format(connection=connection)), site.server_port, 40
        )
    assert site.asked.total() == 40
    assert site.asked["/a"] > site.asked["/b"] > 0
    assert site.bodies == {b"remark=hello"}
    assert site.connections == connections


def test_an_answer_that_is_not_expected_ends_it() -> None:
    wrong = scenario_reader.parse("about: x\nrequests: [{get: /none}]\n")
    with serving() as site, pytest.raises(LabError, match="GET /none: answers 404, expected 200"):
        asking.ask(wrong, site.server_port, 5)


def test_no_server_is_one_error_with_a_remedy() -> None:
    with serving() as site:
        port = site.server_port
    with pytest.raises(LabError, match="did not answer") as told:
        asking.ask(scenario_reader.parse("about: x\nrequests: [{get: /}]\n"), port, 1)
    assert told.value.remedy
