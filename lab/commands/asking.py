"""A few requests of a scenario, one after the other, by one client: for traces, not for times."""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from lab.errors import LabError
from loadgen.formats.request import Request
from loadgen.formats.scenario import Scenario

PATIENCE_S = 30.0  # a traced server is slow
SEED = 1
HEALTH = "/health"
SLOW, FAST = "/sleep/400", "/615b.html"  # of two users
SECOND_COMES_S = 0.15
SETTLED_S = 0.15


def ask(scenario: Scenario, port: int, count: int) -> None:
    """`count` requests, drawn by their weights, as the scenario's connection has it.

    LabError where an answer has another status than the scenario expects, or there is none.
    """
    chance = random.Random(SEED)  # noqa: S311 - a sequence, not a secret
    weights = [request.weight for request in scenario.requests]
    drawn: Sequence[Request] = chance.choices(scenario.requests, weights, k=count)
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        for request in drawn:
            _once(client, request, scenario.connection)
    except (OSError, http.client.HTTPException) as error:
        raise _silent(error) from error
    finally:
        client.close()


def mark(port: int, path: str) -> None:
    """A request that can be found in the trace, once what came before it has settled."""
    time.sleep(SETTLED_S)
    _get(port, path)
    time.sleep(SETTLED_S)


def one_user(port: int) -> None:
    """On a fresh connection."""
    _get(port, FAST)


def two_users(port: int) -> None:
    """The second comes, on a fresh connection, while the first waits for a slow answer."""
    with ThreadPoolExecutor(1) as aside:
        first = aside.submit(_get, port, SLOW)
        time.sleep(SECOND_COMES_S)
        _get(port, FAST)
        first.result()


def _get(port: int, path: str) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        client.request("GET", path, headers={"Connection": "close"})
        client.getresponse().read()
    except (OSError, http.client.HTTPException) as error:
        raise _silent(error) from error
    finally:
        client.close()


def _silent(error: Exception) -> LabError:
    return LabError(
        f"the server did not answer: {error!r}",
        "run it alone and follow its log: make serve MODEL=..., make logs",
    )


def _once(client: http.client.HTTPConnection, request: Request, connection: str) -> None:
    fields = {**request.headers, "Connection": connection}
    if request.body:
        fields["Content-Type"] = "application/x-www-form-urlencoded"
    client.request(request.method, request.target, request.body or None, fields)
    answer = client.getresponse()
    answer.read()
    if connection == "close":
        client.close()  # the next request opens it again
    if answer.status != request.expect.status:
        raise LabError(
            f"{request.method} {request.target}: answers {answer.status},"
            f" expected {request.expect.status}",
            "choose a scenario that this server can answer",
        )
