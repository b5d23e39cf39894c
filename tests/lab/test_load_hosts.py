"""`HOSTS=` and `ADDRESS=`: what is taken, and what is told of what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.plan import load_hosts
from lab.plan.load_hosts import AskedHost, read, too_many, written

NAMES = st.sampled_from(
    (
        *("default", "b", "rack-2.example", "ssh://me@b", "ssh://b:22"),
        *("tcp://192.0.2.7:2376", "unix:///run/other.sock"),
    )
)


@pytest.mark.parametrize(
    ("text", "name", "workers"),
    [
        ("b", "b", None),
        ("b:4", "b", 4),
        ("default:1", "default", 1),
        ("ssh://me@b", "ssh://me@b", None),
        ("ssh://me@b:22", "ssh://me@b:22", None),
        ("ssh://me@b:22:4", "ssh://me@b:22", 4),
        ("tcp://192.0.2.7:2376", "tcp://192.0.2.7:2376", None),
        ("unix:///run/h2/docker.sock", "unix:///run/h2/docker.sock", None),
        ("unix:///run/h2/docker.sock:3", "unix:///run/h2/docker.sock", 3),
    ],
)
def test_a_host_and_its_workers(text: str, name: str, workers: int | None) -> None:
    mistakes: list[str] = []
    assert read(text, mistakes) == (AskedHost(name, workers),)
    assert mistakes == []


@given(st.lists(st.tuples(NAMES, st.none() | st.integers(1, 256)), unique_by=lambda t: t[0]))
def test_what_was_written_is_read_again(hosts: list[tuple[str, int | None]]) -> None:
    """Of ssh://me@b a number alone would be the port."""
    asked = tuple(
        AskedHost(name, None if name == "ssh://me@b" else workers) for name, workers in hosts
    )
    mistakes: list[str] = []
    assert read(written(asked), mistakes) == asked
    assert mistakes == []


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_host_or_told(text: str) -> None:
    mistakes: list[str] = []
    found = read(text, mistakes)
    assert bool(found) or bool(mistakes) or not text.replace(",", " ").split()
    assert all(each.name[0] != "-" for each in found)  # nothing that ssh would take for an option


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("http://b", "HOSTS: 'http://b' is neither a Docker context nor ssh://, tcp:// or unix://"),
        ("ssh://-oProxyCommand=x", "HOSTS: 'ssh://-oProxyCommand=x' is neither"),
        ("b:0", "HOSTS: b: workers: '0' is no whole number"),
        ("b:", "HOSTS: b: workers: 'none' is no whole number"),
        ("b:2,b:4", "HOSTS: b is named twice"),
    ],
)
def test_what_is_no_host_is_told(text: str, mistake: str) -> None:
    mistakes: list[str] = []
    read(text, mistakes)
    [told] = mistakes
    assert told.startswith(mistake)


@pytest.mark.parametrize("text", ["127.0.0.1", "0.0.0.0", "224.0.0.1", "b", "1.2.3", "::1"])
def test_an_address_that_nobody_else_reaches_is_told(text: str) -> None:
    mistakes: list[str] = []
    load_hosts.address(text, mistakes)
    assert len(mistakes) == 1
    assert mistakes[0].startswith("ADDRESS: ")


def test_each_worker_has_a_user() -> None:
    hosts = (AskedHost("a", 3), AskedHost("b"))
    assert too_many(hosts, [100, 4]) == []
    [told] = too_many(hosts, [100, 3])
    assert told == "USERS: 3 cannot be dealt out to 4 load workers: a user each at least"
    assert too_many((), [1]) == []
