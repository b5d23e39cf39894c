"""What this process was sent to do: the trial, told by environment variables, and its scenario.

    TRIAL            folder that load.json is written to
    SCENARIO         the scenario file; SCENARIO_SHA256 its hash, as the lab read it
    SCENARIO_TEXT    the scenario itself, where that file is on another host
    SCENARIO_NAME    what the record calls it (the file's stem where absent)
    TARGET           host:port of the server, through the trial's path
    MODEL LOAD_PATH LOAD_HOST    for the record
    USERS WORKERS SEED    users in all, Locust workers, what seeds the users' choices
    RATE             arrivals a second of all workers together; absent in a closed loop
    PROCESSES        how many of the workers are in this container (1)
    MASTER           host:port where the master listens (127.0.0.1:5557)
    STANDBY          1: after the ramp, fire when SIGUSR1 comes (several trials begin as one)
    UI               1: people watch on Locust's own page, nothing is measured
    READY_WITHIN     how long server and workers may take to come up (30s)

An empty variable counts as absent. Everything that is wrong is said at once.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from loadgen.formats.document import read_text
from loadgen.formats.duration import Between
from loadgen.formats.problems import ScenarioError
from loadgen.formats.scenario import MOST_RATE_RPS, MOST_USERS, Scenario
from loadgen.formats.scenario_reader import digest, parse

Address = tuple[str, int]
LOOK_UP_EVERY_S = 0.1


class TrialConfigError(Exception):
    """The environment does not say what to do; the message lists all that is wrong with it."""


def _address(text: object) -> Address:
    host, _, port = str(text).rpartition(":")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port[:9]) < 65536):
        raise ValueError("write it as host:port")
    return host, int(port)


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError("is no folder; make it before the trial")
    return path


class TrialConfig(BaseModel):
    model_config = ConfigDict(frozen=True)

    folder: Annotated[Path, AfterValidator(_folder)] = Field(alias="TRIAL")
    scenario_file: Path = Field(alias="SCENARIO")
    scenario_text: str = Field(default="", alias="SCENARIO_TEXT")
    expected_sha256: str = Field(default="", alias="SCENARIO_SHA256")
    name: str = Field(default="", alias="SCENARIO_NAME")
    target: Annotated[Address, BeforeValidator(_address)] = Field(alias="TARGET")
    model: str = Field(alias="MODEL")
    path: Literal["forwarded", "published", "direct", "outside"] = Field(
        default="forwarded", alias="LOAD_PATH"
    )
    load_host: str = Field(default="", alias="LOAD_HOST")
    users: Annotated[int, Field(ge=1, le=MOST_USERS)] = Field(alias="USERS")
    rate_rps: Annotated[float, Field(ge=0.1, le=MOST_RATE_RPS)] | None = Field(
        default=None, alias="RATE"
    )
    workers: Annotated[int, Field(ge=1, le=256)] = Field(default=1, alias="WORKERS")
    processes: Annotated[int, Field(ge=1, le=256)] = Field(default=1, alias="PROCESSES")
    seed: int = Field(default=0, alias="SEED")
    standby: bool = Field(default=False, alias="STANDBY")
    ui: bool = Field(default=False, alias="UI")
    master: Annotated[Address, BeforeValidator(_address)] = Field(
        default=("127.0.0.1", 5557), alias="MASTER"
    )
    ready_within_s: Annotated[float, Between("100ms", "10m")] = Field(
        default="30s", alias="READY_WITHIN", validate_default=True
    )

    @property
    def host(self) -> str:
        """The target as it stands in a Host field."""
        return f"{self.target[0]}:{self.target[1]}"

    @property
    def scenario_name(self) -> str:
        return self.name or self.scenario_file.stem

    def address(self) -> Address:
        """The target, looked up once, so that nothing is looked up during the load.

        A guest has no name in Docker's DNS before it runs: so as patient as `ready_within_s`.
        """
        host, port = self.target
        until_s = time.monotonic() + self.ready_within_s
        while True:
            try:
                found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)
                return str(found[0][4][0]), port
            except (OSError, UnicodeError) as error:
                if time.monotonic() >= until_s:
                    what = f"TARGET: {host!r}: {error}"
                    raise TrialConfigError(f"{what}; name a host that exists") from None
            time.sleep(LOOK_UP_EVERY_S)

    def scenario(self) -> tuple[Scenario, str]:
        """The scenario and its hash; every process checks that it reads the same one."""
        try:
            text = self.scenario_text or read_text(self.scenario_file)
            found = digest(text)
            if self.expected_sha256 not in ("", found):
                what = f"SCENARIO: {self.scenario_file} is not the one that the lab read"
                raise TrialConfigError(f"{what} ({found[:12]}); start the run again")
            return parse(text, str(self.scenario_file)), found
        except ScenarioError as error:
            raise TrialConfigError(str(error)) from None


def from_environment(environment: Mapping[str, str]) -> TrialConfig:
    names = [field.alias or "" for field in TrialConfig.model_fields.values()]
    try:
        return TrialConfig.model_validate({n: environment[n] for n in names if environment.get(n)})
    except ValidationError as error:
        wrong = []
        for found in error.errors(include_url=False):
            said = found["msg"].removeprefix("Value error, ")
            wrong.append(
                f"{found['loc'][0]}: {'is not set' if found['type'] == 'missing' else said}"
            )
        raise TrialConfigError(
            "\n".join(["the environment is not fit for a trial:", *wrong])
        ) from None
