"""The Locust master behind Locust's own page, for watching a server under load (`make ui`).

It waits for the server, verifies its answers, has its workers come, and opens the page; from then
on people decide, until a signal ends it. Nothing is measured and nothing written.

    {"event":"waiting"}   {"event":"ready","probes":n}   then the page answers
"""

from __future__ import annotations

import gevent
from flask import Response
from locust import argument_parser
from locust.env import Environment
from locust.runners import MasterRunner
from locust.stats import stats_history

from loadgen.engine.clock import clock
from loadgen.engine.prober import await_health
from loadgen.engine.trial_config import TrialConfig, TrialConfigError
from loadgen.engine.verification import verify_answers
from loadgen.locust.announce import announce
from loadgen.locust.user import LabUser

PORT = 8089  # in the network namespace of `vmhost`, which publishes it
LOOK_EVERY_S = 0.02
# The page's form has a banner of a cloud service below it: a link with a picture in it.
HIDDEN = b'<style>a[href*="aka.ms"]:has(img) { display: none }</style></head>'


def show(config: TrialConfig) -> None:
    """Until the runner ends. Raises ProbeError or TrialConfigError where it cannot begin."""
    scenario, _ = config.scenario()
    announce("waiting")
    address = config.address()
    probes = await_health(address, config.host, config.ready_within_s)
    verified = verify_answers(address, config.host, scenario)
    environment = Environment(user_classes=[LabUser], host=f"http://{config.host}")
    runner: MasterRunner = environment.create_master_runner(*config.master)
    until_s = clock() + config.ready_within_s
    while len(runner.clients.ready) < config.workers:
        if clock() > until_s:
            raise TrialConfigError(
                f"fewer than {config.workers} Locust workers came; see their logs"
            )
        gevent.sleep(LOOK_EVERY_S)
    runner.send_message("verified", {"lengths": list(verified.lengths)})

    def begin(**_: object) -> None:
        users = {node.id: node.user_count for node in runner.clients.values()}
        told = [users.get(node, 0) for node in runner.worker_indexes]
        if any(told):
            runner.send_message("begin", {"connections": told})

    environment.events.spawning_complete.add_listener(begin)
    _offer(environment, config.users)
    gevent.spawn(stats_history, runner)  # the page's charts
    web_ui = environment.create_web_ui("0.0.0.0", PORT)  # noqa: S104 - of a container, on loopback
    web_ui.app.after_request(_without_advertisement)
    announce("ready", probes=probes)
    runner.greenlet.join()


def _without_advertisement(response: Response) -> Response:
    if response.mimetype == "text/html" and not response.direct_passthrough:
        response.set_data(response.get_data().replace(b"</head>", HIDDEN))
    return response


def _offer(environment: Environment, users: int) -> None:
    """What the page's form says before anybody changes it."""
    parser = argument_parser.get_empty_argument_parser()
    argument_parser.setup_parser_arguments(parser)
    options = parser.parse(args=[])
    options.num_users = options.spawn_rate = users
    environment.parsed_options = options
