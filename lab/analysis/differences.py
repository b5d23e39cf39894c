"""What has changed between two inventories that can change a figure.

Left out is what the lab itself matches to the number of users, where nobody chose it otherwise, and
what only tells where and when: ports, the owner of files, the clock, the commit (its
images tell), what a restart of the host alters by a little without changing what is measured, and
what tells once more what was asked for: scenario, model, step, path, workers of the load.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lab.records.manifest import Manifest

OF_NO_MATTER = {"memory_bytes", "open_files"}  # of the host: limits of the containers count
VARIABLES_OF_NO_MATTER = ("PORT_", "LAB_UID", "LAB_GID", "BURNT_SHARE")  # the burner's alone
ASKED_FOR = {
    *("SCENARIO", "SCENARIO_SHA256", "TRIAL", "MODEL", "TARGET", "USERS", "RATE", "SEED"),
    *("LOAD_PATH", "LOAD_NETWORK", "WORKERS", "STEERED", "STEERED_CPUS"),
    *("GUEST_ADDRESS", "MASTER", "READY_WITHIN", "STANDBY"),
}
MATCHED = ("backlog", "idle_timeout")  # by plan/ladder.py
VERSIONS = {"lab", "docker"}  # these take part in a trial; Compose and the SDK only start it


def differences(then: Manifest, now: Manifest) -> list[str]:
    """Each in a line, `kernel: 6.1 then, 6.2 now`; none where trials of both may stand together."""
    return [
        *_between(then.images, now.images),
        *_between(
            then.host.model_dump(exclude={*OF_NO_MATTER, "sysctls"}),
            now.host.model_dump(exclude={*OF_NO_MATTER, "sysctls"}),
        ),
        *_between(then.host.sysctls, now.host.sysctls),
        *_between(
            then.versions.model_dump(include=VERSIONS), now.versions.model_dump(include=VERSIONS)
        ),
        *_between(*(variables(each, then, now) for each in (then, now))),
        *_between(*(_load_hosts(each) for each in (then, now))),
        *(
            ["the server of one's own (WITH) is declared otherwise"]
            if then.foreign != now.foreign
            else []
        ),
    ]


def _load_hosts(manifest: Manifest) -> dict[str, str]:
    """By their place, as another host may stand in for one of the same kind."""
    return {
        f"load host {place}": f"{each.cpus} CPUs, {each.workers} workers, Docker {each.docker}"
        for place, each in enumerate(manifest.load_hosts, 1)
    }


def variables(manifest: Manifest, *runs: Manifest) -> dict[str, str]:
    """Those that can change a figure, of a manifest that is held against others (`runs`, with it).

    Without those that are empty: an older lab did not know all of them.
    """
    chosen = {setting for run in runs for setting in run.settings or ()}
    matched = {f"SERVER_{setting.upper()}" for setting in MATCHED if setting not in chosen}
    return {
        name: value
        for name, value in manifest.compose_variables.items()
        if value
        and name not in {*ASKED_FOR, *matched}
        and not name.startswith(VARIABLES_OF_NO_MATTER)
    }


def _between(then: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            yield f"{name}: {_short(then.get(name))} then, {_short(now.get(name))} now"


def _short(value: object) -> str:
    """Digests by their beginning, as everywhere."""
    text = "none" if value in (None, "") else str(value)
    return text[:19] if text.startswith("sha256:") else text
