"""A piece of a trace as a story: who made which call, in what order, and for which client.

Made from strace's lines (strace.py). The order is the kernel's; there is no time in it, because
strace slows every call. What only prepares is left out: signal masks, memory, the interpreter's own
lock (GIL). The whole text stays in strace.txt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lab.records.record import Frozen

MAIN = "1"  # PID 1 of its container
SHOWN = {
    *("socket", "bind", "listen", "accept4", "accept", "clone", "clone3", "fork", "vfork"),
    *("recvfrom", "read", "sendto", "sendfile", "write", "close", "exit_group", "exit"),
    *("wait4", "rt_sigtimedwait", "poll", "ppoll", "clock_nanosleep", "futex"),
    *("epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait"),
}
OF_A_CONNECTION = ("recvfrom", "read", "sendto", "sendfile", "write", "close")
AT_START = {
    *("socket", "bind", "listen", "accept4", "accept", "clone", "clone3", "fork"),
    *("rt_sigtimedwait", "poll", "ppoll", "epoll_create1", "epoll_ctl", "epoll_wait"),
}
MOST = 60  # calls of a scene
_LINE = re.compile(r"(?P<task>\d+) +(?P<rest>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<text>.*)")
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<text>.*)")
_RESULT = re.compile(r"\)\s+= (?P<result>-?\w+)(?: (?P<errno>E[A-Z0-9]+))?")
_PEER = re.compile(r"sin_port=htons\((\d+)\)")
_ASKS = re.compile(r'"(?:GET|POST) (\S*)')
_LOCK = re.compile(r"futex\((0x\w+), FUTEX_WAIT_BITSET_PRIVATE\|FUTEX_CLOCK_REALTIME")
Kind = Literal["call", "signal"]


class Act(Frozen):
    """A call, or a signal that arrived. `begin` and `end` are places in the order of the scene.

    `begin` None: it was under way before. `end` None: it lasts beyond. `client`: its number, where
    the call concerns a connection. `made`: the lane that a clone has made. `woke`: the lane whose
    wait this call, or this end of a process, has ended.
    """

    lane: int
    kind: Kind
    name: str
    begin: int | None
    end: int | None
    text: str
    result: str
    client: int | None = None
    made: int | None = None
    woke: int | None = None


class Scene(Frozen):
    """`lanes`: their names, the server's first process first. `clients`: how many there are."""

    lanes: list[str]
    clients: int
    acts: list[Act]


@dataclass
class _Open:
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
class _Story:
    """All that was read, and who is whose child, which connection is whose."""

    acts: list[_Open] = field(default_factory=list)
    parents: dict[str, tuple[str, bool]] = field(default_factory=dict)  # task -> parent, is thread
    connections: dict[tuple[str, str], int] = field(default_factory=dict)  # task, fd -> connection
    accepted: int = 0


def scene(trace: str, after: str, first: str, count: int, until: str) -> Scene:
    """From the connection on which `first` is asked for, the first time after `after` was, over
    `count` connections, to just before the one on which `until` is asked for."""
    story = _read(trace)
    since = min((act.begin for act in story.acts if act.asks == after), default=0)
    asked = [act for act in story.acts if act.asks == first and act.begin > since]
    ends = [act for act in story.acts if act.asks == until]
    if not asked or not ends or asked[0].client is None or ends[0].client is None:
        return Scene(lanes=[], clients=0, acts=[])
    begin = _accept_of(story, asked[0].client)
    end = _accept_of(story, ends[0].client)
    clients = range(asked[0].client, asked[0].client + count)
    return _cut(story, begin, end, clients)


def start(trace: str, until: str) -> Scene:
    """From the listening socket to just before the first connection, on which `until` is asked."""
    story = _read(trace)
    opened = [act.begin for act in story.acts if act.name == "socket" and "SOCK_STREAM" in act.text]
    asked = [act for act in story.acts if act.asks == until and act.client is not None]
    if not opened or not asked:
        return Scene(lanes=[], clients=0, acts=[])
    assert asked[0].client is not None
    story.acts = [act for act in story.acts if _belongs_to_the_start(act)]
    return _cut(story, opened[0], _accept_of(story, asked[0].client), range(0))


def _belongs_to_the_start(act: _Open) -> bool:
    """Not the looking up of a name, which opens sockets and waits as well."""
    if act.name == "socket":
        return "AF_INET, SOCK_STREAM" in act.text
    return act.name in AT_START and "POLLOUT" not in act.text and "1, 5000" not in act.text


