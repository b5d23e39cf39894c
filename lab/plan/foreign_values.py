"""The values of one's own Compose file: variables put in, paths made absolute."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|(?P<plain>[A-Za-z_]\w*)"
    r"|\{(?P<name>[A-Za-z_]\w*)(?:(?P<when>:?-)(?P<default>[^{}$]*))?\})"
)


@dataclass
class ForeignFile:
    """The file that is read, and its mistakes so far, each with its key."""

    name: str  # as it was typed
    folder: Path  # which its paths are relative to
    environment: Mapping[str, str]
    mistakes: list[str] = field(default_factory=list)

    def mistake(self, key: str, text: str) -> None:
        self.mistakes.append(f"WITH: {self.name}: {key}: {text}")


def filled(at: str, value: Any, file: ForeignFile) -> Any:
    """With the values of its variables, and what is left of dollars escaped for Compose."""
    if isinstance(value, dict):
        return {k: filled(f"{at}.{k}", each, file) for k, each in value.items()}
    if isinstance(value, list):
        return [filled(f"{at}[{n}]", each, file) for n, each in enumerate(value)]
    if not isinstance(value, str):
        return value
    if "$" in _VARIABLE.sub("", value):
        file.mistake(at, f"{value!r}: of variables ${{NAME}} and ${{NAME:-default}} are understood")

    def fill(found: re.Match[str]) -> str:
        if found["dollar"]:
            return "$$"
        given = file.environment.get(found["plain"] or found["name"])
        lacks = not given if found["when"] == ":-" else given is None
        return ((found["default"] or "") if lacks else given or "").replace("$", "$$")

    return _VARIABLE.sub(fill, value)


def passed_on(written: Mapping[str, Any], file: ForeignFile) -> dict[str, Any]:
    """A name without a value has the caller's, where the caller has one."""
    taken = {name: value for name, value in written.items() if value is not None}
    for name in (written.keys() - taken.keys()) & file.environment.keys():
        taken[name] = file.environment[name].replace("$", "$$")
    return taken


def on_the_host(found: Mapping[str, Any], at: str, file: ForeignFile) -> Iterator[tuple[str, Any]]:
    """What names files of the host: relative to the folder of their Compose file."""
    if build := found.get("build"):
        build = {"context": build} if isinstance(build, str) else dict(build)
        context = str(build.get("context", "."))
        build["context"] = context if "://" in context else str(file.folder / context)
        build["labels"] = {"lab.project": "serverlab"}
        build.setdefault("dockerfile", "Dockerfile")
        yield "build", build
    if files := found.get("env_file"):
        yield (
            "env_file",
            [str(file.folder / each) for each in ([files] if isinstance(files, str) else files)],
        )
    if "volumes" in found:
        yield "volumes", [_volume(each, at, file) for each in found["volumes"] or ()]


def _volume(written: Any, at: str, file: ForeignFile) -> Any:
    source = written.get("source", "") if isinstance(written, dict) else str(written).split(":")[0]
    if not str(source).startswith(("/", ".", "~")):
        file.mistake(
            f"{at}.volumes", f"{source!r} is no folder of this host: mount one, or `tmpfs`"
        )
        return written
    path = str(file.folder / Path(source).expanduser())
    if isinstance(written, dict):
        return {**written, "source": path}
    return ":".join([path, *str(written).split(":")[1:]])
