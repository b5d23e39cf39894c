"""The keys of a service of one's own Compose file: which are taken, and what is made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lab.plan.foreign_values import ForeignFile, filled, on_the_host, passed_on

PORTS = [port for port in range(8001, 8100) if port != 8089]  # of vmhost; 8089 is Locust's page
LISTENS_ON = 8000  # where the file does not say
TAKEN = {
    *("image", "build", "command", "entrypoint", "environment", "env_file", "working_dir", "user"),
    *("volumes", "tmpfs", "init", "stop_signal", "stop_grace_period", "read_only", "cap_add"),
    *("mem_limit", "pids_limit", "ulimits", "sysctls", "shm_size", "labels", "ports", "expose"),
}
MAPPINGS = ("environment", "labels", "sysctls")
WHY_NOT = {
    "restart": "a server that ends is a result",
    "container_name": "the lab starts a fresh container for each trial",
    "depends_on": "the lab starts a server alone; Redis is there under the name `redis`",
    "healthcheck": "a probe would be load; the lab itself asks for /health",
    "networks": "the lab has one for its servers",
    "network_mode": "the lab has a network for its servers",
    "cpuset": "the lab chooses the server's CPU",
    **dict.fromkeys(
        ("cpus", "cpu_quota", "cpu_period", "cpu_shares", "deploy"),
        "a quota would be what is measured; the lab gives the server a CPU of its own",
    ),
}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_CONTAINER_PORT = re.compile(r"(?:.*:)?(?P<port>\d{1,5})(?:/tcp)?")


def mapping(written: object) -> dict[str, Any]:
    """Both forms that Compose takes: a mapping, or a list of `name=value`. None: no value."""
    if isinstance(written, Mapping):
        return {str(key): value for key, value in written.items()}
    if isinstance(written, list):
        parts = (str(each).partition("=") for each in written)
        return {key: value if equals else None for key, equals, value in parts}
    raise ValueError(f"{written!r} is neither a mapping nor a list of name=value")


def taken(
    service: str, body: Mapping[str, Any], defaults: Mapping[str, Any], file: ForeignFile
) -> dict[str, Any]:
    """The service as the lab runs it, but for its published port; `listens_on` is the server's."""
    at = f"services.{service}"
    for key in body:
        if key not in TAKEN:
            reason = WHY_NOT.get(str(key), "the lab does not take it")
            file.mistake(f"{at}.{key}", f"leave it out: {reason}")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", service):
        file.mistake(at, "a service's name has letters, digits, dots, `-` and `_`")
    if not body.get("image") and not body.get("build"):
        file.mistake(at, "needs an `image`, or a `build` that makes one")
    found = {
        key: filled(f"{at}.{key}", mapping(value) if key in MAPPINGS else value, file)
        for key, value in body.items()
        if value is not None
    }
    if "environment" in found:
        found["environment"] = passed_on(found["environment"], file)
    named = _named(service, found["labels"], at, file)
    listens_on = _listens_on(found, at, file)
    result = {
        **defaults,
        **{key: found[key] for key in TAKEN - {"ports", "expose"} if key in found},
    }
    result |= {
        "init": found.get("init", True),  # a server that heeds no SIGTERM ends all the same
        "cpuset": "${SERVER_CPUS:-}",
        "networks": ["guests"],
        "labels": named,
        "listens_on": listens_on,
        **dict(on_the_host(found, at, file)),
    }
    if "tmpfs" not in found:
        result["tmpfs"] = ["/tmp:size=64m,mode=1777"]  # noqa: S108 - inside the container
    if "build" in result:
        result.setdefault("image", f"serverlab-with-{service.lower()}")
    return result


def _named(service: str, written: Mapping[str, Any], at: str, file: ForeignFile) -> dict[str, str]:
    """The labels, with the lab's own. A label without a value names the server as the service."""
    written = {key: "" if value is None else str(value) for key, value in written.items()}
    name = written["lab.reference"] or service
    if not _NAME.fullmatch(name):
        file.mistake(
            f"{at}.labels.lab.reference",
            f"{name!r} is no name: small letters, digits, `-` and `_`, 40 at most",
        )
    port = written.get("lab.port")
    named = {**written, "lab.project": "serverlab", "lab.reference": name}
    if port is not None and not (port.isascii() and port.isdigit() and int(port[:6]) in PORTS):
        file.mistake(
            f"{at}.labels.lab.port",
            f"{port!r} is no port from {PORTS[0]} to {PORTS[-1]} but 8089: leave it out",
        )
        del named["lab.port"]
    return named


def _listens_on(found: Mapping[str, Any], at: str, file: ForeignFile) -> int:
    """The port inside the container: of `ports`, or of `expose`."""
    for key in ("ports", "expose"):
        for written in found.get(key) or ():
            said = written.get("target") if isinstance(written, dict) else written
            match = _CONTAINER_PORT.fullmatch(str(said))
            if match and 1 <= int(match["port"]) <= 65535:
                return int(match["port"])
            file.mistake(f"{at}.{key}", f"{said!r} is no port that the server listens on, as 3000")
    return LISTENS_ON
