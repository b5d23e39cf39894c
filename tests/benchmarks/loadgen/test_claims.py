"""From figures to verdicts: each claim on both sides of its floor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.claim import Judged
from benchmarks.inside.measured import Measured
from benchmarks.loadgen.claims import CLAIMS, judge
from tests.benchmarks.loadgen.figures import STALLED, figures


def of(measure: str, found: list[Measured], pairs: int = 1) -> Judged:
    [judged] = [each for each in judge(found, pairs) if measure in each.claim.measure]
    return judged


def test_where_all_is_well_every_claim_holds() -> None:
    judged = judge(figures(5), 5)
    assert len(judged) == len(CLAIMS)
    assert {each.verdict for each in judged} == {"pass"}


OFF_90, OFF_95, OFF_99 = (STALLED[f"response_p{percent}_us"] for percent in (90, 95, 99))


@pytest.mark.parametrize(
    ("measure", "value", "reaches", "misses"),
    [
        ("by wrk's", "keep-alive engine rate_per_s", 90_000, 89_900),
        ("by FastHttpUser's", "keep-alive FastHttpUser rate_per_s", 12_500, 12_600),
        ("the better of", "fresh engine rate_per_s", 12_750, 12_740),
        ("achieved", "rate engine achieved_per_s", 9_950, 9_940),
        ("send lag", "rate engine send_lag_p99_us", 100, 101),
        ("p90 of response", "stall open response_p90_us", OFF_90 + 49e3, OFF_90 + 51e3),
        ("p95 of response", "stall open response_p95_us", OFF_95 - 49e3, OFF_95 - 51e3),
        ("p99 of response", "stall open response_p99_us", OFF_99 + 49e3, OFF_99 + 51e3),
        ("p50, off", "percentiles engine response_p50_us", 4_390, 4_410),
        ("p90, off", "percentiles engine response_p90_us", 5_050, 5_030),
        ("p99, off", "percentiles engine response_p99_us", 6_590, 6_610),
        ("established", "crowd engine established", 15_000, 14_999),
        ("served", "crowd engine served", 15_000, 14_999),
        ("ramp", "crowd engine ramp_s", 10, 10.1),
        ("memory", "crowd engine memory_bytes", 300e6, 301e6),
        ("server, keep-alive", "counts keep-alive requests", 1_000_000, 999_999),
        ("same, keep-alive", "counts keep-alive differing", 0, 1),
        ("server, fresh", "counts fresh requests", 1_000_000, 999_999),
        ("same, fresh", "counts fresh differing", 0, 1),
    ],
)
def test_a_claim_on_both_sides_of_its_floor(
    measure: str, value: str, reaches: float, misses: float
) -> None:
    assert of(measure, figures(changed={value: reaches})).verdict == "pass"
    assert of(measure, figures(changed={value: misses})).verdict == "missed"


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    found = figures(3)
    rates = {("engine", 1): 80e3, ("engine", 2): 300e3, ("engine", 3): 95e3}
    bent = [
        replace(each, values=each.values | {"rate_per_s": rates[each.side, each.round]})
        if each.row == "keep-alive" and each.side == "engine"
        else each
        for each in found
    ]
    judged = of("by wrk's", bent, 3)
    assert judged.values == pytest.approx((0.8, 3.0, 0.95))
    assert judged.value == pytest.approx(0.95)


def test_fresh_connections_are_held_against_the_better_of_the_two() -> None:
    found = figures(changed={"fresh wrk rate_per_s": 20_000, "fresh ab rate_per_s": 10_000})
    assert of("the better of", found).value == pytest.approx(0.75)
    found = figures(changed={"fresh wrk rate_per_s": 10_000, "fresh ab rate_per_s": 20_000})
    assert of("the better of", found).value == pytest.approx(0.75)


@pytest.mark.parametrize("side", ["engine", "wrk"])
def test_a_round_that_went_wrong_is_not_judged_and_spoils_the_verdict(side: str) -> None:
    found = [
        replace(each, faults="3 read errors")
        if (each.row, each.side, each.round) == ("keep-alive", side, 2)
        else each
        for each in figures(3)
    ]
    judged = of("by wrk's", found, 3)
    assert (len(judged.values), judged.verdict) == (2, "erring")


def test_a_side_that_only_another_claim_needs_spoils_nothing() -> None:
    found = [
        replace(each, values={}, faults="gave up") if each.side == "FastHttpUser" else each
        for each in figures()
    ]
    assert of("by wrk's", found).verdict == "pass"
    assert of("by FastHttpUser's", found).verdict == "erring"


def test_a_row_that_was_not_measured_is_not_judged() -> None:
    found = [each for each in figures() if each.row == "rate"]
    assert {each.claim.row for each in judge(found, 1)} == {"rate"}
