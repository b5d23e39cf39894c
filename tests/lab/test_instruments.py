"""Small parts that touch the world: settling, the daemon's stats, log lines, the host."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import daemon_stats, machine
from lab.happenings import lines
from lab.record import parse_account
from lab.settle import CONNTRACK_SHARE, TIME_WAIT, settle
from tests.lab.records import account


def calm_host(root: Path, conntrack: int = 100, waiting: int = 0) -> Path:
    for path, text in {
        "proc/sys/net/netfilter/nf_conntrack_count": f"{conntrack}\n",
        "proc/sys/net/netfilter/nf_conntrack_max": "1000\n",
        "proc/42/net/sockstat": f"sockets: used 9\nTCP: inuse 3 tw {waiting} alloc 4 mem 1\n",
        "proc/loadavg": "0.52 0.40 0.30 1/200 4242\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.mark.parametrize(
    ("conntrack", "waiting", "calm"),
    [
        (int(1000 * CONNTRACK_SHARE), 0, True),
        (int(1000 * CONNTRACK_SHARE) + 1, 0, False),
        (0, TIME_WAIT, True),
        (0, TIME_WAIT + 1, False),
    ],
)
def test_settling_waits_for_conntrack_and_time_wait(
    tmp_path: Path, conntrack: int, waiting: int, calm: bool
) -> None:
    found = settle(42, calm_host(tmp_path, conntrack, waiting), patience_s=0.0)
    assert found.calm == calm
    assert (found.conntrack_count, found.conntrack_max) == (conntrack, 1000)
    assert (found.time_wait, found.load_1m) == (waiting, 0.52)


def test_settling_ends_when_the_host_calms_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm_host(tmp_path, conntrack=900)
    monkeypatch.setattr("lab.settle.time.sleep", lambda _: calm_host(tmp_path))
    assert settle(42, tmp_path).calm


def test_a_host_that_tells_nothing_counts_as_calm(tmp_path: Path) -> None:
    assert settle(None, tmp_path).calm


@pytest.mark.parametrize("cut", range(1, 9))
def test_log_lines_are_whole_however_they_were_cut(cut: int) -> None:
    text = "one\ntwä\n\nlast".encode()
    chunks = (text[at : at + cut] for at in range(0, len(text), cut))
    assert list(lines(chunks)) == ["one", "twä", "", "last"]


def test_the_daemons_stats_become_counters() -> None:
    stats = {
        "cpu_stats": {
            "cpu_usage": {
                "total_usage": 3_500_000_000,
                "usage_in_usermode": 2_000_000_000,
                "usage_in_kernelmode": 1_000_000_000,
            }
        },
        "memory_stats": {"usage": 5_000, "stats": {"total_inactive_file": 700, "total_rss": 3_000}},
        "pids_stats": {"current": 9},
    }
    found = daemon_stats.parse(stats, 17.0)
    assert (found.cpu_s, found.memory_bytes, found.pids) == (3.5, 4_300, 9)
    assert (found.source, found.read_at_s) == ("docker stats", 17.0)


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
