"""Small parts that touch the world: the daemon's stats, log lines, the host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab.containers import daemon_stats
from lab.containers.docker_events import lines
from lab.host import machine
from lab.records.record import parse_account
from tests.lab.records import account


@pytest.mark.parametrize("cut", range(1, 9))
def test_log_lines_are_whole_however_they_were_cut(cut: int) -> None:
    text = "one\ntwä\n\nlast".encode()
    chunks = (text[at : at + cut] for at in range(0, len(text), cut))
    assert list(lines(chunks)) == ["one", "twä", "", "last"]


def test_the_daemons_stats_become_counters() -> None:
    stats: dict[str, Any] = {
        "cpu_stats": {
            "cpu_usage": {
                "total_usage": 3_500_000_000,
                "usage_in_usermode": 2_000_000_000,
                "usage_in_kernelmode": 1_000_000_000,
            },
            "throttling_data": {
                "periods": 9,
                "throttled_periods": 5,
                "throttled_time": 250_000_000,
            },
        },
        "memory_stats": {"usage": 5_000, "stats": {"total_inactive_file": 700, "total_rss": 3_000}},
        "pids_stats": {"current": 9},
    }
    found = daemon_stats.parse(stats, 17.0)
    assert (found.cpu_s, found.memory_bytes, found.pids) == (3.5, 4_300, 9)
    assert (found.source, found.read_at_s, found.throttled_s) == ("docker stats", 17.0, 0.25)
    del stats["cpu_stats"]["throttling_data"]
    assert daemon_stats.parse(stats, 17.0).throttled_s is None


@pytest.mark.parametrize(
    ("stdout", "missing"),
    [
        ("", "the server printed nothing"),
        ("listening\n", "the server's last line is no account: 'listening'"),
        ('{"format": 1}\n', "the server's account cannot be read: model: Field required"),
        ('{"format": 2}\n', "the server's account cannot be read: format: Input should be 1"),
        ("[" * 100_000, "the server's last line is no account"),
    ],
)
def test_a_missing_account_says_why(stdout: str, missing: str) -> None:
    found, why = parse_account(stdout)
    assert found is None
    assert why is not None
    assert why.startswith(missing)


def test_the_account_is_the_last_line() -> None:
    text = f"listening on 8000\n{account().model_dump_json()}\n"
    assert parse_account(text) == (account(), None)


def test_the_host_is_described_without_complaint() -> None:
    host = machine.describe("1", "overlay2")
    assert host.cpus == len(host.siblings) == len(machine.online())
    assert all(number in same for number, same in host.siblings.items())
    assert "net.core.somaxconn" in host.sysctls
    assert machine.conditions().load_1m is not None


def test_a_host_that_tells_nothing_has_no_conditions(tmp_path: Path) -> None:
    found = machine.conditions(tmp_path)
    assert (found.load_1m, found.steal_s, found.cpu_pressure_s) == (None, None, None)


@pytest.mark.parametrize(
    ("words", "configuration", "proxy"),
    [
        ("/usr/sbin/dockerd", None, True),
        ("/usr/sbin/dockerd", '{"userland-proxy": false}', False),
        ("/usr/sbin/dockerd\0--userland-proxy=false", None, False),
        (None, None, None),
    ],
)
def test_the_userland_proxy_is_known_from_the_daemons_settings(
    tmp_path: Path, words: str | None, configuration: str | None, proxy: bool | None
) -> None:
    (tmp_path / "proc/77").mkdir(parents=True)
    (tmp_path / "proc/77/comm").write_text("dockerd\n" if words else "bash\n")
    (tmp_path / "proc/77/cmdline").write_text(words or "")
    if configuration:
        (tmp_path / "etc/docker").mkdir(parents=True)
        (tmp_path / "etc/docker/daemon.json").write_text(configuration)
    assert machine.userland_proxy(tmp_path) == proxy


@pytest.mark.parametrize(
    ("cpuinfo", "model"),
    [
        (
            "model name\t: AMD EPYC\ncpu family\t: 23\nmodel\t\t: 1\n",
            "AMD EPYC (family 23, model 1)",
        ),
        ("model name\t: ARMv8\n", "ARMv8"),
        ("", None),
    ],
)
def test_a_cpu_is_told_with_family_and_model_where_it_has_them(
    tmp_path: Path, cpuinfo: str, model: str | None
) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text(cpuinfo)
    assert machine.cpu_model(tmp_path) == model
