"""The server's CPU over a window: that of its CPUs, or that of its cgroup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab.analysis import mechanism
from lab.analysis.bottleneck import bottleneck
from lab.analysis.server_cpu import over_window
from lab.host import cpu_time
from lab.host.cpu_time import Ticks, ticks
from lab.records.record import Counters, CpuTime, ServerRecord
from tests.lab import records
from tests.lab.records import CLOSES_AT_S, OPENS_AT_S


def reading(at_s: float, cpu_s: float, **changes: Any) -> Counters:
    values = {"count": 1, "idle_s": 0.0, "steal_s": 0.0, "user_s": 0.0, "softirq_s": 0.0}
    cpus = CpuTime.model_validate({**values, **changes})
    return records.counters(at_s, cpu_s).model_copy(update={"cpus": cpus})


def server(receive: str, cpu_s: float, **spent: float) -> ServerRecord:
    """A window of 10 s in which the cgroup used `cpu_s`, and its CPU spent its time so."""
    closed = reading(CLOSES_AT_S, cpu_s, **spent)
    return records.server(receive=receive, opened=reading(OPENS_AT_S, 0.0), closed=closed)


def test_softirqs_that_no_cgroup_shows_are_the_guests_who_receives_for_itself() -> None:
    found = over_window(server("guest", 7.5, idle_s=0.5, user_s=4.0, softirq_s=2.5))
    assert found is not None
    assert found.share == pytest.approx(0.95)
    assert (found.user_s, found.softirq_s) == (4.0, 2.5)
    assert found.system_s == pytest.approx(3.0)


def test_a_server_whose_sender_receives_for_it_is_its_cgroup() -> None:
    found = over_window(server("sender", 6.0, idle_s=0.5, user_s=4.0, softirq_s=2.5))
    assert found is not None
    assert found.share == pytest.approx(0.6)
    assert found.softirq_s is None


@pytest.mark.parametrize(("receive", "cpu_s"), [("guest", 6.8), ("sender", 7.2)])
def test_stolen_time_was_not_the_servers_to_use(receive: str, cpu_s: float) -> None:
    found = over_window(server(receive, cpu_s, idle_s=0.4, steal_s=2.0, user_s=1.0, softirq_s=0.4))
    assert found is not None
    assert found.share == pytest.approx(0.9)


def test_two_cpus_add_up() -> None:
    record = server("guest", 15.0, count=2, idle_s=5.0, steal_s=0.0, user_s=9.0, softirq_s=1.0)
    found = over_window(record)
    assert found is not None
    assert (found.used_s, found.share) == (15.0, 1.5)


def test_parts_never_exceed_the_whole() -> None:
    """Ticks are samples: they may say more than was busy."""
    found = over_window(server("guest", 0.5, idle_s=0.5, user_s=2.0, softirq_s=12.0))
    assert found is not None
    assert (found.user_s, found.system_s, found.softirq_s) == (2.0, 0.0, 7.5)


def test_what_others_did_on_its_cpu_is_not_the_servers() -> None:
    """The CPU was always busy, and the server and its softirqs can have been 7 s of it."""
    found = over_window(server("guest", 5.0, idle_s=0.0, user_s=2.2, softirq_s=2.0))
    assert found is not None
    assert found.used_s == pytest.approx(7.0)


def test_softirqs_of_a_cpu_that_is_often_idle_are_not_known() -> None:
    found = over_window(server("guest", 0.75, idle_s=8.0, user_s=2.2, softirq_s=0.25))
    assert found is not None
    assert (found.used_s, found.softirq_s) == (0.75, None)


def test_records_without_the_hosts_count_are_judged_by_their_cgroup() -> None:
    record = records.server(
        receive="guest",
        opened=records.counters(100.0, 1.0),
        closed=records.counters(105.0, 3.5),
    )
    found = over_window(record)
    assert found is not None
    assert found.share == pytest.approx(0.5)
    assert over_window(records.server(closed=None)) is None


def test_the_verdict_and_the_cost_of_a_request_count_softirqs() -> None:
    record = server("guest", 7.5, idle_s=0.5, user_s=4.0, softirq_s=2.5)
    assert bottleneck(record, records.load(), None).limit == "server"
    found = mechanism.of(record, records.load({500: 10_000}))
    assert found.cpu_us == pytest.approx(950)
    parts = (found.cpu_user_us, found.cpu_system_us, found.cpu_softirq_us)
    assert parts == pytest.approx((400, 300, 250))


def test_the_kernels_line_of_a_cpu(tmp_path: Path) -> None:
    stat = "cpu  9 9 9 9\ncpu3 10 1 5 100 20 2 3 7 4 0\nintr 5\n"
    found = ticks(stat)
    assert found == {3: Ticks(user=11, system=5, softirq=3, irq=2, idle=120, steal=7)}
    assert (found[3].busy, found[3].total) == (21, 148)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/stat").write_text(stat)
    read = cpu_time.of([3], tmp_path)
    assert read == CpuTime(count=1, idle_s=1.2, steal_s=0.07, user_s=0.11, softirq_s=0.03)
    assert cpu_time.of([3, 4], tmp_path) is None, "a CPU that the host does not tell of"
    assert cpu_time.of([], tmp_path) is None
