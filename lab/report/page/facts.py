"""The machine of a run, and where the run came from, as named facts for people."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from lab.plan.load_hosts import ran, written
from lab.records.manifest import Conditions, Manifest
from lab.report import load_hosts

UNKNOWN = "unknown"
TWINNED = ("noise", "positive-control")  # commands that run one image under two names


@dataclass(frozen=True)
class Fact:
    name: str
    value: str
    code: bool = False  # to be copied letter by letter


def host(manifest: Manifest) -> tuple[Fact, ...]:
    machine, versions = manifest.host, manifest.versions
    memory = machine.memory_bytes
    proxy = {None: UNKNOWN, True: "yes", False: "no"}[machine.userland_proxy]
    variables = manifest.compose_variables
    return (
        Fact("CPU", f"{machine.cpu_model or UNKNOWN}, {machine.cpus} online"),
        Fact("the server's CPUs, by number", variables.get("SERVER_CPUS") or UNKNOWN),
        Fact("the load's CPUs, by number", variables.get("LOAD_CPUS") or UNKNOWN),
        *(
            Fact(f"load host {each.name}", load_hosts.in_words(each))
            for each in manifest.load_hosts
        ),
        Fact("CPU governor", machine.governor or UNKNOWN),
        Fact("memory", f"{memory / 1e9:.1f} GB" if memory else UNKNOWN),
        Fact("kernel", f"Linux {machine.kernel}, {machine.architecture}"),
        Fact("Docker", f"{versions.docker}, Compose {versions.compose}"),
        Fact("cgroups", f"version {machine.cgroup_version or UNKNOWN}"),
        Fact("storage driver", machine.storage_driver or UNKNOWN),
        Fact("userland proxy", proxy),
        Fact("open files", f"{machine.open_files:,}" if machine.open_files else UNKNOWN),
        Fact("before the run", _conditions(manifest.before)),
        Fact("after the run", _conditions(manifest.after)),
        *(Fact(name, value, code=True) for name, value in sorted(machine.sysctls.items())),
    )


def origin(manifest: Manifest) -> tuple[Fact, ...]:
    """What it takes to run it again."""
    commit = manifest.git_commit or UNKNOWN
    if manifest.git_dirty:
        commit += " and changes that were not committed"
    return (
        Fact("git commit", commit, code=True),
        Fact("seed", str(manifest.seed), code=True),
        Fact("scenario, sha256", manifest.scenario.sha256, code=True),
        *(Fact(f"image {tag}", digest, code=True) for tag, digest in manifest.images.items()),
        Fact(
            "lab",
            f"{manifest.versions.lab}, Python {manifest.versions.python},"
            f" Docker SDK {manifest.versions.docker_sdk}",
        ),
    )


def command(manifest: Manifest) -> str:
    """As a person types it: the same models, steps, trials and order. Where models ran as twins,
    `make bench` knows nothing of them: then what was typed."""
    verb, *given = manifest.command
    chosen = {name.removeprefix("--").upper(): value for name, value in pairwise(given)}
    pinned = {
        "MODEL": ",".join(manifest.base_models),
        "SCENARIO": chosen.get("SCENARIO") or manifest.scenario.name,
        "USERS": ",".join(map(str, manifest.users)),
        "RATE": ",".join(f"{rate:.10g}" for rate in manifest.rates),
        "TRIALS": str(manifest.trials),
        **_where_from(manifest),
        "SEED": str(manifest.seed),
        **{name: chosen.get(name, "") for name in ("RECEIVE", "SET", "WITH")},
    }
    if verb in TWINNED:
        values = {name: chosen.get(name, "") for name in pinned}
    else:
        verb, values = "bench", pinned
    words = [f"{name}={shlex.quote(value)}" for name, value in values.items() if value]
    return " ".join([f"make {verb}", *words])


def _where_from(manifest: Manifest) -> dict[str, str]:
    """The load's hosts, or its workers here and the path."""
    if manifest.load_hosts:
        return {"HOSTS": written(ran(manifest)), "ADDRESS": manifest.address or ""}
    return {"WORKERS": str(manifest.load_workers), "VIA": manifest.path}


def _shares(variables: Mapping[str, str]) -> list[str]:
    server, load = variables.get("SERVER_CPUS"), variables.get("LOAD_CPUS")
    return [f"server on CPU {server} alone, load on {load}"] if server and load else []


def _conditions(found: Conditions | None) -> str:
    if found is None:
        return UNKNOWN
    load = UNKNOWN if found.load_1m is None else f"{found.load_1m:.2f}"
    steal = UNKNOWN if found.steal_s is None else f"{found.steal_s:.2f} s"
    return f"{found.at}: load {load}, steal since start {steal}"


def summary(manifest: Manifest, load: str) -> tuple[str, ...]:
    """The run in a few words, for below its title."""
    models, trials = len(manifest.models), manifest.trials
    cpu = manifest.host.cpu_model or manifest.host.architecture
    fresh = manifest.connection == "close"
    return (
        f"{models} model{'s' * (models != 1)}, {trials} trial{'s' * (trials != 1)} each",
        f"{load} loop, {'a connection per request' if fresh else 'connections kept alive'}",
        f"path {manifest.path}",
        *(f"load from {each.name}" for each in manifest.load_hosts),
        f"{cpu}, {manifest.host.cpus} CPUs",
        *_shares(manifest.compose_variables),
        manifest.created_at.partition("T")[0],
    )
