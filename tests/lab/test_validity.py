"""Verdicts: each threshold on both sides, and each rule of the counts."""

from __future__ import annotations

from typing import Any

import pytest

from lab.analysis.counts import mismatches
from lab.analysis.validity import Judgement, edges_missed, judge
from lab.records.record import Link, ServerEnd, ServerRecord
from tests.lab import records
from tests.lab.records import account, counters, life


def ended(**changes: Any) -> ServerRecord:
    values = {"exit_code": 0, "oom_killed": False, "account": account(), **changes}
    return records.server(end=ServerEnd.model_validate(values))


def texts(judgement: Judgement) -> list[str]:
    return [reason.text for reason in judgement.reasons]


def test_a_trial_in_which_all_is_right() -> None:
    judgement = judge(records.server(), records.load())
    assert (judgement.verdict, judgement.reasons, judgement.flags) == ("valid", (), ())
    assert judgement.limit == "server"


@pytest.mark.parametrize(("failures", "verdict"), [(10, "valid"), (11, "erroring")])
def test_more_than_one_failure_in_a_thousand_is_erroring(failures: int, verdict: str) -> None:
    load = records.load({500: 10_000 - failures}, failures=failures, life=life(failed=failures))
    assert judge(records.server(), load).verdict == verdict


def test_no_good_answer_is_invalid() -> None:
    assert texts(judge(records.server(), records.load({}))) == ["not one good answer in the window"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ({"exit_code": 1}, "the server ended with exit code 1"),
        ({"oom_killed": True}, "the server ran out of memory"),
        ({"account": None, "account_missing": "it was silent"}, "no account: it was silent"),
        (
            {"account": account(accepted=12_020)},
            "counts differ: client connected 12021, server accepted 12020",
        ),
    ],
)
def test_what_makes_a_trial_invalid(end: dict[str, Any], reason: str) -> None:
    judgement = judge(ended(**end), records.load())
    assert judgement.verdict == "invalid"
    assert texts(judgement) == [reason]


def test_a_generator_at_its_own_limit_makes_a_trial_invalid() -> None:
    """In the ramp or later: what it measured says nothing of the server."""
    examples = {"generator": "connecting: Too many open files"}
    load = records.load(life=life(generator=3), failure_examples=examples)
    judgement = judge(records.server(), load)
    assert judgement.verdict == "invalid"
    assert texts(judgement) == [
        "the load generator came to a limit of its own 3 times (connecting: Too many open files); "
        "ask for fewer USERS, or raise that limit"
    ]


def test_a_reference_owes_no_account() -> None:
    server = ended(account=None, account_missing="it printed nothing", reference=True)
    assert judge(server, records.load()).verdict == "valid"


def test_a_reference_may_end_by_the_signal_that_it_was_sent() -> None:
    assert (
        judge(ended(account=None, exit_code=143, reference=True), records.load()).verdict == "valid"
    )
    assert texts(judge(ended(exit_code=143), records.load())) == [
        "the server ended with exit code 143"
    ]
    crashed = judge(ended(account=None, exit_code=139, reference=True), records.load())
    assert texts(crashed) == ["the server ended with exit code 139"]


def test_all_reasons_are_told() -> None:
    judgement = judge(ended(exit_code=1, oom_killed=True, account=None), records.load({}))
    assert len(judgement.reasons) == 4


def test_a_failed_trial_tells_why_without_the_log() -> None:
    server = records.server(outcome="failed", reason="it died", last_words="many lines")
    assert texts(judge(server, None)) == ["it died"]


def test_a_missing_load_record_is_invalid() -> None:
    assert judge(records.server(), None).verdict == "invalid"


@pytest.mark.parametrize(("off_s", "missed"), [(0.05, False), (0.051, True), (-0.051, True)])
def test_counters_must_be_read_at_the_edge(off_s: float, missed: bool) -> None:
    server = records.server(closed=counters(records.CLOSES_AT_S + off_s, 9.0))
    assert (edges_missed(server, records.load()) is not None) == missed


def test_absent_counters_are_told() -> None:
    server = records.server(opened=None, counters_missing="no such files")
    assert edges_missed(server, records.load()) == "no counters: no such files"


@pytest.mark.parametrize(
    ("client", "server", "wrong"),
    [
        ({}, {}, 0),
        ({"connected": 12_021}, {}, 1),
        ({"connected": 12_021}, {"backlog_left": 1}, 0),  # connected, and nobody accepted it
        ({"probes": 2}, {"accepted": 12_022}, 0),
        ({"good": 12_001}, {}, 1),  # a good answer that no server gave
        ({"verified": 2}, {}, 1),
        ({}, {"answered": 12_002}, 1),  # an answer that nobody took
        ({"aborted": 1}, {"answered": 12_002}, 0),
        ({"failed": 1}, {"answered": 12_002}, 0),
        ({"failed": 1, "aborted": 1}, {"answered": 12_004}, 1),
        ({"failed": 5}, {}, 0),  # failures need no answer
        ({"connected": 1}, {"answered": 1}, 2),
    ],
)
def test_the_two_rules_of_the_counts(
    client: dict[str, int], server: dict[str, int], wrong: int
) -> None:
    assert len(mismatches(life(**client), account(**server))) == wrong


@pytest.mark.parametrize(("stolen_s", "flagged"), [(0.2, False), (0.21, True)])
def test_time_that_the_host_stole_is_flagged(stolen_s: float, flagged: bool) -> None:
    second = {
        "t_s": 0, "cpu_share": 0.5, "run_delay_s": 0, "loop_lag_max_us": 0,
        "send_lag_max_us": 0, "bytes": 1, "steal_s": stolen_s / 10,
    }  # fmt: skip
    load = records.load(load_workers=(records.worker(seconds=[second] * 10),))
    assert [flag.kind for flag in judge(records.server(), load).flags] == ["disturbed"] * flagged


def test_a_host_that_had_not_settled_is_flagged() -> None:
    server = records.server(settling={"calm": False})
    assert [flag.kind for flag in judge(server, records.load()).flags] == ["unsettled"]


@pytest.mark.parametrize(
    ("bound_s", "flags"),
    [(0.001, []), (0.0011, ["clock"]), (0.010, ["clock"]), (0.0101, ["no CPU"])],
)
def test_how_well_the_clocks_of_load_hosts_are_known(bound_s: float, flags: list[str]) -> None:
    """Beyond 10 ms the counters are those of another window."""
    workers = (records.worker(), records.worker(clock_offset_s=77.0, clock_bound_s=bound_s))
    judgement = judge(records.server(), records.load(load_workers=workers))
    assert [flag.kind for flag in judgement.flags] == flags


@pytest.mark.parametrize(("resent", "flags"), [(10, []), (11, ["resent"])])
def test_segments_that_were_sent_again_to_load_hosts_are_told(
    resent: int, flags: list[str]
) -> None:
    server = records.server(**records.resending(resent))
    linked = server.model_copy(update={"links": (Link(host="b", rtt_us=200, bytes_per_s=10**9),)})
    assert [flag.kind for flag in judge(linked, records.load()).flags] == flags
    assert judge(server, records.load()).flags == ()
