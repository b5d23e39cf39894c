"""A traced trial: which system calls one request costs a model, counted by strace.

strace stops a server at every call, twice, so nothing here is timed and no trace is ever mixed with
trials: it has a folder and a file of its own kind, which `report` does not know, and `latest` stays
with the newest run. One client asks REQUESTS times, one after the other, through the port that
Docker publishes; what the server does between two requests is then one request's.

The table shows no concurrency: with many clients at once an event loop serves several of them per
wakeup, and makes fewer waiting calls per request than shown here. Then one user comes, and then two
at once; their calls, and those of the start, are drawn as lanes (lab/report/lanes).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from docker.models.containers import Container
from rich.console import Console

from lab.commands import asking
from lab.commands.serve import alive, wait_until_ready
from lab.containers import cleanup, images
from lab.containers.compose import Compose
from lab.containers.daemon import connect
from lab.containers.tracing import REMEDY, SERVICE, following
from lab.errors import LabError
from lab.plan import topology
from lab.plan.choice import Asked, Choice, check
from lab.plan.models import ALL
from lab.plan.topology import FILE, KNOB, Model
from lab.records import durable, scene, story, strace
from lab.records.run_folder import fresh
from lab.records.trace_record import TraceRecord, table
from lab.report.lanes import page
from lab.run.progress import PlainLines
from lab.run.session import PROJECT_NAME, session

REQUESTS = 200
TRACED_START = "servers.runtime.traced_start"
PAGE = "trace.html"
STARTED_WITHIN_S = 20.0
WORKERS_READY_S = 0.6
EVERY_S = 0.05


@dataclass(frozen=True)
class Traced:
    """The record and what it was made from."""

    record: TraceRecord
    text: str


def trace(model: str, scenario: str, root: Path, console: Console) -> int:
    """Trace models under one scenario, one after the other, and draw them on one page. 0.

    `model`: names with commas between; the seven where none is named.
    """
    declared = topology.read(root / FILE, os.environ)
    choice = check(Asked(scenario=scenario, models=model or ALL), declared, root)
    say = PlainLines(console).say
    compose = Compose(root, PROJECT_NAME, declared, os.environ)
    traced: list[Traced] = []
    with session(say):
        for name in choice.models:
            say(f"[{len(traced) + 1}/{len(choice.models)}] {name}")
            traced.append(_traced(compose, declared.servers[name], choice, say))
    folder = _written(root / "results", traced)
    print("\n\n".join(table(each.record) for each in traced), flush=True)
    say(f"page: {os.path.relpath(folder / PAGE)}")
    say(f"trace: {os.path.relpath(folder)}")
    return 0


def _traced(compose: Compose, model: Model, choice: Choice, say: Callable[[str], None]) -> Traced:
    client, port = connect(), model.published_port
    if port is None:
        raise LabError(f"{model.name} publishes no port", "give it one under `ports`")
    services = {model.service, "redis", SERVICE}
    images.ensure(client, compose.topology.images_of(services), compose.root, say)
    knobs = {f"{KNOB}{knob.upper()}": text for knob, text in choice.settings.items()}
    variables = {**knobs, "STARTED": TRACED_START}
    compose.up([model.service, "redis"], variables)
    [server] = cleanup.containers(client, PROJECT_NAME, [model.service])
    with following(client, compose, model.service, variables) as seen:
        if model.name in compose.topology.models:  # others start as they are
            server.kill("SIGUSR1")
            _wait_until_started(server)
        wait_until_ready(f"http://127.0.0.1:{port}/health", server)
        asking.mark(port, strace.ASKED)
        asking.ask(choice.scenario, port, REQUESTS)
        asking.mark(port, strace.ONE_USER)
        asking.one_user(port)
        asking.mark(port, strace.TWO_USERS)
        asking.two_users(port)
        asking.mark(port, strace.ENDED)
    told = story.read(seen.text)
    asked = strace.between(seen.text, strace.ASKED, strace.ONE_USER)
    record = TraceRecord(
        model=model.name,
        scenario=choice.source.name,
        scenario_sha256=choice.source.sha256,
        connection=choice.scenario.connection,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        requests=REQUESTS,
        calls=strace.calls(asked),
        one_request=strace.one_request(asked),
        scenes={
            "two-users": scene.scene(told, strace.TWO_USERS, asking.SLOW, 2, strace.ENDED),
            "one-user": scene.scene(told, strace.ONE_USER, asking.FAST, 1, strace.TWO_USERS),
            "start": scene.start(told, asking.HEALTH),
        },
    )
    if sum(call.count for call in record.calls) < REQUESTS:
        raise LabError(f"strace saw less than a call per request:\n{seen.last_words}", REMEDY)
    return Traced(record, seen.text)


def _wait_until_started(server: Container) -> None:
    """Long enough for its workers to wait for clients: strace slows all that they do."""
    until_s = time.monotonic() + STARTED_WITHIN_S
    while b"listens on" not in server.logs() and time.monotonic() < until_s:
        alive(server)
        time.sleep(EVERY_S)
    time.sleep(WORKERS_READY_S)


def _written(results: Path, traced: Sequence[Traced]) -> Path:
    """The folder: of one model its files, of several a folder for each; and the page."""
    records = [each.record for each in traced]
    what = records[0].model if len(records) == 1 else ALL
    folder = fresh(results, f"trace-{what}-{records[0].scenario}", datetime.now(UTC))
    try:
        for each in traced:
            record = each.record
            own = folder if len(records) == 1 else folder / record.model
            own.mkdir(exist_ok=True)
            durable.write(own / "strace.txt", each.text)
            durable.write(own / "trace.json", record.model_dump_json(indent=2) + "\n")
            for name in record.scenes:
                durable.write(own / f"{name}.svg", page.picture(record, name) + "\n")
    except OSError as error:
        raise durable.refused(folder, error) from error
    durable.write(folder / PAGE, page.html(records))
    return folder
