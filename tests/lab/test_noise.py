"""The noise floor: from models against themselves, and only where it belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import noise
from lab.aa import with_twins
from lab.topology import Model, Topology
from tests.lab import records
from tests.lab.trials import around, report

RATES = {"epoll": around(1_000, off=0.04), "epoll-again": around(1_002, off=0.04, turn=1)}


def test_a_model_against_itself_gives_the_floor() -> None:
    found = report(RATES)
    [pair] = noise.pairs(found)
    assert pair.low <= 1.0 <= pair.high
    assert not pair.claimed
    kept = noise.record(found, [pair])
    assert kept.floor == pytest.approx(max(1 - pair.low, pair.high - 1), abs=1e-3)
    assert "0 of 1 pairs" in noise.lines(kept)[-1]


def test_a_difference_out_of_nothing_would_be_told() -> None:
    [pair] = noise.pairs(report({"epoll": around(1_000), "epoll-again": around(1_200)}))
    assert pair.claimed
    assert "1 of 1 pairs" in noise.lines(noise.record(report(RATES), [pair]))[-1]


def test_too_few_blocks_give_none() -> None:
    assert (
        noise.pairs(report({"epoll": around(1, blocks=4), "epoll-again": around(1, blocks=4)}))
        == []
    )


def test_it_is_found_again_on_the_same_host_for_the_same_scenario(tmp_path: Path) -> None:
    found = report(RATES)
    kept = noise.record(found, noise.pairs(found))
    noise.write(tmp_path, "quick", kept)
    assert noise.floor(tmp_path, found.manifest) == kept.floor
    host = {**found.manifest.host.model_dump(), "kernel": "7.0"}
    assert noise.floor(tmp_path, records.manifest(host=host)) is None
    assert noise.floor(tmp_path, records.manifest(path="direct")) is None
    other = {"name": "quick", "sha256": "1" * 64, "text": "about: y\n"}
    assert noise.floor(tmp_path, records.manifest(scenario=other)) is None


def test_a_spoiled_file_is_no_floor(tmp_path: Path) -> None:
    (tmp_path / "noise").mkdir()
    (tmp_path / "noise" / "quick-forwarded.json").write_text("{")
    assert noise.floor(tmp_path, records.manifest()) is None


def test_a_twin_is_the_same_service_under_another_name() -> None:
    model = Model("epoll", "epoll", "image", 8007, 8007, 8000, {})
    declared = with_twins(Topology({"epoll": model}, {}, {}), ("epoll",))
    twin = declared.servers["epoll-again"]
    assert (twin.name, twin.service, twin.image) == ("epoll-again", "epoll", "image")
