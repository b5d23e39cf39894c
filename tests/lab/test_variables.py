"""What one trial sets in the Compose file."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.host.cpus import Allotment
from lab.plan import topology
from lab.plan.variables import Setup, for_trial
from lab.records.step import Trial

DECLARED = topology.read(Path(__file__).parents[2] / "docker-compose.yml", {})
SETUP = Setup(
    scenario_sha256="0" * 64,
    path="forwarded",
    workers=1,
    cpus=Allotment((1,), (0,), (0,)),
    receive="guest",
    knobs={"workers": "4"},
    owner=(1000, 1000),
    drain_s=30.0,
)


@pytest.mark.parametrize(
    ("rate_rps", "rate"), [(None, ""), (0.5, "0.5"), (2000.0, "2000"), (1e6, "1000000")]
)
def test_the_load_is_told_the_rate_and_nothing_where_the_loop_is_closed(
    rate_rps: float | None, rate: str
) -> None:
    trial = Trial(1, 1, "epoll", 100, 7, rate_rps)
    given = for_trial(SETUP, trial, DECLARED.models["epoll"], "/results/run")
    assert (given["RATE"], given["USERS"], given["SERVER_WORKERS"]) == (rate, "100", "4")
    assert given["TRIAL"] == f"/results/run/trials/{trial.name}"
    assert not set(given) - set(DECLARED.variables), "the file takes all that it is given"
