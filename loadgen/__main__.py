"""`python -m loadgen master|worker|ui|survey`: Locust, for one trial told by the environment.

A deployment is one master and WORKERS workers on one kernel, with the environment of `config`:

    TRIAL=/results/r/trials/001-epoll-u20 SCENARIO=/results/r/scenario.yml TARGET=127.0.0.1:8007 \\
    MODEL=epoll USERS=20 python -m loadgen master       # and the same with `worker`, at any time

They meet at MASTER (127.0.0.1:5557), the only port used. The master exits 0 when load.json is
written and 1 otherwise, having said why in its last event; a worker exits when the master says so.
SIGTERM and SIGINT end either at once. Locust is used as a library (its documented way beside the
command line): its runners, users and messages, without the command line's waits of a second each.

`ui` is a master with Locust's own page in the place of a trial; its workers are told by UI=1.
`survey` is for a load host, before a run, and without Locust: see `engine/survey.py`.
"""

from __future__ import annotations

import os
import sys

from loadgen.engine import survey
from loadgen.engine.trial_config import TrialConfigError, from_environment
from loadgen.locust.announce import announce


def main(arguments: list[str]) -> int:
    if arguments == ["survey"]:
        return survey.main(os.environ.get("SURVEYED", ""))
    if arguments not in (["master"], ["worker"], ["ui"]):
        sys.stderr.write("usage: python -m loadgen master|worker|ui|survey\n")
        return 2
    try:
        config = from_environment(os.environ)
    except TrialConfigError as error:
        sys.stderr.write(f"{error}\n")
        if arguments != ["worker"]:
            announce("failed", reason=str(error))
        return 1
    from loadgen.locust import session  # noqa: PLC0415 - it patches the standard library

    return session.run(arguments[0], config)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
