"""A forking server serves concurrent users much better than an iterative one.

Every answer waits 50 ms, as for a database. An iterative server waits with it, so that it answers
20 requests a second however many users there are. A forking server has a child for each client,
and the children wait side by side. So the gain should grow with the users, and with one user there
should be none. Where an answer does not wait, a child costs its fork all the same, and nothing is
gained: so both are measured with a small file as well.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from lab.claims import Bars, Claim, Experiment, Laboratory, Measured, Ratio, Verdict

WAITING = "experiments/scenarios/waiting.yml"
AT_ONCE = "experiments/scenarios/small-file.yml"
MODELS = ("iterative", "forking")
USERS = (1, 4, 16)
MOST_PER_S, LEAST_PER_S = 20.5, 14.0  # one user, whose every answer waits 50 ms
BIG = 2.0  # times: a big improvement
CLIENTS = 8
ASK = b"GET /sleep/2000 HTTP/1.1\r\nHost: lab\r\n\r\n"
SETTLED_S = 0.5  # for a server that goes on to have taken all whom it will

CLAIM = Claim(
    id="forking-concurrency",
    quote="Big improvement in handling concurrent users compared to iterative servers.",
    if_true="The more users, the larger the ratio of forking to iterative in requests/s, and no"
    " less than 1 where answers do not wait.",
    if_false="As many at every step: the users of both wait for each other.",
    control="One user of either server gets almost 20 answers a second, or the route does not wait."
    " Of eight clients at once the kernel must show seven in the iterative server's accept queue.",
    knob="the users: 1, 4, 16; whether an answer waits",
)


@dataclass(frozen=True)
class AtOnce:
    """Eight clients have asked: so many children serve, so many clients are in the accept queue."""

    children: int
    queued: int


@dataclass(frozen=True)
class Evidence:
    iterative: AtOnce
    forking: AtOnce
    ladder: Measured  # each answer waits
    at_once: Measured  # none waits


def gather(lab: Laboratory) -> Evidence:
    return Evidence(
        _at_once(lab, "iterative"),
        _at_once(lab, "forking"),
        lab.bench(WAITING, models=MODELS, users=USERS, trials=2),
        lab.bench(AT_ONCE, models=MODELS, users=USERS[-1:], trials=3),
    )


def _at_once(lab: Laboratory, model: str) -> AtOnce:
    with lab.serve(model) as guest:
        clients = [guest.connect() for _ in range(CLIENTS)]
        for client in clients:
            client.sendall(ASK)
        time.sleep(SETTLED_S)
        found = AtOnce(len(guest.children()), guest.accept_queue())
        for client in clients:
            client.close()
        return found


def judge(seen: Evidence) -> Verdict:
    blind = _blind(seen)
    one, some, many = (_gain(seen.ladder, users) for users in USERS)
    at_once = _gain(seen.at_once, USERS[-1])
    if blind or not (one and some and many and at_once):
        return Verdict("inconclusive", blind or "A step of the ladder was not measured.")
    gains = ", ".join(f"{each.mid:.2g} ({each.users})" for each in (one, some, many))
    between = f"95 % interval at {many.users}: {many.low:.1f} to {many.high:.1f}"
    if many.high < BIG:
        return Verdict(
            "refuted", f"Requests/s of forking over iterative (users): {gains}. {between}."
        )
    if many.low < BIG:
        return Verdict("inconclusive", f"The gain is not known well enough. {between}.")
    grows = one.high < some.low and some.high < many.low
    how = "the more users, the larger the gain" if grows else "the gain does not grow at every step"
    told = (
        f"Where each answer waits 50 ms, {how}. Requests/s of forking over iterative (users):"
        f" {gains}; {between}. When eight clients come at once, {seen.forking.children} children"
        f" wait side by side; in the iterative server {seen.iterative.queued} clients wait in the"
        " accept queue."
    )
    small = f"Where no answer waits (a small file) the ratio is {at_once.mid:.2g}"
    if at_once.high < 1:
        return Verdict("refined", f"{told} {small}: a fork costs more than it gains.")
    return Verdict("supported" if grows else "refined", f"{told} {small}.")


def _blind(seen: Evidence) -> str:
    """Why nothing may be said; empty where the controls hold."""
    if not (seen.ladder.all_answered and seen.at_once.all_answered):
        return "Requests failed, or users got no answer."
    alone = [row.requests_per_s for row in seen.ladder.rows if row.users == 1]
    if not alone or not all(LEAST_PER_S <= rate <= MOST_PER_S for rate in alone):
        return "One user did not get almost 20 answers a second: the route does not wait 50 ms."
    if seen.iterative != AtOnce(children=0, queued=CLIENTS - 1):
        return "The kernel does not show seven clients in the iterative server's accept queue."
    if seen.forking != AtOnce(children=CLIENTS, queued=0):
        return "The kernel does not show eight children of the forking server."
    return ""


def _gain(measured: Measured, users: int) -> Ratio | None:
    return measured.ratio("forking", "iterative", users)


def bars(seen: Evidence) -> Bars:
    gains = {f"users: {users}": _gain(seen.ladder, users) for users in USERS}
    gains["no answer waits"] = _gain(seen.at_once, USERS[-1])
    return Bars(
        "Requests that forking answers for each that iterative answers",
        "times",
        tuple((name, gain.mid) for name, gain in gains.items() if gain),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