def _read(trace: str) -> _Story:
    locks = set(_LOCK.findall(trace))
    story, under_way, hidden = _Story(), dict[str, _Open](), set[tuple[str, str]]()
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
            act = _Open(task, call["name"], place, rest)
            if rest.endswith(("<unfinished ...>", "<detached ...>")):
                act.text = rest.rpartition("<")[0]
                under_way[task] = act
            if not _is_noise(act, locks, hidden):
                story.acts.append(act)
            if not (rest.endswith("...>")):
                _ended(story, act, place, hidden)
        elif rest.startswith("--- SIG"):
            name = rest.split()[1]
            story.acts.append(_Open(task, name, place, rest, end=place, kind="signal"))
    return story


def _is_noise(act: _Open, locks: set[str], hidden: set[tuple[str, str]]) -> bool:
    if act.name not in SHOWN:
        return True
    if act.name == "futex":
        return not any(act.text.startswith(f"futex({lock},") for lock in locks)
    act.descriptor = act.text.partition("(")[2].partition(",")[0].partition(")")[0].strip()
    return act.name in OF_A_CONNECTION and (act.task, act.descriptor) in hidden


def _ended(story: _Story, act: _Open, place: int, hidden: set[tuple[str, str]]) -> None:
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


def _owner(story: _Story, task: str) -> str:
    """The process whose descriptors the task uses: a thread's is its parent's."""
    while task in story.parents and story.parents[task][1]:
        task = story.parents[task][0]
    return task


def _inherit(story: _Story, parent: str, child: str) -> None:
    """fork() copies the table of descriptors. The child's first calls may be read before."""
    owner = _owner(story, parent)
    for (task, descriptor), connection in list(story.connections.items()):
        if task == owner:
            story.connections.setdefault((child, descriptor), connection)


def _connection(story: _Story, task: str, descriptor: str) -> int | None:
    return story.connections.get((_owner(story, task), descriptor))


def _accept_of(story: _Story, client: int) -> int:
    """The place where its connection was accepted."""
    ends = (a.end for a in story.acts if a.name.startswith("accept") and a.client == client)
    return next(end for end in ends if end is not None)


def _cut(story: _Story, begin: int, end: int, clients: range) -> Scene:
    """The acts that overlap, with places that count only what is shown."""
    inside = [act for act in story.acts if act.begin < end and (act.end or end) >= begin]
    inside = [act for act in inside if act.errno != "ENOSYS"]  # clone3, where seccomp forbids it
    inside = [act for act in inside if _client_by(act, end) in (None, *clients)]
    inside = [act for act in inside if act.begin >= begin or (act.end or end) < end][:MOST]
    ends = {act.end for act in inside if act.end is not None and begin <= act.end < end}
    points = sorted({act.begin for act in inside if act.begin >= begin} | ends)
    place = {point: number for number, point in enumerate(points)}
    acting = {act.task for act in inside}
    tasks = [MAIN, *(task for task in story.parents if task in acting)]
    lanes = {task: number for number, task in enumerate(tasks)}
    seen = _Seen(story, inside, lanes, place, clients)
    acts = [seen.act(each) for each in inside]
    kinds = ("thread" if story.parents[task][1] else "process" for task in tasks[1:])
    names = ["main", *(f"{kind} {number}" for number, kind in enumerate(kinds, 1))]
    return Scene(lanes=names, clients=len(clients), acts=acts)


def _client_by(act: _Open, end: int) -> int | None:
    """Whom the call concerned, as far as it was known by then: who waits has no client yet."""
    still_waits = act.name.startswith("accept") and (act.end is None or act.end >= end)
    return None if still_waits else act.client


@dataclass(frozen=True)
class _Seen:
    """What a scene shows: `place` maps lines of the trace to places of the scene."""

    story: _Story
    inside: Sequence[_Open]
    lanes: dict[str, int]
    place: dict[int, int]
    clients: range

    def act(self, act: _Open) -> Act:
        made = act.result if act.name.startswith("clone") else ""
        woken = next(self._woken(act), "")
        with_client = act.client is not None and act.client in self.clients
        return Act(
            lane=self.lanes[act.task],
            kind=act.kind,
            name=act.name,
            begin=self.place.get(act.begin),
            end=self.place.get(act.end) if act.end is not None else None,
            text=act.text,
            result=act.errno or act.result,
            client=(act.client or 0) - self.clients.start if with_client else None,
            made=self.lanes.get(made),
            woke=self.lanes.get(woken),
        )

    def _woken(self, act: _Open) -> Iterator[str]:
        """Whose wait the act ended: a lock's next holder; the parent of a process that ended."""
        if act.name == "futex" and "FUTEX_WAKE" in act.text and act.result not in ("", "0"):
            address = act.text.partition(",")[0]
            for other in self.inside:
                waits = other.text.startswith(f"{address}, FUTEX_WAIT")
                if waits and other.end is not None and other.end > act.begin > other.begin:
                    yield other.task
        if act.name == "exit_group" and act.task in self.story.parents:
            yield self.story.parents[act.task][0]
