"""Locust's own page over the lab's load: to watch a model under load, not to measure it.

One server, the path to it, Locust and its page: up until Ctrl-C. How many users there are, and when
they start and stop, is for the page to say; what they ask is the scenario's. The page is published
on loopback, at a port that is free.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import docker
from docker.models.containers import Container

from lab.commands.serve import alive, wait_until_ready
from lab.containers import cleanup, forwarding, images, shared_services
from lab.containers.compose import Compose
from lab.containers.daemon import connect
from lab.containers.shared_services import SUPPORT
from lab.errors import LabError, MisuseError
from lab.plan import topology
from lab.plan.choice import Asked, Choice, check
from lab.plan.topology import FILE
from lab.plan.variables import for_trial
from lab.records import durable
from lab.records.run_folder import RunFolder
from lab.records.step import Trial
from lab.run import prepare, scratch
from lab.run.progress import PlainLines
from lab.run.session import PROJECT_NAME, session

MODEL, SCENARIO = "epoll", "keep-alive"  # where none is named
PAGE = ("locust-ui", "locust-worker")
PORT = "8089/tcp"  # of the page, inside `vmhost`
EVERY_S = 1.0


def ui(model: str, scenario: str, rate: str, root: Path, watching: PlainLines) -> None:
    """Returns never: it ends by Interrupted, or by LabError when one of the containers ends."""
    declared = topology.read(root / FILE, os.environ)
    asked = Asked(scenario=scenario or SCENARIO, models=model or MODEL, rate=rate, via="forwarded")
    choice = check(asked, declared, root)
    _refuse_several(choice)
    compose = Compose(root, PROJECT_NAME, declared, os.environ)
    results = root / "results"
    # Around the session: what writes into the folder is gone before the folder is.
    with scratch.folder(results, "ui") as made, session(watching.say):
        client = connect()
        prepare.ports_free(declared, choice)
        services = {declared.servers[choice.models[0]].service, *PAGE, *SUPPORT}
        images.ensure(client, declared.images_of(services), root, watching.say)
        url, containers = _start(client, compose, choice, RunFolder(made))
        what = f"{choice.models[0]}, {choice.source.name}"
        watching.say(f"{what}: Locust's page is at {url}  (Ctrl-C ends it)")
        while True:
            for each in containers:
                alive(each)
            time.sleep(EVERY_S)


def _refuse_several(choice: Choice) -> None:
    mistakes = []
    if len(choice.models) > 1:
        mistakes.append(f"MODEL: the page is of one, not of {', '.join(choice.models)}")
    if len(choice.rates) > 1:
        rates = ", ".join(f"{rate:,.10g}" for rate in choice.rates)
        mistakes.append(f"RATE: the load has one, not {rates}")
    if choice.scenario.find:
        mistakes.append("SCENARIO: nobody seeks a rate here; take one without `find`")
    if mistakes:
        raise MisuseError(mistakes, "as in: make ui MODEL=epoll SCENARIO=open-loop RATE=500")


def _start(
    client: docker.DockerClient, compose: Compose, choice: Choice, folder: RunFolder
) -> tuple[str, list[Container]]:
    """Where the page is, and all that must stay up for it."""
    model = compose.topology.servers[choice.models[0]]
    setup = prepare.setup(choice, compose.topology, prepare.allotment(), "sender")
    rate_rps = choice.rates[0] if choice.rates else None
    trial = Trial(1, 1, model.name, choice.users[0], choice.seed or 0, rate_rps)
    durable.write(folder.path / "scenario.yml", choice.source.text)
    folder.begin(trial)
    variables = {**for_trial(setup, trial, model, folder.inside), "UI": "1"}
    shared_services.ensure_up(client, compose, variables)
    compose.up([model.service, *PAGE], variables, {"locust-worker": setup.workers})
    forwarding.forward(client, PROJECT_NAME, [model])
    [host] = cleanup.containers(client, PROJECT_NAME, ["vmhost"])
    [page] = cleanup.containers(client, PROJECT_NAME, ["locust-ui"])
    published = (host.ports.get(PORT) or [{}])[0].get("HostPort")
    if published is None:
        raise LabError(f"vmhost publishes no {PORT}", f"compare {FILE} with the one in git")
    url = f"http://127.0.0.1:{published}/"
    wait_until_ready(url, page)
    return url, cleanup.containers(client, PROJECT_NAME)
