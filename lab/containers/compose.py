"""Runs Compose: `docker compose`, or `docker-compose` where only that exists.

Compose starts what `docker-compose.yml` declares, and does nothing else for the lab: building is
`images.py`, removing is `cleanup.py`. One call costs 0.5 s with version 2 and 1 s with 1.29, most
of it start-up, so services that start together share a call.

Every variable of the file is set in each call, to what the lab gives or to the file's own default.
Of the caller's environment only PORT_* and GUEST_MEMORY count, which belong to the host: a stray
SERVER_WORKERS or a `.env` file would change what is measured without a trace in any record.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from lab.containers.compose_errors import ComposeError, why
from lab.plan.topology import FILE, Topology

OF_THE_HOST = ("PORT_", "GUEST_MEMORY")
PATIENCE_S = 120
BUILD_S = 3600  # for an image of somebody else's


@cache
def command() -> tuple[str, ...]:
    """The Compose of this host. Raises ComposeError where there is none."""
    for words in (("docker", "compose"), ("docker-compose",)):
        if shutil.which(words[0]) and _run([*words, "version"], {}).returncode == 0:
            return words
    raise ComposeError(
        "there is no Compose: neither `docker compose` nor `docker-compose` runs",
        "install one: apt-get install docker-compose (or docker-compose-plugin)",
    )


def version() -> str:
    """Such as 2.26.1 or 1.29.2."""
    return _run([*command(), "version", "--short"], {}).stdout.strip()


@dataclass(frozen=True)
class Compose:
    """One project of the file in `root`."""

    root: Path
    project: str
    topology: Topology
    environment: Mapping[str, str]  # the caller's, which PATH and DOCKER_HOST are taken from

    def up(
        self,
        services: Sequence[str],
        variables: Mapping[str, str] | None = None,
        scale: Mapping[str, int] | None = None,
    ) -> None:
        """Start fresh containers of exactly these services; they run, which is not yet ready.

        An interruption lets Compose finish first: what it has asked of the daemon would
        otherwise appear after everything was cleared away. Raises ComposeError.
        """
        unknown = set(variables or {}) - set(self.topology.variables)
        assert not unknown, f"{FILE} has no variable {unknown}"
        words = ["up", "--detach", "--no-build", "--no-deps", "--force-recreate"]
        for service, count in (scale or {}).items():
            words += ["--scale", f"{service}={count}"]
        self._call([*words, *services], variables or {})

    def run(self, service: str, variables: Mapping[str, str], *, terminal: bool) -> int:
        """One container of the service for the person at this terminal; its exit status."""
        words = ["run", "--rm", "--no-deps", *([] if terminal else ["-T"]), service]
        with self._head() as head:
            return subprocess.run(  # noqa: S603 - words of this file and of the topology
                [*head, *words], env=self._environment(variables), check=False
            ).returncode

    def build(self, services: Sequence[str]) -> None:
        """The images of a server of one's own, by its own Dockerfile. Raises ComposeError."""
        self._call(["build", *services], {}, BUILD_S)

    def settings(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Every variable of the file as `up` would set it."""
        kept = {
            name: self.environment[name]
            for name in self.topology.variables
            if name.startswith(OF_THE_HOST) and self.environment.get(name)
        }
        return {**self.topology.variables, **kept, **variables}

    def _call(
        self, words: Sequence[str], variables: Mapping[str, str], within_s: float | None = None
    ) -> None:
        environment = self._environment(variables)
        with self._head("--ansi", "never") as head:
            done = _run([*head, *words], environment, within_s)
        if done.returncode != 0:
            raise why(done.stderr, environment)

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        return {**self.environment, **self.settings(variables)}

    @contextmanager
    def _head(self, *options: str) -> Iterator[list[str]]:
        """Compose, the project and its files: ours, and that of a server of one's own, which is
        there as long as it is needed."""
        ours = [*command(), *options, "-p", self.project, "-f", str(self.root / FILE)]
        if self.topology.foreign is None:
            yield ours
            return
        with NamedTemporaryFile("w", prefix="serverlab-", suffix=".yml", encoding="utf-8") as file:
            file.write(self.topology.foreign.text)
            file.flush()
            yield [*ours, "-f", file.name]


def _run(
    words: list[str], environment: Mapping[str, str], within_s: float | None = None
) -> subprocess.CompletedProcess[str]:
    within_s = within_s or PATIENCE_S
    process = subprocess.Popen(  # noqa: S603 - words of this file, of the topology and the plan
        words,
        env=dict(environment) or None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a terminal's Ctrl-C is for the lab alone
    )
    try:
        output, complaint = process.communicate(timeout=within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        output, complaint = process.communicate()
        complaint += f"\nno answer within {within_s} s"
    except BaseException:
        process.communicate()
        raise
    return subprocess.CompletedProcess(words, process.returncode, output, complaint)
