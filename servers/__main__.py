"""`python -m servers MODEL`: one server, until SIGTERM or SIGINT; its account is its last line."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import signal
import sys

from servers.app import Application
from servers.runtime.drain import STOP_SIGNALS, GraceOver
from servers.runtime.knobs import KNOBS, MODELS, knobs_of, takers
from servers.runtime.listener import open_listener
from servers.runtime.meter import Meter
from servers.runtime.redis_protocol import HIREDIS
from servers.runtime.settings import (
    ENVIRONMENT_PREFIX,
    SettingError,
    Settings,
    from_environment,
)

HELP_COLUMNS = 100
SITE = os.path.join(os.path.dirname(__file__), "site")


def parse(arguments: list[str], environment: dict[str, str]) -> Settings:
    """The settings asked for; exits with 2 and a line for each mistake, or 0 after --help
    and --check."""
    parser = argparse.ArgumentParser(
        prog="python -m servers",
        usage="python -m servers MODEL [--KNOB VALUE ...]",
        description="One web server, written in several ways. Each has the settings it uses.",
        epilog=f"Every setting can also come from the environment: {ENVIRONMENT_PREFIX}WORKERS=4.",
        allow_abbrev=False,
        # A width of its own: asking for the terminal's imports a dozen modules, and a fork copies
        # the mappings of all of them.
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=HELP_COLUMNS),
    )
    parser.add_argument("--check", action="store_true", help="judge the settings, and end")
    parser.add_argument("model", choices=MODELS, help="the architecture", metavar="MODEL")
    named = next((word for word in arguments if word in MODELS), None)
    for knob in knobs_of(named).values() if named else KNOBS:
        only = "" if named or knob.common else f" [{', '.join(takers(knob))}]"
        text = f"{knob.help} ({knob.parse.takes}; default {knob.default}){only}"
        flag = "--" + knob.name.replace("_", "-")
        parser.add_argument(flag, dest=knob.name, metavar="VALUE", help=text)
    known, unknown = parser.parse_known_args(arguments)
    check = known.__dict__.pop("check")
    given = {name: text for name, text in vars(known).items() if text is not None}
    model = given.pop("model")
    flags = [word for word in unknown if word.startswith("-")]
    if len(unknown) > 2 * len(flags):  # more than a value for each
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    for flag in flags:
        given[flag.lstrip("-").partition("=")[0].replace("-", "_")] = ""
    try:
        settings = Settings(model, from_environment(environment) | given)
    except SettingError as error:
        parser.exit(2, "".join(f"servers: {mistake}\n" for mistake in error.mistakes))
    if check:
        parser.exit(0)
    return settings


def main() -> int:
    """Serve; 0 after a drain, 1 where the port cannot be had, 2 for wrong settings."""
    # Held until the model takes them over (Drain.install). A SIGTERM that comes before would be
    # lost where this is PID 1, and elsewhere would end the server without an account.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    settings = parse(sys.argv[1:], dict(os.environ))
    app = Application(settings.model, SITE)
    model = importlib.import_module(f"servers.{settings.model}")
    try:
        listener = open_listener(settings)
    except OSError as error:
        print(
            f"servers: cannot listen on {settings.bind}:{settings.port}: {error.strerror}; "
            "stop what holds the port, or choose another with --port",
            file=sys.stderr,
        )
        return 1
    meter = Meter(settings.model, model.most_workers(settings))
    # What is alive now lives for good: keep the collector from touching (and in a child, copying)
    # those pages. Requests make no cycles to speak of.
    gc.collect()
    gc.freeze()
    host, port = listener.getsockname()
    print(f"{settings.model} listens on http://{host}:{port}/", file=sys.stderr, flush=True)
    if not HIREDIS:
        print("servers: hiredis is not installed: the guestbook answers 503", file=sys.stderr)
    try:
        model.serve(listener, app, settings, meter)
    except GraceOver:
        print("servers: the grace is over, requests in hand were cut off", file=sys.stderr)
    print(meter.account(), flush=True)
    # Threads that are still in hand would keep an ordinary exit waiting.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
