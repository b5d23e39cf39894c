"""Locust's FastHttpUser, with nothing added: one process, as many users as asked, no waits.

    python -m benchmarks.loadgen.inside.fast_http_user URL USERS WARM_UP_S SECONDS

Prints one JSON object: requests a second once all users are there, CPU time of a request, failures,
and how many were asked in its whole life.
"""

from __future__ import annotations

import json
import os
import sys
import time

import gevent
from locust import FastHttpUser, constant, task
from locust.env import Environment


class Asker(FastHttpUser):  # type: ignore[misc,unused-ignore]
    wait_time = constant(0)

    @task  # type: ignore[untyped-decorator,unused-ignore]
    def ask(self) -> None:
        self.client.get("/")


def main(url: str, users: int, warm_up_s: float, seconds: float) -> None:
    environment = Environment(user_classes=[Asker], host=url.rstrip("/"))
    runner = environment.create_local_runner()
    runner.start(users, users)
    while runner.user_count < users:
        gevent.sleep(0.1)
    gevent.sleep(warm_up_s)
    total = environment.stats.total
    failed_before, before = total.num_failures, total.num_requests
    began_s, cpu = time.monotonic(), os.times()
    gevent.sleep(seconds)
    made, lasted_s, used = total.num_requests - before, time.monotonic() - began_s, os.times()
    print(
        json.dumps(
            {
                "rate_per_s": made / lasted_s,
                "client_user_us": (used.user - cpu.user) / max(made, 1) * 1e6,
                "client_system_us": (used.system - cpu.system) / max(made, 1) * 1e6,
                "failed": total.num_failures - failed_before,
                "asked": total.num_requests,
            }
        ),
        flush=True,
    )
    os._exit(0)  # Locust's own end takes seconds


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
