"""A piece of a trace as a story: who made which call, in what order, and for which client.

Made from strace's lines (story.py). The order is the kernel's; there is no time in it, because
strace slows every call. The whole text stays in strace.txt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lab.records.record import Frozen
from lab.records.story import Kind, ReadCall, Story

MAIN = "1"  # PID 1 of its container
AT_START = {
    *("socket", "bind", "listen", "accept4", "accept", "clone", "clone3", "fork"),
    *("rt_sigtimedwait", "poll", "ppoll", "epoll_create1", "epoll_ctl", "epoll_wait"),
}
MOST = 60  # calls of a scene


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


def scene(story: Story, after: str, first: str, count: int, until: str) -> Scene:
    """From the connection on which `first` is asked for, the first time after `after` was, over
    `count` connections, to just before the one on which `until` is asked for."""
    since = min((act.begin for act in story.acts if act.asks == after), default=0)
    asked = [act for act in story.acts if act.asks == first and act.begin > since]
    ends = [act for act in story.acts if act.asks == until]
    if not asked or not ends or asked[0].client is None or ends[0].client is None:
        return Scene(lanes=[], clients=0, acts=[])
    begin = _accept_of(story, asked[0].client)
    end = _accept_of(story, ends[0].client)
    clients = range(asked[0].client, asked[0].client + count)
    return _cut(story, begin, end, clients)


def start(story: Story, until: str) -> Scene:
    """From the listening socket to just before the first connection, on which `until` is asked."""
    opened = [act.begin for act in story.acts if act.name == "socket" and "SOCK_STREAM" in act.text]
    asked = [act for act in story.acts if act.asks == until and act.client is not None]
    if not opened or not asked:
        return Scene(lanes=[], clients=0, acts=[])
    assert asked[0].client is not None
    acts = [act for act in story.acts if _belongs_to_the_start(act)]
    return _cut(replace(story, acts=acts), opened[0], _accept_of(story, asked[0].client), range(0))


def _belongs_to_the_start(act: ReadCall) -> bool:
    """Not the looking up of a name, which opens sockets and waits as well."""
    if act.name == "socket":
        return "AF_INET, SOCK_STREAM" in act.text
    return act.name in AT_START and "POLLOUT" not in act.text and "1, 5000" not in act.text


def _accept_of(story: Story, client: int) -> int:
    """The place where its connection was accepted."""
    ends = (a.end for a in story.acts if a.name.startswith("accept") and a.client == client)
    return next(end for end in ends if end is not None)


def _cut(story: Story, begin: int, end: int, clients: range) -> Scene:
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


def _client_by(act: ReadCall, end: int) -> int | None:
    """Whom the call concerned, as far as it was known by then: who waits has no client yet."""
    still_waits = act.name.startswith("accept") and (act.end is None or act.end >= end)
    return None if still_waits else act.client


@dataclass(frozen=True)
class _Seen:
    """What a scene shows: `place` maps lines of the trace to places of the scene."""

    story: Story
    inside: Sequence[ReadCall]
    lanes: dict[str, int]
    place: dict[int, int]
    clients: range

    def act(self, act: ReadCall) -> Act:
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

    def _woken(self, act: ReadCall) -> Iterator[str]:
        """Whose wait the act ended: a lock's next holder; the parent of a process that ended."""
        if act.name == "futex" and "FUTEX_WAKE" in act.text and act.result not in ("", "0"):
            address = act.text.partition(",")[0]
            for other in self.inside:
                waits = other.text.startswith(f"{address}, FUTEX_WAIT")
                if waits and other.end is not None and other.end > act.begin > other.begin:
                    yield other.task
        if act.name == "exit_group" and act.task in self.story.parents:
            yield self.story.parents[act.task][0]
