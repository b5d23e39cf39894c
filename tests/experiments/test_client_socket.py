"""The verdict on the listener and its clients' sockets follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.client_socket import Carried, Evidence, Held, judge

ALL = Held(listening=1, established=5, accepted=5, queued=0, one_more=True, stayed=5)
ONE = Held(listening=1, established=5, accepted=1, queued=4, one_more=False, stayed=5)
NONE = Held(listening=0, established=0, accepted=0, queued=0, one_more=True, stayed=0)
CARRIED = Carried(listener=5, client=11, on_client=3, on_listener=0)
SEEN = Evidence(threaded=ALL, iterative=ONE, carried=CARRIED)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, threaded=replace(ALL, one_more=False)), "refuted"),
        (replace(SEEN, threaded=replace(ALL, accepted=1, queued=4)), "refuted"),
        (replace(SEEN, threaded=replace(ALL, stayed=4)), "refuted"),
        (replace(SEEN, carried=replace(CARRIED, on_listener=2)), "refuted"),
        (replace(SEEN, iterative=ALL), "inconclusive"),  # inodes do not tell who was accepted
        (replace(SEEN, iterative=replace(ONE, queued=0)), "inconclusive"),
        (Evidence(NONE, NONE, CARRIED), "inconclusive"),  # another network namespace
        (replace(SEEN, threaded=NONE), "inconclusive"),
        (replace(SEEN, carried=Carried(None, None, 0, 0)), "inconclusive"),
        (replace(SEEN, carried=replace(CARRIED, listener=None)), "inconclusive"),
        (replace(SEEN, carried=replace(CARRIED, on_client=0)), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
