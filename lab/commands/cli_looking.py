"""The commands that measure nothing: they look at runs, keep a server up, tidy up."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.console import Console

from lab.commands.options import ADDRESS, WITH

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results"
SIGNS = {"ok": "ok", "warning": "warning", "wrong": "WRONG"}
looking = click.Group()  # joined into `cli`


@looking.command()
@click.option("--run", default="", help="A folder of results/; the newest where not given.")
@click.pass_obj
def report(console: Console, run: str) -> None:
    """Make the report of a run again, from its files."""
    from lab.commands import bench as benching  # noqa: PLC0415
    from lab.records.run_folder import find  # noqa: PLC0415

    benching.show(find(RESULTS, run), ROOT, console)


@looking.command()
@click.argument("first")
@click.argument("second")
@click.option("--force", default="", help="Any text: although they measured different things.")
def compare(first: str, second: str, force: str) -> int:
    """What differs between two runs, and by how much."""
    from lab.commands import compare  # noqa: PLC0415

    return compare.compare(first, second, RESULTS, force=bool(force))


@looking.command()
@click.option("--run", default="", help="A folder of results/; the newest where not given.")
@click.pass_obj
def publish(console: Console, run: str) -> int:
    """Keep a run in results/published and make the README's figures from it."""
    from lab.commands import publish as publishing  # noqa: PLC0415

    return publishing.publish(run, ROOT, console)


@looking.command()
@click.option(
    "--run", default="", help="A run of claims; the newest, or the published one if none."
)
@click.pass_obj
def notes(console: Console, run: str) -> int:
    """The notes, each claim beside what came of it."""
    from lab.commands import notes as annotating  # noqa: PLC0415

    return annotating.notes(run, ROOT, console)


@looking.command(name="list")
def list_all() -> None:
    """Models, scenarios and claims."""
    from lab.commands import catalogue  # noqa: PLC0415 - the claims load SciPy

    click.echo(catalogue.text(ROOT))


@looking.command()
@click.option("--model", default="", help="Which one.")
@WITH
@click.pass_obj
def serve(console: Console, model: str, with_file: str) -> None:
    """Run one model for people, until Ctrl-C."""
    from lab.commands import serve as serving  # noqa: PLC0415
    from lab.run.progress import PlainLines  # noqa: PLC0415

    serving.serve(model, with_file, ROOT, PlainLines(console))


@looking.command()
@click.option("--model", default="", help="Which one; the one that is up if none.")
@click.pass_obj
def shell(console: Console, model: str) -> int:
    """A shell with ss and ps beside a server that `serve` keeps up."""
    from lab.commands import shell as looking  # noqa: PLC0415
    from lab.run.progress import PlainLines  # noqa: PLC0415

    return looking.shell(model, ROOT, PlainLines(console))


@looking.command(name="ui")
@click.option("--model", default="", help="Which one; epoll if none.")
@click.option("--scenario", default="", help="A name in scenarios/, or a path; keep-alive if none.")
@click.option("--rate", default="", help="Arrivals a second: open loop.")
@click.pass_obj
def web_ui(console: Console, model: str, scenario: str, rate: str) -> None:
    """Locust's own page over the same load, for watching, until Ctrl-C."""
    from lab.commands import ui as watching  # noqa: PLC0415
    from lab.run.progress import PlainLines  # noqa: PLC0415

    watching.ui(model, scenario, rate, ROOT, PlainLines(console))


@looking.command()
@click.option("--model", default="", help="This one alone.")
def logs(model: str) -> None:
    """Follow the logs of what runs now."""
    from lab.commands import logs as logging  # noqa: PLC0415
    from lab.containers.daemon import connect  # noqa: PLC0415
    from lab.run.session import PROJECT_NAME  # noqa: PLC0415

    logging.follow(connect(), PROJECT_NAME, [model] if model else [], click.echo)


@looking.command()
def down() -> None:
    """Stop and remove whatever of the lab runs."""
    from lab.commands import removing  # noqa: PLC0415

    removing.remove(click.echo)


@looking.command()
@click.option("--results", default="", help="Any text: remove all results as well.")
def clean(results: str) -> None:
    """Remove the lab's containers, networks and images; results only where asked for."""
    from lab.commands import removing  # noqa: PLC0415

    removing.remove(click.echo, images=True)
    if results:
        removing.remove_results(RESULTS, click.echo)


@looking.command()
@click.option("--hosts", default="", help="Hosts that the load is to come from: look at them too.")
@ADDRESS
def doctor(hosts: str, address: str) -> int:
    """Look for what would keep the lab from working, and say what to do."""
    from lab.commands import doctor as examining  # noqa: PLC0415
    from lab.run.session import PROJECT_NAME  # noqa: PLC0415

    findings = []
    for found in examining.examine(ROOT, PROJECT_NAME, os.environ, hosts, address):
        findings.append(found)
        remedy = f"\n{'':10}-> {found.remedy}" if found.remedy else ""
        click.echo(f"{SIGNS[found.level]:9} {found.name}: {found.text}{remedy}")
    return examining.status(findings)
