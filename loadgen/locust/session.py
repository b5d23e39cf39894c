"""One process of Locust from start to exit status: the one place that handles signals and ends.

Importing Locust patches the standard library, so `__main__` imports this last. The work runs in a
greenlet of its own, which SIGTERM and SIGINT end from outside.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import NoReturn

import gevent
from locust.log import setup_logging
from locust.stats import print_error_report, print_percentile_stats, print_stats

from loadgen.engine.prober import ProbeError
from loadgen.engine.trial_config import TrialConfig, TrialConfigError
from loadgen.engine.verification import MismatchError
from loadgen.locust.announce import announce
from loadgen.locust.forked import forked
from loadgen.locust.losses import LostError
from loadgen.locust.master import Master, MasterError, UnwrittenError
from loadgen.locust.ui import show
from loadgen.locust.ui_worker import work_for_ui
from loadgen.locust.worker import work

QUIT_WITHIN_S = 2.0  # for the other side to be told


class StoppedError(Exception):
    """A signal asked this process to end."""


def run(part: str, config: TrialConfig) -> NoReturn:
    setup_logging("INFO")
    if part == "ui":
        _leave(_ui(config))
    if part == "master":
        _leave(_master(config))
    work = partial(_worker, config)
    _leave(forked(config.processes, work) if config.processes > 1 else work())


def _until_signalled(job: Callable[[], None]) -> None:
    """Raises whatever the job raises, or StoppedError."""

    def outcome() -> Exception | None:
        try:
            job()
        except Exception as error:  # handed over: gevent would print it
            return error
        return None

    running = gevent.spawn(outcome)

    def stop(name: str) -> None:
        running.kill(StoppedError(f"stopped by {name}"), block=False)

    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop, number.name)
    error = running.get()
    if error is not None:
        raise error


def _master(config: TrialConfig) -> int:
    masters: list[Master] = []

    def job() -> None:
        masters.append(Master(config))
        masters[0].run()

    reason, unwritten = "", False
    answers: list[dict[str, object]] = []
    try:
        _until_signalled(job)
    except MismatchError as error:
        reason, answers = str(error), [asdict(each) for each in error.answers]
    except (LostError, MasterError, ProbeError, TrialConfigError, StoppedError) as error:
        reason = str(error)
    except UnwrittenError as error:
        reason, unwritten = str(error), True
    except Exception as error:  # a mistake of ours: the traceback is for the log
        logging.getLogger(__name__).exception("the master failed")
        reason = f"internal error: {error!r}; see the master's log"
    if answers:
        announce("mismatch", answers=answers)
    elif reason:
        announce("unwritten" if unwritten else "failed", reason=reason)
    else:
        announce("done")
    for master in masters:
        master.runner.send_message("leave")
        with suppress(gevent.Timeout), gevent.Timeout(QUIT_WITHIN_S):
            master.runner.quit()
        if not reason:
            _summary(master)
    return 1 if reason else 0


def _summary(master: Master) -> None:
    """Locust's own, on the log."""
    stats = master.environment.stats
    print_stats(stats, current=False)
    print_percentile_stats(stats)
    print_error_report(stats)


def _ui(config: TrialConfig) -> int:
    try:
        _until_signalled(lambda: show(config))
    except (ProbeError, TrialConfigError, StoppedError) as error:
        announce("failed", reason=str(error))
        return 1
    return 0


def _worker(config: TrialConfig) -> int:
    try:
        _until_signalled(lambda: work_for_ui(config) if config.ui else work(config))
    except (TrialConfigError, StoppedError, ConnectionError) as error:
        print(f"worker: {error or 'the master cannot be reached'}", file=sys.stderr)
        return 1
    return 0


def _leave(status: int) -> NoReturn:
    """At once: an orderly exit of ZeroMQ waits for peers that may be gone."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
