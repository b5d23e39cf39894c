"""What an experiment may do: start a server, run a bench, run a program of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lab.claims import network
from lab.claims.guest import Guest
from lab.claims.measured import Measured
from lab.claims.network import Network
from lab.claims.serving import served
from lab.containers import images
from lab.containers.compose import Compose
from lab.containers.daemon import connect
from lab.containers.tracing import SERVICE as TRACER
from lab.errors import LabError
from lab.plan.choice import Asked
from lab.run.session import session

PROGRAM_S = 120


@dataclass(frozen=True)
class Laboratory:
    """`say` shows progress; `measure` is `make bench` without its table."""

    compose: Compose
    say: Callable[[str], None]
    measure: Callable[[Asked], Measured]

    @contextmanager
    def serve(self, model: str, **settings: str) -> Iterator[Guest]:
        """The model alone in a fresh container, with these settings; nothing is left of it."""
        declared = self.compose.topology.servers[model]
        told = ", ".join(f"{name} {value}" for name, value in settings.items())
        self.say(f"  {model}{f', {told}' if told else ''}")
        with session(self.say):
            needed = self.compose.topology.images_of({declared.service, TRACER})
            images.ensure(connect(), needed, self.compose.root, self.say)
            with served(self.compose, declared, settings) as guest:
                yield guest

    @contextmanager
    def network(self) -> Iterator[Network]:
        """A network namespace that outlives the servers in it; nothing is left of it."""
        self.say("  a network namespace")
        with session(self.say):
            needed = self.compose.topology.images_of({network.HOLDER, network.SERVER})
            images.ensure(connect(), needed, self.compose.root, self.say)
            with network.held(self.compose) as held:
                yield held

    def bench(
        self,
        scenario: str,
        *,
        models: tuple[str, ...],
        users: tuple[int, ...] = (),
        trials: int,
        vary: str = "",
        via: str = "",
    ) -> Measured:
        """A run as `make bench` makes it, kept among the results. `scenario`: a name or a path.
        `vary`: as SET, such as "accept_mutex=on,off"."""
        return self.measure(
            Asked(
                scenario=scenario,
                models=",".join(models),
                users=",".join(map(str, users)),
                trials=str(trials),
                set=vary,
                via=via,
            )
        )

    def program(self, name: str, *words: str) -> Any:
        """What `experiments/programs/NAME.py` prints as JSON: system calls that Python hides.

        It runs on this host, as this user, in a process of its own. LabError where it fails.
        """
        command = [sys.executable, "-m", f"experiments.programs.{name}", *words]
        self.say(f"  {' '.join([name, *words])}")
        try:
            ended = subprocess.run(  # noqa: S603 - a program of this project
                command,
                cwd=self.compose.root,
                capture_output=True,
                text=True,
                check=True,
                timeout=PROGRAM_S,
            )
        except subprocess.TimeoutExpired as error:
            raise LabError(f"{name} did not end within {PROGRAM_S} s", "try again") from error
        except subprocess.CalledProcessError as error:
            raise LabError(f"{name} ended with {error.returncode}: {error.stderr}") from error
        return json.loads(ended.stdout)
