"""What a system call does, in a few words for its box and in a sentence for who asks."""

from __future__ import annotations

import re

from lab.records.scene import Act

EXPLAINED = {
    "socket": "makes a socket: a descriptor that has no address yet.",
    "bind": "gives the socket its address and port.",
    "listen": "makes it a listener: the kernel now completes connections and queues them.",
    "accept4": "takes the next complete connection out of the queue; waits where there is none.",
    "clone": "makes a process (fork) or a thread (pthread_create).",
    "recvfrom": "reads what the client has sent; waits where it has sent nothing yet.",
    "sendto": "hands bytes to the kernel, which sends them.",
    "sendfile": "sends a file from the kernel's memory, without a copy through the server's.",
    "close": "gives up a descriptor; when the last holder closes a connection, the client is told.",
    "exit_group": "ends the process; it stays a zombie until its parent waits for it.",
    "exit": "ends the thread.",
    "wait4": "asks how a child ended, and so removes the zombie.",
    "rt_sigtimedwait": "sleeps until a signal comes.",
    "clock_nanosleep": "sleeps for a time: the handler of this path waits, as for a slow database.",
    "poll": "asks which of these descriptors is ready; the whole list goes in with each call.",
    "epoll_create1": "makes the list of descriptors that the kernel keeps.",
    "epoll_ctl": "changes that list: one descriptor is added, changed or removed.",
    "epoll_wait": "asks which descriptors of that list are ready; waits where none is.",
    "futex": "waits for a lock that another thread holds, or wakes the next that waits for it.",
    "SIGCHLD": "a signal: the kernel tells the parent that a child has ended.",
}
ALIKE = {
    "accept": "accept4",
    "clone3": "clone",
    "fork": "clone",
    "vfork": "clone",
    "read": "recvfrom",
    "write": "sendto",
    "ppoll": "poll",
    "epoll_pwait": "epoll_wait",
}
WAITING = {
    *("accept", "accept4", "recvfrom", "read", "futex", "clock_nanosleep", "rt_sigtimedwait"),
    *("poll", "ppoll", "epoll_wait", "epoll_pwait", "wait4"),
}
_ASKED = re.compile(r'"(?:GET|POST) (\S*)')
_DESCRIPTOR = re.compile(r"\w+\((\d+)")


def explained(name: str) -> str:
    return EXPLAINED.get(ALIKE.get(name, name), "")


def label(act: Act, made: str | None) -> str:
    """`made`: the name of the lane that the call made."""
    if act.kind == "signal":
        return act.name
    if made:
        return f"{act.name}: {made}"
    if asked := _ASKED.search(act.text):
        return f"{act.name}: GET {asked[1]}"
    if act.name == "futex":
        return "futex: wakes the next" if "FUTEX_WAKE" in act.text else "futex: waits for the lock"
    found = _DESCRIPTOR.match(act.text)
    return f"{act.name}({found[1]})" if found and act.name != "exit_group" else act.name


def outcome(act: Act) -> str:
    """What it gave back, where that tells something."""
    if act.kind == "signal" or act.result in ("", "0", "?"):
        return ""
    if act.name in ("sendto", "sendfile", "recvfrom", "read", "write") and act.result.isdigit():
        if _ASKED.search(act.text):
            return ""  # the box is full
        return f"{act.result} bytes"
    if act.name in ("epoll_wait", "poll", "ppoll", "epoll_pwait"):
        return f"{act.result} ready"
    return f"= {act.result}"
