"""A Locust worker: its share of the users, fired when the master says, and what they counted.

    from the master   fire     {lengths, fire_at_s, opens_at_s, closes_at_s}
    to the master     ramped   {established, unconnected}    while the users connect
                      tick     {good, failed}                so far, now and then
                      flushed  a WorkerReport                the last word, after the drain

Locust's own reports go their way every three seconds; they carry users and health, not requests.
"""

from __future__ import annotations

from typing import Any

import gevent
from locust.env import Environment
from locust.runners import WorkerRunner

from loadgen.crew import Crew
from loadgen.errand import Errand
from loadgen.locust_user import LabUser

RAMPED_EVERY_S = 0.1
TICK_EVERY_S = 0.25


def work(errand: Errand) -> None:
    """Until the master says quit. Raises ErrandError, or ConnectionError where it never came."""
    scenario, _ = errand.scenario()
    address = errand.address()
    environment = Environment(user_classes=[LabUser])
    runner: WorkerRunner = environment.create_worker_runner(*errand.master)
    name = f"worker-{runner.worker_index}"
    seed = f"{errand.seed}:{runner.worker_index}"
    crew = LabUser.crew = Crew(address, errand.host, scenario, errand.users, seed)

    def tell(kind: str, data: dict[str, Any]) -> None:
        runner.send_message(kind, data)

    def ramp() -> None:
        while True:
            tell("ramped", {"established": crew.established, "unconnected": crew.unconnected})
            gevent.sleep(RAMPED_EVERY_S)

    def tick() -> None:
        while True:
            tell("tick", {"good": crew.tally.good_life, "failed": crew.tally.failed_life})
            gevent.sleep(TICK_EVERY_S)

    ramping = gevent.spawn(ramp)

    def fire(environment: Environment, msg: Any) -> None:  # noqa: ARG001 - called by Locust
        ramping.kill()
        ticking = gevent.spawn(tick)
        evidence = crew.perform(**msg.data)
        ticking.kill()
        tell("flushed", crew.report(name, evidence).model_dump(mode="json"))

    runner.register_message("fire", fire, concurrent=True)
    runner.greenlet.join()
