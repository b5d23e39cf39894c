"""strace's lines as calls, with whose they are: which task's, and which connection's.

What only prepares is left out: signal masks, memory, files, the interpreter's own lock (GIL).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

SHOWN = {
    *("socket", "bind", "listen", "accept4", "accept", "clone", "clone3", "fork", "vfork"),
    *("recvfrom", "read", "sendto", "sendfile", "write", "close", "exit_group", "exit"),
    *("wait4", "rt_sigtimedwait", "poll", "ppoll", "clock_nanosleep", "futex"),
    *("epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait"),
}
OF_A_CONNECTION = ("recvfrom", "read", "sendto", "sendfile", "write", "close")
_LINE = re.compile(r"(?P<task>\d+) +(?P<rest>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<text>.*)")
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<text>.*)")
_RESULT = re.compile(r"\)\s+= (?P<result>-?\w+)(?: (?P<errno>E[A-Z0-9]+))?")
_ASKS = re.compile(r'"(?:GET|POST) (\S*)')
_LOCK = re.compile(r"futex\((0x\w+), FUTEX_WAIT_BITSET_PRIVATE\|FUTEX_CLOCK_REALTIME")
Kind = Literal["call", "signal"]


@dataclass
class ReadCall:
    """A call as it is read; places count lines of the trace."""

    task: str
    name: str
    begin: int
    text: str
    end: int | None = None
    result: str = ""
    errno: str = ""
    kind: Kind = "call"
    client: int | None = None
    descriptor: str = ""
    asks: str = ""


@dataclass
class Story:
    """All that was read, and who is whose child, which connection is whose."""

    acts: list[ReadCall] = field(default_factory=list)
    parents: dict[str, tuple[str, bool]] = field(default_factory=dict)  # task -> parent, is thread
    connections: dict[tuple[str, str], int] = field(default_factory=dict)  # task, fd -> connection
    accepted: int = 0


def read(trace: str) -> Story:
    """All calls but the noise, in the order of their beginnings."""
    locks = set(_LOCK.findall(trace))
    story, under_way, hidden = Story(), dict[str, ReadCall](), set[tuple[str, str]]()
    for place, line in enumerate(trace.splitlines()):
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        task, rest = found["task"], found["rest"]
        if resumed := _RESUMED.match(rest):
            act = under_way.pop(task, None)
            if act is not None:
                act.text += resumed["text"]
                _ended(story, act, place, hidden)
        elif call := _CALL.match(rest):
            act = ReadCall(task, call["name"], place, rest)
            if rest.endswith(("<unfinished ...>", "<detached ...>")):
                act.text = rest.rpartition("<")[0]
                under_way[task] = act
            if not _is_noise(act, locks, hidden):
                story.acts.append(act)
            if task not in under_way:
                _ended(story, act, place, hidden)
        elif rest.startswith("--- SIG"):
            name = rest.split()[1]
            story.acts.append(ReadCall(task, name, place, rest, end=place, kind="signal"))
    return story


def _is_noise(act: ReadCall, locks: set[str], hidden: set[tuple[str, str]]) -> bool:
    if act.name not in SHOWN:
        return True
    if act.name == "futex":
        return not any(act.text.startswith(f"futex({lock},") for lock in locks)
    act.descriptor = act.text.partition("(")[2].partition(",")[0].partition(")")[0].strip()
    return act.name in OF_A_CONNECTION and (act.task, act.descriptor) in hidden


def _ended(story: Story, act: ReadCall, place: int, hidden: set[tuple[str, str]]) -> None:
    act.end = place
    found = _RESULT.search(act.text)
    act.result, act.errno = (found["result"], found["errno"] or "") if found else ("", "")
    task, descriptor = act.task, act.descriptor
    if act.name == "socketpair":
        for number in re.findall(r"\[(\d+), (\d+)\]", act.text)[:1]:
            hidden |= {(task, number[0]), (task, number[1])}
    elif act.name in ("openat", "socket") and "SOCK_STREAM" not in act.text:
        hidden.add((task, act.result))
    elif act.name.startswith("accept") and act.result.isdigit():
        story.accepted += 1
        act.client = story.accepted
        hidden.discard((task, act.result))
        story.connections[_owner(story, task), act.result] = story.accepted
    elif act.name.startswith("clone") and act.result.isdigit():
        story.parents[act.result] = (task, "CLONE_THREAD" in act.text)
        if "CLONE_THREAD" not in act.text:
            _inherit(story, task, act.result)
    elif act.name in OF_A_CONNECTION:
        act.client = _connection(story, task, descriptor)
        if asks := _ASKS.search(act.text):
            act.asks = asks[1]
        if act.name == "close" and act.client is not None:
            story.connections.pop((_owner(story, task), descriptor), None)
    if act.name == "close":
        hidden.discard((task, descriptor))


def _owner(story: Story, task: str) -> str:
    """The process whose descriptors the task uses: a thread's is its parent's."""
    while task in story.parents and story.parents[task][1]:
        task = story.parents[task][0]
    return task


def _inherit(story: Story, parent: str, child: str) -> None:
    """fork() copies the table of descriptors. The child's first calls may be read before."""
    owner = _owner(story, parent)
    for (task, descriptor), connection in list(story.connections.items()):
        if task == owner:
            story.connections.setdefault((child, descriptor), connection)


def _connection(story: Story, task: str, descriptor: str) -> int | None:
    return story.connections.get((_owner(story, task), descriptor))
