"""The doctor on what was measured of this host: a line with the command where nothing was."""

from __future__ import annotations

from pathlib import Path

from lab.commands import measured_checks
from lab.host.host_checks import Finding
from lab.records import ceiling, noise_floor
from lab.records.ceiling import Calibration, Cost
from lab.records.manifest import Host
from lab.records.noise_floor import NoiseRecord
from tests.lab import records

HERE = records.manifest().host
IMAGE = "sha256:load"


def found(results: Path, host: Host = HERE) -> list[Finding]:
    return list(measured_checks.findings(results, host, IMAGE))


def measured(results: Path) -> None:
    cost = Cost(
        cpu_model=HERE.cpu_model,
        kernel=HERE.kernel,
        image=IMAGE,
        path="forwarded",
        connection="close",
        loop="closed",
        rate_rps=None,
        body_bytes=600,
        answer_bytes=800.0,
        cpu_us=80.0,
        cpu_share=0.9,
        at="2026-11-23",
        lab="0.1.0",
    )
    ceiling.write(results, Calibration(costs=(cost,)))
    floor = NoiseRecord(
        run="x",
        at="2026-11-23",
        cpu_model=HERE.cpu_model,
        cpus=HERE.cpus,
        kernel=HERE.kernel,
        scenario_sha256="0" * 64,
        path="forwarded",
        floors={"throughput": 0.02},
        pairs=(),
    )
    noise_floor.write(results, "quick", floor)


def test_where_nothing_was_measured_the_command_is_told_and_nothing_is_wrong(
    tmp_path: Path,
) -> None:
    calibration, floor = found(tmp_path)
    assert (calibration.level, floor.level) == ("ok", "ok")
    assert calibration.remedy.startswith("make calibrate")
    assert floor.remedy.startswith("make noise")


def test_what_was_measured_here_is_told(tmp_path: Path) -> None:
    measured(tmp_path)
    calibration, floor = found(tmp_path)
    assert (calibration.text, calibration.remedy) == ("1 kind of requests", "")
    assert (floor.text, floor.remedy) == ("known of quick-forwarded-00000000", "")


def test_what_was_measured_of_another_host_counts_for_nothing(tmp_path: Path) -> None:
    measured(tmp_path)
    other = HERE.model_copy(update={"kernel": "another"})
    assert all(each.remedy for each in found(tmp_path, other))


def test_a_calibration_that_cannot_be_read_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / ceiling.FILE).write_text("{")
    (tmp_path / "noise").mkdir()
    (tmp_path / "noise/quick-forwarded.json").write_text("{")
    calibration, floor = found(tmp_path)
    assert calibration.level == "warning"
    assert "remove it" in calibration.remedy
    assert floor.remedy.startswith("make noise")
