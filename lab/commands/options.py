"""Options that several commands take."""

from __future__ import annotations

import click

USERS = click.option("--users", default="", help="Numbers of users in place of the scenario's.")
RATE = click.option(
    "--rate", default="", help="Arrivals a second in place of the scenario's: open loop."
)
VIA = click.option("--via", default="", help="Path: forwarded, published or direct.")
RECEIVE = click.option(
    "--receive", default="", help="Whose CPU receives for the server: guest or sender."
)
HOSTS = click.option(
    "--hosts", default="", help="Docker contexts or addresses that the load comes from."
)
ADDRESS = click.option("--address", default="", help="This host's, where those reach it.")
BLOCKS = click.option(
    "--blocks", default="", help="Measure so many, then pause: RESUME goes on, later."
)
WITH = click.option(
    "--with", "with_file", default="", help="A Compose file with a server of your own."
)
