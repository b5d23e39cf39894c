"""`python -m servers.runtime.traced_start MODEL`: waits for SIGUSR1, then becomes the server.

`make trace` starts a server this way, so that strace follows it before it opens its socket.
"""

from __future__ import annotations

import os
import signal
import sys

OPENED_BY = (signal.SIGUSR1,)

if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, OPENED_BY)
    signal.sigwait(OPENED_BY)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, OPENED_BY)  # exec() keeps the mask
    os.execv(sys.executable, [sys.executable, "-E", "-s", "-m", "servers", *sys.argv[1:]])  # noqa: S606
