"""Who may import whom (docs/architecture.md): read from the sources, so that nothing can hide it.

Imports under `if TYPE_CHECKING:` count as well: a type is knowledge too. Imports of standard
modules by models are not listed; what is forbidden is a model that leans on another.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODELS = tuple(path.stem for path in (ROOT / "servers").glob("[!_]*.py"))
SANS_IO = {"socket", "select", "selectors", "threading", "signal", "time", "asyncio"}
LOCUST = {"locust", "gevent"}
ROOMS = (  # of the lab; imports go downwards only
    "commands", "claims", "run", "report", "containers", "plan", "host", "analysis", "statistics",
    "records", "",  # errors and figures, for all of them
)  # fmt: skip
PURE_PAGE = (  # gather parses the scenario's text, articles read their file, page.py writes
    "cpu", "course", "curve", "facts", "figures", "key", "ladder", "latency", "palette", "plot",
    "seconds", "throughput", "throughput_rows", "trials", "view",
)  # fmt: skip
IMPURE = {"docker", "requests", "subprocess", "socket", "threading", "time", "datetime"}


def imports(source: Path) -> set[str]:
    """Dotted names of all that a file imports, wherever in it; relative ones made absolute."""
    found: set[str] = set()
    package = source.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def files(part: str) -> Iterator[Path]:
    path = ROOT / part
    found = [path] if path.suffix else sorted(path.rglob("*.py"))
    assert found, f"{part} is not there"
    yield from found


def reaches(source: Path, forbidden: set[str]) -> set[str]:
    """The forbidden modules, or parts of them, that a file imports."""
    return {
        name
        for name in imports(source)
        for module in forbidden
        if name == module or name.startswith(f"{module}.")
    }


def pairs(part: str, *forbidden: str) -> list[tuple[str, frozenset[str]]]:
    return [(part, frozenset(forbidden))]


RULES = [
    *pairs("servers/http1", *SANS_IO, "servers.runtime", "servers.app"),
    *pairs("servers/app", *SANS_IO, "servers.runtime"),
    *pairs("servers", "lab", "loadgen", "benchmarks", *LOCUST),
    *pairs("loadgen", "lab", "servers", "benchmarks"),
    *pairs("loadgen/formats", *LOCUST, "loadgen.engine", "loadgen.locust"),
    *pairs("loadgen/engine", "locust", "loadgen.locust"),
    *pairs("lab", *LOCUST, "servers", "benchmarks"),
    *pairs("benchmarks/inside", "lab", "docker", "servers", "loadgen"),
    *pairs("benchmarks/inside", "benchmarks.servers", "benchmarks.loadgen"),
    *pairs("benchmarks/servers", "loadgen", "benchmarks.loadgen"),
    *pairs("benchmarks/servers/inside", "lab", "docker", "servers"),
    *pairs("benchmarks/loadgen", "servers", "benchmarks.servers"),
    *pairs("benchmarks/loadgen/inside", "lab", "docker"),
    *pairs("experiments", "docker", "requests", "servers", "loadgen", "benchmarks"),
    *pairs("lab/statistics", *IMPURE, "pathlib", "os", "yaml", "random"),
    *pairs("lab/analysis", *IMPURE, "pathlib", "os", "yaml", "random"),
    *[
        rule
        for name in PURE_PAGE
        for rule in pairs(f"lab/report/page/{name}.py", *IMPURE, "pathlib", "os", "yaml")
    ],
    *[
        rule
        for model in MODELS
        for rule in pairs(
            f"servers/{model}.py", *(f"servers.{other}" for other in MODELS if other != model)
        )
    ],
]


@pytest.mark.parametrize(("part", "forbidden"), RULES, ids=lambda value: str(value)[:40])
def test_what_a_part_never_imports(part: str, forbidden: frozenset[str]) -> None:
    offences = {
        str(source.relative_to(ROOT)): sorted(found)
        for source in files(part)
        if (found := reaches(source, set(forbidden)))
    }
    assert not offences


def test_the_lab_knows_the_formats_of_the_load_and_nothing_else_of_it() -> None:
    for source in files("lab"):
        taken = {name for name in imports(source) if name.startswith("loadgen.")}
        assert all(f"{name}.".startswith("loadgen.formats.") for name in taken), source.name


def test_experiments_know_the_public_face_of_the_lab_alone() -> None:
    for source in files("experiments"):
        taken = {name for name in imports(source) if name.startswith("lab")}
        assert all(f"{name}.".startswith("lab.claims.") for name in taken), source.name
        assert not any(name.count(".") > 2 for name in taken), source.name


def test_scipy_is_slow_to_load_so_only_the_statistics_import_it() -> None:
    inside = set(files("lab/statistics"))
    assert not [path.name for path in set(files("lab")) - inside if reaches(path, {"scipy"})]


def test_the_command_line_starts_without_what_takes_a_second_to_load() -> None:
    asked = (
        "import lab.commands.cli, sys; print(*{'docker', 'scipy', 'altair'} & sys.modules.keys())"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True
    )
    assert loaded.stdout.split() == []


def test_servers_need_nothing_beyond_the_standard_library_but_hiredis() -> None:
    allowed = {*sys.stdlib_module_names, "servers", "hiredis"}
    for source in files("servers"):
        foreign = {name.partition(".")[0] for name in imports(source)} - allowed
        assert not foreign, source.name


def room(module: str) -> int:
    """Of `lab.plan.blocks`, or of `lab.errors`, as a place in ROOMS."""
    _, first, *rest = [*module.split("."), ""]
    return ROOMS.index(first if first in ROOMS and rest else "")


def test_in_the_lab_imports_go_downwards_only() -> None:
    upwards = [
        f"{source.relative_to(ROOT)} imports {name}"
        for source in files("lab")
        if source.name != "__main__.py"
        for name in imports(source)
        if name.startswith("lab.")
        and room(name) < room(".".join(source.relative_to(ROOT).with_suffix("").parts))
    ]
    assert not upwards


@pytest.mark.parametrize("part", ["lab", "servers", "loadgen", "benchmarks", "experiments"])
def test_no_imports_go_round_in_a_circle(part: str) -> None:
    """Found by taking away, again and again, what imports nothing of what is left."""
    sources = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in files(part)}
    left = {name: imports(path) & (sources.keys() - {name}) for name, path in sources.items()}
    while done := {name for name, needs in left.items() if not needs & left.keys()}:
        left = {name: needs for name, needs in left.items() if name not in done}
    assert not left


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import socket", {"socket"}),
        ("def f():\n    import select.sub", {"select.sub"}),
        ("from loadgen import crew", {"loadgen", "loadgen.crew"}),
        ("from . import plan", {"lab", "lab.plan"}),
        ("from .plan import Trial", {"lab.plan", "lab.plan.Trial"}),
    ],
)
def test_the_reader_of_imports_sees_every_form(
    text: str, found: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tests.test_layering.ROOT", tmp_path)
    (tmp_path / "lab").mkdir()
    source = tmp_path / "lab" / "some.py"
    source.write_text(text)
    assert imports(source) == found
