"""A Locust worker: its share of the users, fired when the master says, and what they counted.

    from the master   fire     {lengths, connections, fire_at_s, opens_at_s, closes_at_s}: once
                      leave    {}: the record is written
    to the master     ramped   {name, established, unconnected}    while the users connect
                      tick     {name, good, failed}                so far; also a sign of life
                      flushed  a WorkerReport                      the last word, after the drain

The load runs off this process's own clock. Locust's reports go their way every three seconds; they
carry users and health, and at the end what was asked.
"""

from __future__ import annotations

from typing import Any

import gevent
from gevent.event import Event
from locust.env import Environment
from locust.runners import WorkerRunner

from loadgen.crew import Crew
from loadgen.engine import Part
from loadgen.errand import Errand
from loadgen.locust_stats import feed
from loadgen.locust_user import LabUser

RAMPED_EVERY_S = 0.1
TICK_EVERY_S = 0.5


def work(errand: Errand) -> None:
    """Until the master says leave. Raises ErrandError, or ConnectionError where it never came."""
    scenario, _ = errand.scenario()
    address = errand.address()
    environment = Environment(user_classes=[LabUser])
    runner: WorkerRunner = environment.create_worker_runner(*errand.master)
    name = f"worker-{runner.worker_index}"
    part = Part.of(errand, runner.worker_index)
    crew = LabUser.crew = Crew(address, errand.host, scenario, part)

    def tell(kind: str, **data: Any) -> None:
        runner.send_message(kind, {"name": name, **data})

    def ramp() -> None:
        while True:
            tell("ramped", established=crew.established, unconnected=crew.unconnected)
            gevent.sleep(RAMPED_EVERY_S)

    def tick() -> None:
        while True:
            tell("tick", good=crew.tally.good_life, failed=crew.tally.failed_life)
            gevent.sleep(TICK_EVERY_S)

    ramping = gevent.spawn(ramp)

    def fire(environment: Environment, msg: Any) -> None:  # called by Locust
        ramping.kill()
        ticking = gevent.spawn(tick)
        crew.perform(**msg.data)
        report = crew.report(name)
        feed(environment.stats, scenario, crew.tally.window_times_us, crew.tally.failures)
        runner._send_stats()  # noqa: SLF001 - or they would wait for the next report, and be lost
        ticking.kill()
        runner.send_message("flushed", report.model_dump(mode="json"))

    # Not Locust's own `quit`: it stops every user first, in a greenlet each.
    left = Event()
    runner.register_message("fire", fire, concurrent=True)
    runner.register_message("leave", lambda **_: left.set())
    gevent.spawn(runner.greenlet.join).link(lambda _: left.set())
    left.wait()
