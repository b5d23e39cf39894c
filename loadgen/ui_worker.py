"""A Locust worker that serves Locust's own page: users come, begin, stop and start as people say.

    Locust's events      test_start           a new test run, none of its users is there yet
                         test_stopping        everything is closed
    from our master      verified {lengths}   before the page opens: each request's right body
                         begin {connections}  all are spawned (after an edit on the page once more)

Locust's statistics get what was counted once a second; it ships them every three.
"""

from __future__ import annotations

from typing import Any

import gevent
from locust.env import Environment
from locust.runners import WorkerRunner

from loadgen.engine import Part
from loadgen.errand import Errand
from loadgen.locust_stats import feed
from loadgen.locust_user import LabUser
from loadgen.watched import Watched

FEED_EVERY_S = 1.0


def work_for_ui(errand: Errand) -> None:
    """Until the master says quit. Raises ErrandError, or ConnectionError where it never came."""
    scenario, _ = errand.scenario()
    address = errand.address()
    environment = Environment(user_classes=[LabUser])
    runner: WorkerRunner = environment.create_worker_runner(*errand.master)
    part = Part.of(errand, runner.worker_index)
    lengths: list[int] = []
    shown: list[Watched] = []  # the test run of now, if any

    def verified(environment: Environment, msg: Any) -> None:  # noqa: ARG001 - called by Locust
        lengths[:] = msg.data["lengths"]

    def start(**_: object) -> None:
        stop()
        users = Watched(address, errand.host, scenario, part, lengths)
        shown.append(users)
        LabUser.crew = users

    def begin(environment: Environment, msg: Any) -> None:  # noqa: ARG001 - called by Locust
        for users in shown:
            users.begin(msg.data["connections"])

    def stop(**_: object) -> None:
        for users in shown:
            users.stop()
            feed(environment.stats, scenario, *users.tally.take())
        shown.clear()

    def feed_on() -> None:
        while True:
            gevent.sleep(FEED_EVERY_S)
            for users in shown:
                feed(environment.stats, scenario, *users.tally.take())

    runner.register_message("verified", verified)
    runner.register_message("begin", begin)
    environment.events.test_start.add_listener(start)
    environment.events.test_stopping.add_listener(stop)
    feeding = gevent.spawn(feed_on)
    runner.greenlet.join()
    feeding.kill()
