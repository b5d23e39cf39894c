"""The file itself: what every container may and may not do, and what both Composes can read."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.containers import build_access, build_context, compose
from lab.plan import topology
from lab.plan.topology import Topology
from servers.runtime.knobs import MODELS, knobs_of
from tests.containers.conftest import ROOT

SERVICES = tuple(yaml.safe_load((ROOT / topology.FILE).read_text())["services"])
SERVERS = tuple(topology.read(ROOT / topology.FILE, {}).servers)
LOAD = ("locust-master", "locust-worker", "locust-ui", "locust-outside", "locust-survey")
CAPABILITIES = {
    "vmhost": ["NET_ADMIN"],
    "tracer": ["SYS_PTRACE"],
    "steer": ["SYS_ADMIN", "NET_ADMIN"],
}
LONGEST_RUN_CONNECTIONS = 15_000


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest, declared: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = declared["services"][request.param]
    return {"name": request.param, **found}


def test_the_services_are_the_servers_and_their_surroundings() -> None:
    surroundings = {"burner", "redis", "vmhost", "steer", "tracer", "shell", "restarted", *LOAD}
    assert set(SERVICES) - set(SERVERS) == surroundings


def test_no_container_can_write_its_root(service: dict[str, Any]) -> None:
    assert service["read_only"] is True


def test_three_containers_have_the_capabilities_that_they_are_for(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == CAPABILITIES.get(service["name"], [])


def test_no_container_gains_privileges(service: dict[str, Any]) -> None:
    # AppArmor's profile for containers forbids `steer` to remount /sys.
    more = ["apparmor=unconfined"] if service["name"] == "steer" else []
    assert service["security_opt"] == ["no-new-privileges:true", *more]
    assert not service.get("privileged")
    assert not {"devices", "ipc", "userns_mode", "cgroup_parent"} & set(service)


def test_nobody_sees_anothers_processes_but_the_tracer_one_servers(
    service: dict[str, Any],
) -> None:
    seen = {"tracer": "service:${TRACED:-epoll}", "shell": "service:${LOOKED_AT:-epoll}"}
    assert service.get("pid") == seen.get(service["name"])


def test_nobody_is_root_but_who_needs_a_capability(service: dict[str, Any]) -> None:
    user = service["user"]
    assert (user == "0:0") == (service["name"] in CAPABILITIES)
    if service["name"] in LOAD:
        assert user == "${LAB_UID:-1000}:${LAB_GID:-1000}"


def test_processes_memory_and_open_files_have_a_limit(service: dict[str, Any]) -> None:
    assert 0 < service["pids_limit"] < 32_768  # below the kernel's usual pid_max
    assert service["mem_limit"]
    assert service["ulimits"]["nofile"]["soft"] == service["ulimits"]["nofile"]["hard"] <= 20_000


def test_no_quota_throttles_anybody(service: dict[str, Any]) -> None:
    assert not {"cpus", "cpu_quota", "cpu_period", "deploy"} & set(service)


def test_every_container_carries_the_label(service: dict[str, Any]) -> None:
    assert service["labels"]["lab.project"] == "serverlab"


def test_the_network_carries_the_label(declared: dict[str, Any]) -> None:
    assert declared["networks"]["guests"]["labels"]["lab.project"] == "serverlab"


def test_no_probe_no_fixed_name_no_docker_socket(service: dict[str, Any]) -> None:
    assert not {"healthcheck", "container_name", "restart"} & set(service)
    assert "docker.sock" not in yaml.safe_dump(service)


def test_only_servers_and_locusts_page_are_published_and_on_loopback_alone(
    service: dict[str, Any],
) -> None:
    ports = service.get("ports", [])
    assert bool(ports) == (service["name"] in (*SERVERS, "vmhost"))
    assert all(port.startswith(("127.0.0.1:", "${GUEST_ADDRESS:-127.0.0.1}:")) for port in ports)


def test_what_runs_on_load_hosts_needs_no_folder_of_this_one(declared: dict[str, Any]) -> None:
    for name in ("locust-outside", "locust-survey"):
        service = declared["services"][name]
        assert (service["volumes"], service["network_mode"]) == ([], "host")


def test_every_server_has_a_port_of_its_own_and_is_published_there(catalogue: Topology) -> None:
    ports = [each.port for each in catalogue.servers.values()]
    assert ports == list(range(8001, 8001 + len(ports))), "in the order of the file"
    for name, server in catalogue.servers.items():
        variable = f"PORT_{name.upper().replace('-', '_')}"
        assert catalogue.variables[variable] == str(server.port)


def test_models_and_references_are_services_of_their_own_name(catalogue: Topology) -> None:
    assert set(catalogue.models) == set(MODELS)
    assert [each.service for each in catalogue.servers.values()] == list(catalogue.servers)
    assert all(each.knobs == {} for each in catalogue.references.values())


def test_references_have_every_plain_file_of_the_site(catalogue: Topology) -> None:
    plain = {path.name for path in (ROOT / "servers/site").iterdir() if path.is_file()}
    build_access.copy_certificates(ROOT)  # as before every build: the images copy the folder
    for image in catalogue.images_of(set(catalogue.references)):
        assert image.dockerfile is not None
        copied = build_context.read(ROOT, image.dockerfile).files
        assert {Path(name).name for name in copied if "servers/site" in name} == plain, image.tag


def test_guests_can_hold_15000_connections(service: dict[str, Any]) -> None:
    if service["name"] not in SERVERS:
        return
    assert service["ulimits"]["nofile"]["hard"] > LONGEST_RUN_CONNECTIONS
    assert service["pids_limit"] > LONGEST_RUN_CONNECTIONS
    assert int(service["sysctls"]["net.core.somaxconn"]) >= LONGEST_RUN_CONNECTIONS


def test_the_drain_has_longer_than_the_grace(declared: dict[str, Any]) -> None:
    grace_s = int(declared["x-knobs"]["SERVER_GRACE"].removesuffix("s}").rpartition("-")[2])
    assert int(declared["x-guest"]["stop_grace_period"].removesuffix("s")) > grace_s


def test_each_model_shows_exactly_its_knobs_with_the_servers_own_defaults(
    catalogue: Topology,
) -> None:
    for name, model in catalogue.models.items():
        taken = {knob: each.default for knob, each in knobs_of(name).items()}
        del taken["port"]  # fixed: the forwarding aims at it
        assert model.knobs == taken, name


def test_load_reads_scenarios_and_writes_results_alone(declared: dict[str, Any]) -> None:
    for name in LOAD:
        volumes = declared["services"][name]["volumes"]
        elsewhere = name in ("locust-outside", "locust-survey")
        assert volumes == ([] if elsewhere else ["./scenarios:/scenarios:ro", "./results:/results"])
    others = set(SERVICES) - set(LOAD)
    assert not any("volumes" in declared["services"][name] for name in others)


def test_nothing_that_one_of_the_two_composes_cannot_read(declared: dict[str, Any]) -> None:
    top = {key for key in declared if not key.startswith("x-")}
    assert top == {"services", "networks"}, "1.29 refuses `name`, v2 warns of `version`"
    newer = {"develop", "attach", "annotations", "pull_policy", "profiles", "provider", "configs"}
    assert not any(newer & set(body) for body in declared["services"].values())
    text = (ROOT / topology.FILE).read_text()
    assert not re.search(r"\$\{\w+(?::\+|:\?|[-+?])", text), "only ${NAME:-default} is understood"
    assert not re.search(r"\$\{[^}]*\$\{", text), "1.29 does not nest variables"


@pytest.mark.docker
def test_the_compose_of_this_host_reads_it() -> None:
    words = [*compose.command(), "-f", str(ROOT / topology.FILE), "config"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert set(yaml.safe_load(done.stdout)["services"]) == set(SERVICES)
