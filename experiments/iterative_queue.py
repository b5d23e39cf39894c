"""Does a second client wait until the first one is served?

Two clients ask at the same moment for a page that takes 300 ms and no CPU. While the first is
served, the kernel shows whether the second is in the listener's accept queue: connected, and
accepted by nobody.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lab.claims import Bars, Claim, Experiment, Laboratory, Verdict

OTHERS = ("forking", "preforked", "threaded", "prethreaded", "poll", "epoll")
SLOW_S = 0.3
PATH = "/sleep/300"
LOOK_S = 0.15  # in the middle of the first request
TWICE, ONCE = 1.7, 1.4  # times as long as alone: at least, and at most

CLAIM = Claim(
    id="iterative-queue",
    quote=(
        "In iterative server the parent process does not block on the accept call till the request"
        " is fully processed and sent to the client. Thus the next request is queued and not"
        " processed till then."
    ),
    if_true="The second client waits in the accept queue, and takes twice as long.",
    if_false="Both take as long as one alone.",
    control="One client alone takes 300 ms. The same two clients of the six other models: nobody in"
    " the accept queue, and nobody takes twice as long.",
    knob="the model",
)


@dataclass(frozen=True)
class Pair:
    """Two clients at once. `queued`: clients in the accept queue meanwhile. `alone_s`: a client
    before them. All three answers were good."""

    model: str
    alone_s: float
    first_s: float
    second_s: float
    queued: int
    good: bool

    @property
    def times(self) -> float:
        return self.second_s / self.alone_s


@dataclass(frozen=True)
class Evidence:
    iterative: Pair
    others: tuple[Pair, ...]


def gather(lab: Laboratory) -> Evidence:
    return Evidence(_pair(lab, "iterative"), tuple(_pair(lab, model) for model in OTHERS))


def _pair(lab: Laboratory, model: str) -> Pair:
    with lab.serve(model) as guest, ThreadPoolExecutor(2) as clients:
        alone = guest.ask(PATH)
        asked = [clients.submit(guest.ask, PATH) for _ in range(2)]
        time.sleep(LOOK_S)
        queued = guest.accept_queue()
        first, second = sorted((each.result() for each in asked), key=lambda each: each.took_s)
        good = {alone.status, first.status, second.status} == {200}
        return Pair(model, alone.took_s, first.took_s, second.took_s, queued, good)


def judge(seen: Evidence) -> Verdict:
    every = (seen.iterative, *seen.others)
    if not seen.others or not all(each.good and each.alone_s >= SLOW_S for each in every):
        return Verdict("inconclusive", "The slow page was not slow, or not answered.")
    if any(each.times > ONCE or each.queued for each in seen.others):
        return Verdict("inconclusive", "Clients waited for each other in another model too.")
    one = seen.iterative
    if one.times <= ONCE and not one.queued:
        return Verdict("refuted", f"The second client took {one.times:.1f} times as long as one.")
    if one.times < TWICE or one.queued != 1:
        return Verdict("inconclusive", "The accept queue and the time do not say the same.")
    slowest = max(seen.others, key=lambda each: each.times)
    return Verdict(
        "supported",
        "The one process comes back to accept() only when the answer is sent. The second client"
        f" took {one.second_s:.2f} s, {one.times:.1f} times as long as one alone;"
        " meanwhile it was in the accept queue. In the other six models nobody was queued, and the"
        f" second client took {slowest.second_s:.2f} s at most ({slowest.model}).",
    )


def bars(seen: Evidence) -> Bars:
    return Bars(
        "The slower of two clients at once, for a page of 300 ms",
        "seconds",
        tuple((each.model, each.second_s) for each in (seen.iterative, *seen.others)),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
