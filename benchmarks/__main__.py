"""`python -m benchmarks`, for `make speed` and `make generator`. Exit status as the lab's."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from lab.commands.ending import ended

ROOT = Path(__file__).resolve().parent.parent


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", type=click.Choice(["servers", "loadgen"]))
@click.option("--rows", default="", help="Names of rows with commas between; all where none.")
@click.option("--pairs", default="", help="Rounds, each with every side of the row once (5).")
@click.option(
    "--duration", "seconds", default="", help="Length of a measurement (servers 2, loadgen 3)."
)
@click.option("--tune", default="", help="Any text: the sources as they lie here, no image built.")
@click.option("--render", default="", help="Any text: make the page anew, measure nothing.")
@click.pass_obj
def cli(console: Console, /, *, name: str, render: str, **asked: str) -> int:
    """Measure the servers, or the load engine, against others."""
    from benchmarks import page, run  # noqa: PLC0415 - Docker's package takes 0.2 s to load
    from benchmarks.loadgen.benchmark import LOADGEN  # noqa: PLC0415
    from benchmarks.servers.benchmark import SERVERS  # noqa: PLC0415

    benchmark = {"servers": SERVERS, "loadgen": LOADGEN}[name]
    if render:
        page.write(benchmark, ROOT)
        return 0
    return run.run(run.check(benchmark, **asked), ROOT, console)


if __name__ == "__main__":
    sys.exit(ended(cli))
