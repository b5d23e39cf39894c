"""Locust's own page over the lab's load; and Locust's statistics, which it shows."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import docker
import pytest

from lab.containers.cleanup import LABEL
from tests.e2e.conftest import RESULTS, ROOT, Lab

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
Start = Callable[..., Lab]
WITHIN_S = 30


def ask(url: str, form: str | None = None) -> str:
    with urllib.request.urlopen(url, form.encode() if form else None, timeout=10) as answer:
        return str(answer.read().decode())


def stats(url: str, met: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What the page shows, as soon as it is as it should be."""
    deadline_s = time.monotonic() + WITHIN_S
    while True:
        found: dict[str, Any] = json.loads(ask(f"{url}stats/requests"))
        if met(found):
            return found
        assert time.monotonic() < deadline_s, found
        time.sleep(0.2)


def page(running: Lab) -> str:
    """Where it is, once it is there."""
    assert running.process.stdout is not None
    said = ""
    while "Ctrl-C ends it" not in said:
        said = running.process.stdout.readline()
        assert said, "the lab ended"
    [url] = re.findall(r"http://127\.0\.0\.1:\d+/", said)
    return str(url)


@pytest.mark.parametrize("rate", ["", "300"])
def test_people_start_stop_and_start_again_on_locusts_page(lab: Start, rate: str) -> None:
    running = lab("ui", "--model", "epoll", "--rate", rate)
    url = page(running)
    shown = ask(url)
    assert "Locust" in shown
    assert 'a[href*="aka.ms"]:has(img) { display: none }' in shown, "somebody's advertisement"
    for users in (20, 5):
        assert '"success": true' in ask(f"{url}swarm", f"user_count={users}&spawn_rate={users}")
        found = stats(url, lambda shown: shown["total_rps"] > 0)
        assert found["fail_ratio"] == 0, found
        stats(url, lambda shown, users=users: shown["user_count"] == users)  # type: ignore[misc]
        assert "stopped" in ask(f"{url}stop", "now=1").lower()
        stats(url, lambda shown: shown["user_count"] == 0 and shown["state"] == "stopped")
    running.press()
    assert running.end(within_s=30)[0] == 130
    assert list(RESULTS.glob(".ui-*")) == []
    with pytest.raises(urllib.error.URLError):
        ask(url)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--model", "epol"), "did you mean 'epoll'?"),
        (("--model", "epoll,poll"), "MODEL: the page is of one"),
        (("--rate", "10,20"), "RATE: the load has one"),
        (("--scenario", "find-limit"), "take one without `find`"),
    ],
)
def test_wrong_words_are_told_before_anything_starts(
    lab: Start, words: tuple[str, ...], told: str
) -> None:
    status, said = lab("ui", *words, DOCKER_HOST="tcp://127.0.0.1:1").end()
    assert status == 2, said
    assert told in said


def test_locusts_statistics_are_right_where_locust_is(client: docker.DockerClient) -> None:
    """tests/loadgen/test_locust_stats.py, in the image: Locust brings pytest with it."""
    key, _, value = LABEL.partition("=")
    words = "-m pytest -q --noconftest -p no:cacheprovider tests/loadgen/test_locust_stats.py"
    said = client.containers.run(
        "serverlab-loadgen",
        words.split(),
        entrypoint=["/opt/load/bin/python", "-B"],
        volumes={str(ROOT / "tests"): {"bind": "/srv/lab/tests", "mode": "ro"}},
        network_mode="none",
        labels={key: value},
        remove=True,
    ).decode()
    assert re.search(r"[1-9]\d* passed", said), said
    assert "skipped" not in said
