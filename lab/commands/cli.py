"""The command line: `python -m lab COMMAND`, which is what `make COMMAND` calls.

Here are the commands that measure; the others are in `cli_looking`.

Output goes to standard output, progress and messages to standard error. The exit status is 0 only
where everything asked for was done and good; 2 where nothing was started because of a mistake in
the asking; 130 after Ctrl-C.
"""

from __future__ import annotations

import click
from rich.console import Console

from lab.commands.cli_looking import ROOT, looking
from lab.commands.ending import ended
from lab.commands.options import ADDRESS, BLOCKS, HOSTS, RATE, RECEIVE, USERS, VIA, WITH
from lab.plan.choice import Asked


def main() -> int:
    return ended(cli)


@click.group(
    commands=dict(looking.commands), context_settings={"help_option_names": ["-h", "--help"]}
)
def cli() -> None:
    """Measures how Linux server architectures behave under load."""


@cli.command()
@click.option("--model", default="", help="Models, with commas between; or all.")
@click.option("--scenario", default="", help="A name in scenarios/, or a path; quick if none.")
@USERS
@RATE
@click.option("--trials", default="", help="Trials of each cell in place of the scenario's.")
@click.option("--workers", default="", help="Locust workers; one for each CPU of the load.")
@VIA
@HOSTS
@ADDRESS
@WITH
@RECEIVE
@click.option("--set", default="", help="Settings of servers: accept_mutex=on,off backlog=128.")
@click.option("--seed", default="", help="Of the order and the load; drawn where not given.")
@BLOCKS
@click.option("--resume", default="", help="A run that was paused or broken off: go on with it.")
@click.option("--force", default="", help="Any text: go on although host or images have changed.")
@click.pass_obj
def bench(console: Console, /, model: str, **asked: str) -> int:
    """Measure models, print the table."""
    from lab.commands import bench as benching  # noqa: PLC0415 - Docker's package takes 0.2 s to load

    return benching.bench(Asked(**asked, models=model), ROOT, console)


@cli.command()
@click.option("--trials", default="", help="Trials of each cell in place of the scenarios'.")
@WITH
@click.pass_obj
def race(console: Console, trials: str, with_file: str) -> int:
    """Models and references over static and keep-alive."""
    from lab.commands import race as racing  # noqa: PLC0415

    return racing.race(trials, with_file, ROOT, console)


@cli.command()
@click.option("--model", default="", help="Models, with commas between; epoll if none.")
@click.option("--scenario", default="", help="A name in scenarios/, or a path; quick if none.")
@USERS
@RATE
@click.option("--trials", default="", help="Trials of each cell; 10 if none.")
@VIA
@RECEIVE
@click.option("--set", default="", help="Settings of servers: accept_mutex=off backlog=128.")
@click.pass_obj
def noise(console: Console, /, model: str, trials: str, **asked: str) -> int:
    """One image under two names: how large a difference this host makes out of nothing."""
    from lab.commands import noise as measuring  # noqa: PLC0415

    return measuring.measure(
        Asked(**asked, models=model or "epoll", trials=trials or "10"), ROOT, console
    )


@cli.command("positive-control")
@click.option("--scenario", default="", help="A name in scenarios/, or a path; cpu if none.")
@USERS
@RATE
@click.option("--trials", default="", help="Trials of each; 10 if none.")
@click.pass_obj
def positive_control(console: Console, /, scenario: str, trials: str, **asked: str) -> int:
    """A difference that was put there: is it found?"""
    from lab.commands import positive_control as finding  # noqa: PLC0415

    both = Asked(**asked, scenario=scenario or "cpu", models="epoll", trials=trials or "10")
    return finding.measure(both, ROOT, console)


@cli.command()
@click.option("--run", default="", help="The run to do again.")
@BLOCKS
@click.option("--resume", default="", help="The new run, where it was paused or broken off.")
@click.option("--hosts", default="", help="As many load hosts, in the place of the run's.")
@ADDRESS
@click.pass_obj
def reproduce(console: Console, /, run: str, resume: str, **elsewhere: str) -> int:
    """Run a run's plan again, from its manifest; does it come out the same?"""
    from lab.commands import reproduce as reproducing  # noqa: PLC0415

    return reproducing.reproduce(run, resume, Asked(**elsewhere), ROOT, console)


@cli.command()
@click.option("--model", default="", help="Which one.")
@click.option("--scenario", default="quick", help="What to ask: a name in scenarios/, or a path.")
@click.pass_obj
def trace(console: Console, model: str, scenario: str) -> int:
    """System calls per request of one model, by strace; nothing is timed."""
    from lab.commands import trace as tracing  # noqa: PLC0415

    return tracing.trace(model, scenario or "quick", ROOT, console)


@cli.command()
@click.option("--claim", default="", help="Which ones, with commas between.")
@click.pass_obj
def claim(console: Console, claim: str) -> int:
    """Try lines of the notes on this machine."""
    from lab.commands import claim as trying  # noqa: PLC0415

    return trying.claim(claim, ROOT, console)


@cli.command()
@click.option("--resume", default="", help="A run of claims that was broken off: go on with it.")
@click.pass_obj
def claims(console: Console, resume: str) -> int:
    """Try every claim of the notes, in their order."""
    from lab.commands import claim as trying  # noqa: PLC0415

    return trying.claims(resume, ROOT, console)


@cli.command()
@click.option("--scenario", default="", help="Names or paths, with commas between; all if none.")
@VIA
@RECEIVE
@click.pass_obj
def calibrate(console: Console, scenario: str, via: str, receive: str) -> int:
    """Measure what a request costs the load generator here."""
    from lab.commands import calibrate as calibrating  # noqa: PLC0415

    return calibrating.calibrate(scenario, via, receive, ROOT, console)
