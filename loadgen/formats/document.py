"""YAML text into lists, mappings and scalars as written, each on its line.

PyYAML composes the nodes and resolves none of them; we walk them. So doubled keys, which YAML
loaders overwrite in silence, are found, every value keeps its line, and what a scalar means is left
to the type that its key wants (`scalar`). People need little of YAML in a scenario, so the rest is
refused: aliases (ten lines of them unfold into gigabytes), anchors, tags, nesting deeper than 20,
text beyond 256 kB, and characters that steer a terminal (`characters`).
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import yaml

from loadgen.formats.characters import unfit
from loadgen.formats.problems import Key, Problem, ScenarioError, dotted
from loadgen.formats.scalar import Scalar

LARGEST_BYTES = 256 * 1024
DEEPEST = 20
_BRACKETED = (  # in PyYAML's words: what has a first character, and wants a last one
    "while parsing a flow sequence",
    "while parsing a flow mapping",
    "while scanning a quoted scalar",
)


def read_text(path: str | Path) -> str:
    """The file's text; raises ScenarioError where it cannot be read as such."""

    def refused(what: str, remedy: str) -> ScenarioError:
        return ScenarioError([Problem(str(path), 0, "", what, remedy)])

    if character := unfit(str(path), lines=False):
        raise refused(f"has {character} in its name", "rename it")
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise refused("is no regular file", "name a scenario file")
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise refused(f"cannot be read: {reason}", "name a readable scenario file") from None
    if len(data) > LARGEST_BYTES:
        raise refused("is too large for a scenario", "256 kB are allowed")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refused(f"is not UTF-8 (line {line})", "save it as UTF-8") from None


class _UnwantedError(yaml.MarkedYAMLError):
    """YAML, but more than a scenario may hold."""

    def __init__(self, mark: Any, problem: str, remedy: str) -> None:
        super().__init__(None, None, problem, mark)
        self.remedy = remedy


def _broken(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """What PyYAML stumbled over, and where it can be told, the mistake behind it."""
    mark, start = error.problem_mark or error.context_mark, error.context_mark
    what = ", ".join(part for part in (error.context, error.problem) if part)
    if mark is None:
        return Problem(file, 0, "", what, "correct the YAML")
    remedy = f"correct the YAML near column {mark.column + 1}"
    if isinstance(error, _UnwantedError):
        return Problem(file, mark.line + 1, "", what, error.remedy)
    if error.context in _BRACKETED and start is not None and start.line < mark.line:
        opened = f"{text[start.index]} opened in line {start.line + 1} is not closed"
        what, remedy = f"{opened}: {error.problem}", f"close it, or {remedy}"
    elif error.problem == "mapping values are not allowed here":
        remedy += ", or put quotes around a text that holds ': '"
    return Problem(file, mark.line + 1, "", what, remedy)


class _Loader(yaml.BaseLoader):
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        for sign, kind, found in (
            ("*", "aliases", isinstance(event, yaml.AliasEvent)),
            ("&", "anchors", getattr(event, "anchor", None) is not None),
            ("!", "tags", getattr(event, "tag", None) is not None),
        ):
            if found:
                what = f"{kind} ({sign}name) are not taken here"
                remedy = f"put quotes around a text that begins with {sign}"
                raise _UnwantedError(event.start_mark, what, remedy)
        self.depth += 1
        if self.depth > DEEPEST:
            what = f"is nested deeper than {DEEPEST} levels"
            raise _UnwantedError(event.start_mark, what, "no scenario needs as many")
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _compose(text: str, file: str) -> yaml.Node | None:
    """Raises YAMLError or ScenarioError."""
    loader = _Loader(text)
    try:
        root: yaml.Node | None = loader.get_single_node()
    except yaml.YAMLError:
        raise
    except Exception as error:  # of Python's own conversions: "\\U55555555" is beyond Unicode
        what = f"holds what is no YAML: {error}"
        raise ScenarioError(
            [Problem(file, loader.line + 1, "", what, "correct the YAML")]
        ) from None
    finally:
        loader.dispose()
    return root


class Document:
    """One YAML file: its data, the line of each key, and the mistakes that YAML lets pass."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._lines: dict[Key, int] = {}
        if len(text) > LARGEST_BYTES:
            raise ScenarioError([Problem(file, 0, "", "is too large", "256 kB are allowed")])
        try:
            root = _compose(text, file)
            self.data: Any = None if root is None else self._plain(root, ())
        except yaml.MarkedYAMLError as error:
            raise ScenarioError([*self.problems, _broken(error, text, file)]) from None
        except yaml.YAMLError as error:  # a character that YAML does not allow: it has no line
            what = " ".join(str(error).split())
            raise ScenarioError([Problem(file, 0, "", what, "write plain UTF-8 text")]) from None

    def problem(self, key: Key, what: str, remedy: str) -> Problem:
        """In the line of the key, or of the nearest one around it that stands in the file.

        The only entry of a list that is written without brackets goes by the list's name.
        """
        if key and key[-1] == 0 and key not in self._lines:
            key = key[:-1]
        near = key
        while near and near not in self._lines:
            near = near[:-1]
        return Problem(self.file, self._lines.get(near, 1), dotted(key), what, remedy)

    def _plain(self, node: yaml.Node, key: Key) -> Any:
        self._lines.setdefault(key, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, key)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*key, i)) for i, item in enumerate(node.value)]
        self._fit(node, key, lines=True)
        assert isinstance(node, yaml.ScalarNode)
        return Scalar(node.value, plain=not node.style)

    def _fit(self, node: yaml.Node, key: Key, *, lines: bool) -> None:
        character = unfit(node.value, lines=lines)
        if character:
            what, line = f"holds {character}", node.start_mark.line + 1
            remedy = "write plain text, without control characters or halves of characters"
            self.problems.append(Problem(self.file, line, dotted(key), what, remedy))

    def _mapping(self, node: yaml.MappingNode, key: Key) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for name_node, value_node in node.value:
            line = name_node.start_mark.line + 1
            if not isinstance(name_node, yaml.ScalarNode):
                problem = Problem(self.file, line, dotted(key), "a key must be a name", "use text")
                self.problems.append(problem)
                continue
            name = str(name_node.value)  # as written: `on: 1` names "on", not True
            here: Key = (*key, name)
            self._fit(name_node, here, lines=False)
            if name in data:
                first = self._lines[here]
                what = f"stands here again, after line {first}"
                self.problems.append(Problem(self.file, line, dotted(here), what, "keep one"))
                continue
            self._lines[here] = line
            data[name] = self._plain(value_node, here)
        return data
