"""What the command line asks for and a scenario cannot be given."""

from __future__ import annotations

from collections.abc import Sequence

from loadgen.formats.scenario import Scenario

FEWEST_STEPS, MOST_STEPS = 3, 100  # as in the scenarios' `find`
MOST_TOGETHER = 16  # each has a network of Docker, of which a host has some thirty


def of_the_load(scenario: Scenario, rates: Sequence[float], trials: int | None) -> list[str]:
    wrong = []
    if rates and scenario.find:
        wrong.append("RATE: the scenario's `find` seeks the rate itself; leave out RATE")
    elif rates and scenario.think_s:
        wrong.append("RATE: in an open loop nobody thinks; take a scenario without `think`")
    if scenario.find and trials and not FEWEST_STEPS <= trials <= MOST_STEPS:
        wrong.append(f"TRIALS: to find a limit takes {FEWEST_STEPS} to {MOST_STEPS} for each model")
    return wrong


def of_a_block_together(
    scenario: Scenario, models: Sequence[str], *, via: str, hosts: str, receive: str
) -> list[str]:
    """As written on the command line, but for the models. None where its trials run apart."""
    if not scenario.together:
        return []
    what = "the scenario's `block: together`"
    wrong = []
    if via == "published":
        wrong.append(f"VIA: {what} needs a network for each server; leave out VIA")
    if hosts:
        wrong.append(f"HOSTS: {what} takes its load from this host; leave out HOSTS")
    if receive == "guest":
        wrong.append(f"RECEIVE: {what} cannot tell whose packets are received; leave out RECEIVE")
    if len(models) > MOST_TOGETHER:
        wrong.append(f"MODEL: {what} takes {MOST_TOGETHER} models at most; name fewer")
    return wrong
