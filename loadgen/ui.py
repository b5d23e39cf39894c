"""The Locust master behind Locust's own page, for watching a server under load (`make ui`).

It waits for the server, verifies its answers, has its workers come, and opens the page; from then
on people decide, until a signal ends it. Nothing is measured and nothing written.

    {"event":"waiting"}   {"event":"ready","probes":n}   then the page answers
"""

from __future__ import annotations

import gevent
from locust import argument_parser
from locust.env import Environment
from locust.runners import MasterRunner
from locust.stats import stats_history

from loadgen.announce import announce
from loadgen.clock import clock
from loadgen.errand import Errand, ErrandError
from loadgen.inquiry import await_health
from loadgen.locust_user import LabUser
from loadgen.verification import verify_answers

PORT = 8089  # in the network namespace of `vmhost`, which publishes it
LOOK_EVERY_S = 0.02


def show(errand: Errand) -> None:
    """Until the runner ends. Raises InquiryError or ErrandError where it cannot begin."""
    scenario, _ = errand.scenario()
    announce("waiting")
    address = errand.address()
    probes = await_health(address, errand.host, errand.ready_within_s)
    verified = verify_answers(address, errand.host, scenario)
    environment = Environment(user_classes=[LabUser], host=f"http://{errand.host}")
    runner: MasterRunner = environment.create_master_runner(*errand.master)
    until_s = clock() + errand.ready_within_s
    while len(runner.clients.ready) < errand.workers:
        if clock() > until_s:
            raise ErrandError(f"fewer than {errand.workers} Locust workers came; see their logs")
        gevent.sleep(LOOK_EVERY_S)
    runner.send_message("verified", {"lengths": list(verified.lengths)})

    def begin(**_: object) -> None:
        users = {node.id: node.user_count for node in runner.clients.values()}
        told = [users.get(node, 0) for node in runner.worker_indexes]
        if any(told):
            runner.send_message("begin", {"connections": told})

    environment.events.spawning_complete.add_listener(begin)
    _offer(environment, errand.users)
    gevent.spawn(stats_history, runner)  # the page's charts
    environment.create_web_ui("0.0.0.0", PORT)  # noqa: S104 - of a container; published on loopback
    announce("ready", probes=probes)
    runner.greenlet.join()


def _offer(environment: Environment, users: int) -> None:
    """What the page's form says before anybody changes it."""
    parser = argument_parser.get_empty_argument_parser()
    argument_parser.setup_parser_arguments(parser)
    options = parser.parse(args=[])
    options.num_users = options.spawn_rate = users
    environment.parsed_options = options
