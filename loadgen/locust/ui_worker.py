"""A Locust worker that serves Locust's own page: users come, begin, stop and start as people say.

    Locust's events      test_start           a new test run, none of its users is there yet
                         test_stopping        everything is closed
    from our master      verified {lengths}   before the page opens: each request's right body
                         begin {connections}  all are spawned (after an edit on the page once more)

Locust's statistics get what was counted once a second, and it ships them as often.
"""

from __future__ import annotations

from typing import Any

import gevent
from locust import runners
from locust.env import Environment
from locust.runners import WorkerRunner

from loadgen.engine.load import Part
from loadgen.engine.trial_config import TrialConfig
from loadgen.locust.stats import feed
from loadgen.locust.user import LabUser
from loadgen.locust.watched import Watched

FEED_EVERY_S = 1.0
runners.WORKER_REPORT_INTERVAL = FEED_EVERY_S  # Locust's own three seconds leave the page behind


def work_for_ui(config: TrialConfig) -> None:
    """Until the master says quit.

    Raises TrialConfigError, or ConnectionError where it never came.
    """
    scenario, _ = config.scenario()
    address = config.address()
    environment = Environment(user_classes=[LabUser])
    runner: WorkerRunner = environment.create_worker_runner(*config.master)
    part = Part.of(config, runner.worker_index)
    lengths: list[int] = []
    shown: list[Watched] = []  # the test run of now, if any

    def verified(environment: Environment, msg: Any) -> None:  # noqa: ARG001 - called by Locust
        lengths[:] = msg.data["lengths"]

    def start(**_: object) -> None:
        stop()
        users = Watched(address, config.host, scenario, part, lengths)
        shown.append(users)
        LabUser.pool = users

    def begin(environment: Environment, msg: Any) -> None:  # noqa: ARG001 - called by Locust
        for users in shown:
            users.begin(msg.data["connections"])

    def stop(**_: object) -> None:
        for users in shown:
            users.stop()
            feed(environment.stats, scenario, lengths, *users.tally.take())
        shown.clear()

    def feed_on() -> None:
        while True:
            gevent.sleep(FEED_EVERY_S)
            for users in shown:
                feed(environment.stats, scenario, lengths, *users.tally.take())

    runner.register_message("verified", verified)
    runner.register_message("begin", begin)
    environment.events.test_start.add_listener(start)
    environment.events.test_stopping.add_listener(stop)
    feeding = gevent.spawn(feed_on)
    runner.greenlet.join()
    feeding.kill()
