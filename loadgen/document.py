"""YAML text into plain data that remembers on which line each key stands.

PyYAML's safe loader composes the nodes, we walk them: so doubled keys, which YAML loaders overwrite
in silence, are found, and every value keeps its line. People need little of YAML in a scenario, so
what could be used against us is refused instead of bounded: aliases (ten lines of them unfold into
gigabytes), nesting deeper than 20, tags, and text beyond 256 kB.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from loadgen.problems import Key, Problem, ScenarioError, dotted

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

    try:
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


def _at(mark: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(None, None, problem, mark)


def _broken(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """What PyYAML stumbled over, and where it can be told, the mistake behind it."""
    mark, start = error.problem_mark or error.context_mark, error.context_mark
    what = ", ".join(part for part in (error.context, error.problem) if part)
    if mark is None:
        return Problem(file, 0, "", what, "correct the YAML")
    remedy = f"correct the YAML near column {mark.column + 1}"
    if error.context in _BRACKETED and start is not None and start.line < mark.line:
        opened = f"{text[start.index]} opened in line {start.line + 1} is not closed"
        what, remedy = f"{opened}: {error.problem}", f"close it, or {remedy}"
    elif error.problem == "mapping values are not allowed here":
        remedy += ", or put quotes around a text that holds ': '"
    return Problem(file, mark.line + 1, "", what, remedy)


class _Loader(yaml.SafeLoader):
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _at(event.start_mark, "aliases (*name) are not taken here")
        self.depth += 1
        if self.depth > DEEPEST:
            raise _at(event.start_mark, "is nested too deeply")
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


class Document:
    """One YAML file: its data, the line of each key, and the mistakes that YAML lets pass."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._lines: dict[Key, int] = {}
        if len(text) > LARGEST_BYTES:
            raise ScenarioError([Problem(file, 0, "", "is too large", "256 kB are allowed")])
        try:
            loader = _Loader(text)
            try:
                root = loader.get_single_node()
                self.data: Any = None if root is None else self._plain(loader, root, ())
            finally:
                loader.dispose()
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

    def _plain(self, loader: _Loader, node: yaml.Node, key: Key) -> Any:
        self._lines.setdefault(key, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(loader, node, key)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(loader, item, (*key, i)) for i, item in enumerate(node.value)]
        return self._scalar(loader, node)

    def _mapping(self, loader: _Loader, node: yaml.MappingNode, key: Key) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for name_node, value_node in node.value:
            line = name_node.start_mark.line + 1
            if not isinstance(name_node, yaml.ScalarNode):
                problem = Problem(self.file, line, dotted(key), "a key must be a name", "use text")
                self.problems.append(problem)
                continue
            name = str(name_node.value)  # as written: `on: 1` names "on", not True
            here: Key = (*key, name)
            if name in data:
                first = self._lines[here]
                what = f"stands here again, after line {first}"
                self.problems.append(Problem(self.file, line, dotted(here), what, "keep one"))
                continue
            self._lines[here] = line
            data[name] = self._plain(loader, value_node, here)
        return data

    def _scalar(self, loader: _Loader, node: yaml.Node) -> Any:
        try:
            return loader.construct_object(node)
        except ValueError as error:  # 2026-13-01, or an integer of 5,000 digits
            raise _at(node.start_mark, f"bad value: {error}") from None
