"""The sentence about a model: from the figures alone, in the order of what explains most."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lab.analysis import evidence, why
from lab.analysis.evidence import Evidence
from lab.analysis.mechanism import Mechanism
from lab.records.record import ServerEnd
from loadgen.formats.record import Connections, Shares
from tests.lab import records
from tests.lab.records import account

CALM = Mechanism(
    cpu_us=55.0,
    cpu_user_us=30.0,
    cpu_system_us=25.0,
    voluntary_switches=1.0,
    involuntary_switches=0.1,
    forks=0.0,
    workers_begun=0.0,
    workers_at_once=1,
    accept_queue=20.0,
    listen_overflows=0,
    retransmits_per_1000=0.0,
)


def about(of_mechanism: dict[str, Any] | None = None, **changes: Any) -> str:
    plain = Evidence(
        mechanism=replace(CALM, **(of_mechanism or {})),
        limit="server",
        lateness=None,
        cpu_share=0.7,
        users=50,
        unconnected=0,
        unserved=0,
        always_asking=True,
    )
    return why.cause(replace(plain, **changes)).sentence


FORKING = {"forks": 1.0, "workers_begun": 1.0, "cpu_user_us": 290.0, "cpu_system_us": 710.0}
THREADS = {"workers_begun": 1.0, "cpu_user_us": 20.0, "cpu_system_us": 80.0}
OVERFLOWED = {"listen_overflows": 3_400}
POOL = {"workers_at_once": 8}


@pytest.mark.parametrize(
    ("of_mechanism", "changes", "said"),
    [
        ({}, {}, "shows no cause that stands out: CPU 70% busy, 55.0 us of CPU per request"),
        (
            FORKING,
            {},
            "starts a process for each request: 55.0 us of CPU, 71% of it in the kernel,"
            " 1.10 context switches",
        ),
        (
            THREADS,
            {},
            "starts a thread for each request: 55.0 us of CPU, 80% of it in the kernel,"
            " 1.10 context switches",
        ),
        (POOL, {"unserved": 42}, "serves 8 of 50 users with a pool of 8; the others wait"),
        ({}, {"unserved": 49}, "serves 1 of 50 users; the others wait"),
        (
            POOL,
            {"unserved": 42, "cpu_share": 0.98},
            "serves 8 of 50 users with a pool of 8; the others wait: per request"
            " 55.0 us of CPU, 45% of it in the kernel, 1.10 context switches",
        ),
        (
            OVERFLOWED,
            {"unconnected": 20},
            "leaves 20 of 50 users unconnected: its accept queue overflowed 3,400 times",
        ),
        (
            {**POOL, "accept_queue": 41.5},
            {"cpu_share": 0.06},
            "handles 8 requests at a time, and waits: CPU 6% busy",
        ),
        (
            {"accept_queue": 49.0},
            {"cpu_share": 0.06},
            "handles one request at a time, and waits: CPU 6% busy",
        ),
        (
            {"accept_queue": 0.0},
            {"cpu_share": 0.2},
            "waits for 50 users at once: CPU 20% busy, and nobody queues",
        ),
        (
            {},
            {"limit": "generator", "cpu_share": 0.55},
            "was held back by the load generator: CPU 55% busy, 55.0 us of CPU per request",
        ),
        (
            {},
            {"limit": "generator", "lateness": "sent late", "cpu_share": 0.55},
            "was held back by the load generator, late (sent late): CPU 55% busy,"
            " 55.0 us of CPU per request",
        ),
        (
            {"voluntary_switches": 4.0, "involuntary_switches": 0.5},
            {},
            "takes 4.5 context switches for each request: 55.0 us of CPU per request",
        ),
        (OVERFLOWED, {}, "accepts too slowly: its accept queue overflowed 3,400 times"),
        (
            {"retransmits_per_1000": 2.0},
            {},
            "sends 2.0 segments again per 1,000 requests",
        ),
        (
            {},
            {"cpu_share": 0.99},
            "uses all of its CPU: per request 55.0 us of CPU, 45% of it in the kernel,"
            " 1.10 context switches",
        ),
    ],
)
def test_each_rule_and_its_words(
    of_mechanism: dict[str, Any], changes: dict[str, Any], said: str
) -> None:
    assert about(of_mechanism, **changes) == said


@pytest.mark.parametrize(
    ("of_mechanism", "changes", "first"),
    [
        (FORKING, {"unserved": 42, "unconnected": 3}, "leaves 3 of 50 users unconnected"),
        (FORKING, {"unserved": 42}, "serves 8 of 50 users"),
        (FORKING, {"limit": "generator"}, "was held back"),
        ({**FORKING, "accept_queue": 25.0}, {"limit": "generator"}, "starts a process"),
        (
            {**POOL, "accept_queue": 42},
            {"limit": "generator", "cpu_share": 0.06},
            "handles 8 requests at a time, and waits",
        ),
        (FORKING, {"cpu_share": 0.3}, "waits more than it works"),
        ({**FORKING, "voluntary_switches": 9.0, **OVERFLOWED}, {}, "starts a process"),
        (
            {"voluntary_switches": 9.0, **OVERFLOWED},
            {"cpu_share": 0.99},
            "takes 9.1 context switches",
        ),
        (FORKING, {"limit": "both", "cpu_share": 0.99}, "starts a process"),
    ],
)
def test_what_explains_more_comes_first(
    of_mechanism: dict[str, Any], changes: dict[str, Any], first: str
) -> None:
    assert about(of_mechanism, **changes).startswith(first)


@pytest.mark.parametrize(
    ("of_mechanism", "changes", "speaks"),
    [
        ({"forks": why.EACH}, {}, "0.5 processes for each request"),
        ({"workers_begun": why.EACH}, {}, "0.5 threads for each request"),
        ({"voluntary_switches": why.SWITCHES, "involuntary_switches": 0.0}, {}, "switches"),
        ({"listen_overflows": 2}, {"users": 200}, "overflowed 2 times"),
        ({"retransmits_per_1000": why.RETRANSMITS}, {}, "segments"),
        ({}, {"cpu_share": 0.9}, "all of its CPU"),
        ({}, {"cpu_share": why.IDLE - 0.01}, "waits more"),
    ],
)
def test_a_threshold_speaks_from_its_figure_on(
    of_mechanism: dict[str, Any], changes: dict[str, Any], speaks: str
) -> None:
    assert speaks in about(of_mechanism, **changes)
    below = {key: value * 0.99 - 0.01 for key, value in of_mechanism.items()}
    quiet = {"cpu_share": 0.89} if "cpu_share" in changes else {}
    assert about(below, **{**changes, **quiet}).startswith("shows no cause that stands out")


def test_one_loop_that_holds_many_is_not_said_to_serve_one() -> None:
    """The same one worker, the same idle CPU: what tells them apart is the accept queue."""
    assert about({"accept_queue": 49}, cpu_share=0.06).startswith("handles one request at a time")
    assert about({"accept_queue": 1}, cpu_share=0.06).startswith("waits for 50 users at once")
    assert about({"accept_queue": 25}, cpu_share=0.06).startswith("waits more than it works")


def test_a_full_pool_is_told_until_its_cpu_is_what_is_full() -> None:
    full = {**POOL, "accept_queue": 41.5}
    assert about(full, cpu_share=0.89) == "handles 8 requests at a time, and waits: CPU 89% busy"
    assert about(full, cpu_share=0.90).startswith("uses all of its CPU")


def test_who_rests_between_requests_is_not_said_to_be_in_progress() -> None:
    said = about({"accept_queue": 0}, cpu_share=0.06, always_asking=False)
    assert said.startswith("waits more than it works")


def test_what_is_unknown_is_not_guessed() -> None:
    nothing = replace(CALM, **dict.fromkeys(vars(CALM)))
    assert about(vars(nothing), cpu_share=None) == "shows no cause that stands out: CPU unknown"
    assert about(vars(nothing), unserved=42).startswith("serves 8 of 50 users")


def test_the_sentence_comes_from_the_records_and_not_from_the_name() -> None:
    connections = Connections(
        requested=50,
        established=50,
        unconnected=0,
        unserved=42,
        shares=Shares(served=8, min=1, median=9, max=9, jain=0.2),
    )
    pool = account(workers=[{"accepted": 7, "answered": 7}] * 8)
    end = ServerEnd(exit_code=0, oom_killed=False, account=pool)
    said = {
        why.cause(
            evidence.of(
                [
                    (
                        records.server(model=name, end=end),
                        records.load(model=name, users=50, connections=connections),
                    )
                ],
                None,
            )
        ).sentence
        for name in ("prethreaded", "preforked", "epoll", "anything")
    }
    assert said == {
        "serves 8 of 50 users with a pool of 8; the others wait: per request"
        " 950 us of CPU, 40% of it in the kernel, 0.50 context switches"
    }


def test_of_several_trials_the_medians_count() -> None:
    waiting = [
        Connections(requested=20, established=20, unconnected=0, unserved=n) for n in (0, 2, 9)
    ]
    trials = [(records.server(), records.load(connections=each)) for each in waiting]
    assert evidence.of(trials, None).unserved == 2


@pytest.mark.parametrize(("changes", "asking"), [({}, True), ({"think_s": 0.5}, False)])
def test_only_a_closed_loop_without_rest_asks_always(changes: dict[str, Any], asking: bool) -> None:
    trials = [(records.server(), records.load(**changes))]
    assert evidence.of(trials, None).always_asking == asking
