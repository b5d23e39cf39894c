"""The settings of one server: its model's knobs, as given and parsed.

A knob is given by flag (`--idle-timeout 5s`) or by environment (`SERVER_IDLE_TIMEOUT=5s`); the flag
wins. One that no model knows, or that this model has no use for, is an error that names those it
takes: a knob that does nothing would make two different experiments look alike.
"""

from __future__ import annotations

from servers.http1 import Limits
from servers.runtime.knobs import knobs_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENVIRONMENT_PREFIX = "SERVER_"


class SettingError(Exception):
    """What is wrong with the settings, one line each, with the remedy."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class Settings:
    """The knobs of one server, parsed. Durations are in seconds, sizes in bytes."""

    model: str
    port: int
    bind: str
    backlog: int
    reuseaddr: bool
    keepalive: bool
    idle_timeout: float
    header_timeout: float
    grace: float
    transfer: str
    request_line_limit: int
    field_limit: int
    head_limit: int
    body_limit: int
    redis: tuple[str, int]
    sigint: str
    workers: int
    accept_mutex: bool
    accept_wait: str
    reuseport: bool = False  # every listener asks, whichever model it is for
    reap: str
    max_children: int
    max_threads: int
    max_connections: int
    trigger: str

    def __init__(self, model: str, given: Mapping[str, str]) -> None:
        """Knobs that are not given keep their default. Raises SettingError naming every mistake."""
        taken = knobs_of(model)
        mistakes = [
            f"{model} takes no setting {name!r}; it takes {', '.join(taken)}"
            for name in given
            if name not in taken
        ]
        for name, knob in taken.items():
            try:
                setattr(self, name, knob.parse(given.get(name, knob.default)))
            except ValueError as wanted:
                mistakes.append(f"{name}: {given[name]!r} is not {wanted}")
        if mistakes:
            raise SettingError(mistakes)
        self.model = model
        self.limits = Limits(
            request_line=self.request_line_limit,
            fields=self.field_limit,
            head=self.head_limit,
            body=self.body_limit,
        )


def from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The knobs that the environment sets, by name, as typed."""
    start = len(ENVIRONMENT_PREFIX)
    return {
        name[start:].lower(): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }
