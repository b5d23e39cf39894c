"""What does fork() of libc return, in the parent and in the child?

    python -m experiments.programs.libc_fork STATUS

The child sends what it got, and its own pid, through a pipe, and ends with STATUS.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys


def forked(status: int) -> dict[str, int | None]:
    """One fork() and one wait."""
    libc = ctypes.PyDLL(None)  # it keeps the interpreter's lock, which the child then has too
    out, into = os.pipe()
    returned = libc.fork()
    if returned == 0 or os.getpid() != PARENT:  # whatever fork() returns, the child is the child
        os.write(into, json.dumps([returned, os.getpid()]).encode())
        os._exit(status)
    os.close(into)
    told = os.read(out, 100)
    _, ended = os.waitpid(-1, 0)
    in_child, child = json.loads(told) if told else (None, None)
    return {
        "in_parent": returned,
        "in_child": in_child,
        "child": child,
        "exit_status": os.waitstatus_to_exitcode(ended),
    }


PARENT = os.getpid()

if __name__ == "__main__":
    print(json.dumps(forked(int(sys.argv[1]))))
