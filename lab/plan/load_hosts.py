"""`HOSTS=`: the hosts that the load comes from, as a person names them, with commas between.

Each is a Docker context by its name (`default` is this host), or the address of a Docker daemon:
ssh://me@b, tcp://b:2376, unix:///run/other.sock. `:4` behind it is the number of load workers
there. Behind ssh:// and tcp:// a port comes first: ssh://me@b:22:4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

from lab.plan.words import names, number
from lab.records.manifest import Manifest

MOST_WORKERS = 256  # of all hosts together, as the load takes them
HERE = "default"  # Docker's own name for the daemon of this host
_HOST = r"(?:[\w.-]+@)?[A-Za-z0-9_][\w.-]*"
_PATTERNS = (
    re.compile(rf"(?P<name>(?:ssh|tcp)://{_HOST}(?::[0-9]+)?)(?::(?P<workers>\w*))?"),
    re.compile(r"(?P<name>unix:///[^:]+)(?::(?P<workers>\w*))?"),
    re.compile(r"(?P<name>[A-Za-z0-9][\w.+-]*)(?::(?P<workers>\w*))?"),
)


@dataclass(frozen=True)
class AskedHost:
    """`name`: as it was typed. `workers` is None where nobody chose."""

    name: str
    workers: int | None = None


def read(text: str, mistakes: list[str]) -> tuple[AskedHost, ...]:
    """Adds to `mistakes` what is no host."""
    found: dict[str, AskedHost] = {}
    for word in names(text):
        matched = next((m for m in (each.fullmatch(word) for each in _PATTERNS) if m), None)
        if matched is None:
            mistakes.append(
                f"HOSTS: {word!r} is neither a Docker context nor ssh://, tcp:// or unix://"
            )
            continue
        name, counted = matched["name"], matched["workers"]
        workers = None
        if counted is not None:
            workers = number(f"HOSTS: {name}: workers", counted or "none", MOST_WORKERS, mistakes)
        if name in found:
            mistakes.append(f"HOSTS: {name} is named twice")
        found[name] = AskedHost(name, workers)
    return tuple(found.values())


def ran(manifest: Manifest) -> tuple[AskedHost, ...]:
    """Those of a run; every one has its number."""
    return tuple(AskedHost(each.name, each.workers) for each in manifest.load_hosts)


def written(hosts: Iterable[AskedHost]) -> str:
    """As `read` takes it."""
    return ",".join(each.name + (f":{each.workers}" if each.workers else "") for each in hosts)


def address(text: str, mistakes: list[str]) -> str | None:
    """One of this host, where load hosts reach it. Whether it is this host's, `bind` will tell."""
    if not text:
        return None
    try:
        found = IPv4Address(text)
    except AddressValueError:
        mistakes.append(f"ADDRESS: {text!r} is no IPv4 address, such as 192.0.2.1")
        return None
    if found.is_loopback or found.is_unspecified or found.is_multicast:
        mistakes.append(f"ADDRESS: no other host reaches {found}: ip -4 address shows yours")
    return str(found)


def too_many(hosts: Iterable[AskedHost], users: Iterable[int]) -> list[str]:
    """Where a worker would have no user. Of hosts that nobody chose a number for, one is known."""
    least, workers = min(users, default=1), sum(each.workers or 1 for each in hosts)
    if workers <= least:
        return []
    return [f"USERS: {least} cannot be dealt out to {workers} load workers: a user each at least"]
