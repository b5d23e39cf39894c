"""`python -m burner MODEL`: a server of the lab that burns more CPU for each request.

A difference whose size is known beforehand, to see whether the lab finds it (`make positive-
control`). A thread of its own keeps the CPU time that it has used at BURNT_SHARE times that of the
rest of the process, in the kernel too. So a request costs 1 + BURNT_SHARE times what it did,
whatever it is of; that holds for models of one process. The thread's own looks at the clock are
part of what it burns, and the server's code is untouched: one call more for each request would
alone cost 1 to 2 % where the caches are cold.
"""

from __future__ import annotations

import os
import signal
import sys
from hashlib import pbkdf2_hmac
from threading import Thread
from time import process_time, sleep, thread_time

from servers import __main__ as server
from servers.runtime.drain import STOP_SIGNALS

SHARE = float(os.environ["BURNT_SHARE"])
PAUSE_S = 0.05
ROUNDS = 100  # some 20 us, in which the interpreter is left to the server, as are the caches


def burn() -> None:
    """Catch up with the rest of the process, for ever."""
    while True:
        while (burnt_s := thread_time()) < SHARE * (process_time() - burnt_s):
            pbkdf2_hmac("sha256", b"", b"", ROUNDS)
        sleep(PAUSE_S)


if __name__ == "__main__":
    # The thread begins with this mask and keeps it: signals are for the server's own thread.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    Thread(target=burn, daemon=True).start()
    sys.exit(server.main())
