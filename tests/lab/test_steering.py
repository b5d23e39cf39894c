"""Steering: the kernel's masks, who receives by default, and a daemon that refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.containers import steering
from lab.host.cpus import Allotment
from lab.records.record import Receive
from lab.run import prepare

APART, ONE_CPU = Allotment((1,), (0,), (0,)), Allotment((0,), (0,), (0,))


@pytest.mark.parametrize(
    ("cpus", "written"), [({0}, "1"), ({1}, "2"), ({0, 5}, "21"), ({32}, "1,00000000")]
)
def test_masks_are_written_as_the_kernel_reads_them(cpus: set[int], written: str) -> None:
    assert steering.mask(cpus) == written


@given(st.sets(st.integers(0, 300), min_size=1))
def test_no_cpu_is_lost_in_a_mask(cpus: set[int]) -> None:
    written = steering.mask(cpus)
    bits = int(written.replace(",", ""), 16)
    assert {cpu for cpu in range(301) if bits >> cpu & 1} == cpus
    first, *groups = written.split(",")
    assert all(len(group) == 8 for group in groups)
    assert 1 <= len(first) <= 8


@pytest.mark.parametrize(
    ("wanted", "allotted", "refused", "held"),
    [
        (None, APART, None, "guest"),
        ("guest", APART, None, "guest"),
        ("sender", APART, None, "sender"),
        (None, APART, "not permitted", "sender"),
        ("guest", APART, "not permitted", "sender"),
        (None, ONE_CPU, None, "sender"),
        ("guest", ONE_CPU, None, "sender"),
    ],
)
def test_the_guest_receives_where_it_can_and_nobody_wants_otherwise(
    wanted: Receive | None,
    allotted: Allotment,
    refused: str | None,
    held: Receive,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing: Any = None
    monkeypatch.setattr(steering, "refusal", lambda *_: refused)
    said: list[str] = []
    assert prepare.receive(nothing, nothing, wanted, allotted, said.append) == held
    disappointed = held == "sender" and (refused or wanted == "guest")
    assert len(said) == bool(disappointed), "it is said once, and only where it matters"
