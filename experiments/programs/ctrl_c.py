"""Ctrl-C, typed at the terminal of a child that leaves SIGINT alone, and of one that ignores it.

    python -m experiments.programs.ctrl_c

The child has a pseudo-terminal of its own; this process is its keyboard.
"""

from __future__ import annotations

import json
import os
import pty
import signal
import sys

CTRL_C = b"\x03"


def typed(disposition: signal.Handlers) -> dict[str, str]:
    """Ctrl-C and then a line; a child that lives reads the line and ends."""
    child, keyboard = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, disposition)
        os.write(1, b"ready\n")
        sys.stdin.readline()
        os._exit(0)
    os.read(keyboard, 100)
    os.write(keyboard, CTRL_C)
    os.write(keyboard, b"a line\n")
    _, ended = os.waitpid(child, 0)
    os.close(keyboard)
    by = signal.Signals(os.WTERMSIG(ended)).name if os.WIFSIGNALED(ended) else ""
    return {"ended_by": by}


if __name__ == "__main__":
    print(json.dumps([typed(signal.SIG_DFL), typed(signal.SIG_IGN)]))
