"""What the lab sets in docker-compose.yml for a run and for each of its trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.host.cpus import Allotment, write_list
from lab.plan.topology import KNOB, Model
from lab.records.record import Receive
from lab.records.step import Trial, written

MASTER_PORT = 5557  # Locust's own
READY_S = 20


@dataclass(frozen=True)
class Setup:
    """What is the same in every trial of a run."""

    scenario_sha256: str
    path: str  # forwarded, published, direct or outside
    workers: int  # of Locust
    cpus: Allotment
    receive: Receive
    knobs: Mapping[str, str]  # settings of the server, as scenarios name them
    owner: tuple[int, int]  # user and group that files in results/ shall belong to
    drain_s: float  # how long a server may take to end after SIGTERM
    address: str = ""  # of this host, where load hosts reach it
    together: bool = False  # the trials of a block run at the same time
    ports: tuple[str, ...] = ()  # variables of published ports that may be any


def for_run(setup: Setup) -> dict[str, str]:
    """Knobs, CPUs, owner and path."""
    return {
        **{f"{KNOB}{name.upper()}": value for name, value in setup.knobs.items()},
        "SERVER_CPUS": write_list(setup.cpus.server),
        "LOAD_CPUS": write_list(setup.cpus.load),
        "REDIS_CPUS": write_list(setup.cpus.redis),
        "LAB_UID": str(setup.owner[0]),
        "LAB_GID": str(setup.owner[1]),
        "LOAD_NETWORK": "host" if setup.path in ("published", "outside") else "service:vmhost",
        "SCENARIO_SHA256": setup.scenario_sha256,
        "LOAD_PATH": setup.path,
        "WORKERS": str(setup.workers),
        "STANDBY": "1" if setup.together else "",
        **dict.fromkeys(setup.ports, "0"),
        **(_outside(setup) if setup.path == "outside" else {}),
    }


def _outside(setup: Setup) -> dict[str, str]:
    """Workers of other hosts may take longer to come, the more of them the longer."""
    return {
        "GUEST_ADDRESS": setup.address,
        "MASTER": f"{setup.address}:{MASTER_PORT}",
        "READY_WITHIN": f"{READY_S + setup.workers}s",
    }


def for_trial(setup: Setup, trial: Trial, model: Model, folder: str) -> dict[str, str]:
    """All of it. `folder`: the run's, as the load's containers see it."""
    return {
        **for_run(setup),
        "SCENARIO": f"{folder}/scenario.yml",
        "TRIAL": f"{folder}/trials/{trial.name}",
        "TARGET": target(setup, model),
        **{f"{KNOB}{name.upper()}": value for name, value in model.settings.items()},
        "MODEL": trial.model,
        "USERS": str(trial.users),
        "RATE": "" if trial.rate_rps is None else written(trial.rate_rps),
        "SEED": str(trial.seed),
    }


def target(setup: Setup, model: Model) -> str:
    """Where the load finds the server on this path."""
    if setup.path == "direct":
        return f"{model.service}:{model.guest_port}"
    if setup.path == "published":
        return f"127.0.0.1:{model.published_port}"
    if setup.path == "outside":
        return f"{setup.address}:{model.published_port}"
    return f"127.0.0.1:{model.port}"
