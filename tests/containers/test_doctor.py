"""What the doctor finds on hosts that have something the matter with them."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from lab.commands import doctor
from lab.containers import compose, daemon, ports
from lab.containers.compose_errors import ComposeError
from lab.containers.daemon import DaemonError
from lab.host import host_checks
from lab.host.host_checks import Finding
from lab.plan import topology
from tests.containers.conftest import ROOT

HEALTHY = {
    "proc/cpuinfo": "processor\t: 0\nprocessor\t: 1\n",
    "proc/loadavg": "0.10 0.20 0.30 1/100 1234",
    "proc/meminfo": "MemTotal: 9000000 kB\nMemAvailable:    8000000 kB\n",
    "proc/7/comm": "dockerd",
    "proc/7/limits": "Max open files            1024                 524288               files",
    "proc/sys/net/netfilter/nf_conntrack_max": "262144",
    "proc/sys/net/netfilter/nf_conntrack_count": "10",
    "proc/sys/net/bridge/bridge-nf-call-iptables": "1",
}
UNWELL = (
    ("cpus", "warning", {"proc/cpuinfo": "processor\t: 0\n"}),
    ("cpus", "warning", {"proc/loadavg": "1.90 0.20 0.30 1/100 1234"}),
    ("memory", "warning", {"proc/meminfo": "MemAvailable: 1000000 kB\n"}),
    ("memory", "warning", {"proc/meminfo": ""}),
    ("open files", "wrong", {"proc/7/limits": "Max open files 1024 4096 files"}),
    ("conntrack", "warning", {"proc/sys/net/netfilter/nf_conntrack_max": "65536"}),
    ("conntrack", "warning", {"proc/sys/net/netfilter/nf_conntrack_count": "200000"}),
)


def host(folder: Path, files: dict[str, str]) -> list[Finding]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return list(host_checks.findings(folder))


def test_a_healthy_host_has_nothing_to_mend(tmp_path: Path) -> None:
    found = host(tmp_path, HEALTHY)
    assert {each.level for each in found} == {"ok"}
    assert not any(each.remedy for each in found)
    assert doctor.status(found) == 0


@pytest.mark.parametrize(("name", "level", "changed"), UNWELL)
def test_what_is_the_matter_is_named_with_its_remedy(
    tmp_path: Path, name: str, level: str, changed: dict[str, str]
) -> None:
    [found] = [each for each in host(tmp_path, {**HEALTHY, **changed}) if each.level != "ok"]
    assert (found.name, found.level) == (name, level)
    assert found.remedy


def test_what_the_kernel_does_not_show_is_passed_over(tmp_path: Path) -> None:
    named = {each.name for each in host(tmp_path, {})}
    assert not {"open files", "conntrack", "bridge"} & named


def test_only_what_is_wrong_makes_the_status_fail() -> None:
    assert doctor.status([Finding("a", "warning", "b", "c"), Finding("a", "ok", "b")]) == 0
    assert doctor.status([Finding("a", "ok", "b"), Finding("a", "wrong", "b", "c")]) == 1


def test_a_taken_port_is_wrong_unless_the_lab_holds_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        declared = topology.read(ROOT / topology.FILE, {"PORT_EPOLL": str(port)})
        told = ports.findings(declared, frozenset())  # of a running lab's ports too, if any
        [found] = [each for each in told if each.text.startswith(f"{port} ")]
        assert found.level == "wrong"
        assert f"PORT_EPOLL=1{port}" in found.remedy
        held = frozenset({port})
        assert all(
            str(port) not in each.text for each in ports.findings(declared, held) if each.remedy
        )


@pytest.mark.parametrize("containers", [[], ["serverlab_epoll_1"]])
def test_a_running_lab_is_to_be_left_alone(containers: list[str]) -> None:
    [found] = doctor.remains(containers, "process 25483 of ann: python -m lab bench")
    assert (found.name, found.level) == ("running", "warning")
    assert found.text == "a lab, process 25483 of ann: python -m lab bench"
    assert found.remedy.startswith("leave it")
    assert "make down" not in found.remedy


def test_containers_without_a_lab_are_left_over() -> None:
    [found] = doctor.remains(["serverlab_epoll_1"], None)
    assert "serverlab_epoll_1" in found.text
    assert found.remedy == "make down"
    assert not list(doctor.remains([], None))


def test_no_docker_and_no_compose_are_two_findings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_compose() -> tuple[str, ...]:
        raise ComposeError("there is no Compose", "install one")

    def no_daemon() -> None:
        raise DaemonError("the Docker daemon is not running", "start it")

    monkeypatch.setattr(compose, "command", no_compose)
    monkeypatch.setattr(daemon, "connect", no_daemon)
    found = {each.name: each for each in doctor.examine(tmp_path, "p", {})}
    assert found["compose"].remedy == "install one"
    assert found["docker"].remedy == "start it"
    assert found["compose file"].level == "wrong"
