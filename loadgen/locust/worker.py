"""A Locust worker: its share of the users, fired when the master says, and what they counted.

    from the master   fire     {lengths, connections, fire_at_s, opens_at_s, closes_at_s}: once,
                               the instants by this worker's clock
                      ask      see `clocks`
                      leave    {}: the record is written
    to the master     ramped   {name, established, unconnected}    while the users connect
                      tick     {name, good, failed}                so far; also a sign of life
                      clock    see `clocks`
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

from loadgen.engine.clock import clock
from loadgen.engine.evidence import every_s
from loadgen.engine.load import Part
from loadgen.engine.trial_config import TrialConfig
from loadgen.engine.user_pool import UserPool
from loadgen.locust import clocks
from loadgen.locust.stats import feed
from loadgen.locust.user import LabUser

RAMPED_EVERY_S = 0.1
TICK_EVERY_S = 0.5


def work(config: TrialConfig) -> None:
    """Until the master says leave.

    Raises TrialConfigError, or ConnectionError where it never came.
    """
    scenario, _ = config.scenario()
    address = config.address()
    environment = Environment(user_classes=[LabUser])
    runner: WorkerRunner = environment.create_worker_runner(*config.master)
    name = f"worker-{runner.worker_index}"
    part = Part.of(config, runner.worker_index)
    look_s = every_s(config.processes)
    pool = LabUser.pool = UserPool(address, config.host, scenario, part, look_s)

    def tell(kind: str, **data: Any) -> None:
        runner.send_message(kind, {"name": name, **data})

    def ramp() -> None:
        """Whatever is new, and a sign of life where nothing is: the master hears many workers."""
        said, said_s = (-1, -1), 0.0
        while True:
            now = (pool.established, pool.unconnected)
            if now != said or clock() - said_s >= TICK_EVERY_S:
                tell("ramped", established=now[0], unconnected=now[1])
                said, said_s = now, clock()
            gevent.sleep(RAMPED_EVERY_S)

    def tick() -> None:
        while True:
            tell("tick", good=pool.tally.good_life, failed=pool.tally.failed_life)
            gevent.sleep(TICK_EVERY_S)

    clocks.answer(runner)
    ramping = gevent.spawn(ramp)

    def fire(environment: Environment, msg: Any) -> None:  # called by Locust
        ramping.kill()
        ticking = gevent.spawn(tick)
        pool.perform(**msg.data)
        report = pool.report(name)
        evidence = report.evidence.model_copy(update={"host": config.load_host or None})
        report = report.model_copy(update={"evidence": evidence})
        counted = pool.tally.window_times_us, pool.tally.failures
        feed(environment.stats, scenario, msg.data["lengths"], *counted)
        runner._send_stats()  # noqa: SLF001 - or they would wait for the next report, and be lost
        ticking.kill()
        runner.send_message("flushed", report.model_dump(mode="json"))

    # Not Locust's own `quit`: it stops every user first, in a greenlet each.
    left = Event()
    runner.register_message("fire", fire, concurrent=True)
    runner.register_message("leave", lambda **_: left.set())
    gevent.spawn(runner.greenlet.join).link(lambda _: left.set())
    left.wait()
