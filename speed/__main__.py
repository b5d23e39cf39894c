"""`python -m speed`, which is what `make speed` calls. Exit status as in lab/cli.py."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from lab.ending import ended
from lab.progress import PlainLines

ROOT = Path(__file__).resolve().parent.parent


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rows", default="", help="Names of rows with commas between; all where none.")
@click.option("--pairs", default="", help="Rounds, each with every side of the row once (5).")
@click.option("--seconds", default="", help="Length of a measurement (2).")
@click.option("--tune", default="", help="Any text: servers/ as it lies here, no image built.")
@click.option("--render", default="", help="Any text: make the page anew, measure nothing.")
@click.pass_obj
def cli(console: Console, /, *, render: str, **asked: str) -> int:
    """How fast the servers are on their own, against others."""
    from speed import run  # noqa: PLC0415 - Docker's package takes 0.2 s to load

    if render:
        run.render(ROOT)
        return 0
    return run.run(run.check(**asked), ROOT, PlainLines(console).say)


if __name__ == "__main__":
    sys.exit(ended(cli))
