"""The client's counts against the server's: two witnesses of one trial, who must agree.

Over the whole life, with C the client and S the server:

    S.accepted + S.backlog_left == C.connected + C.probes - lost,  0 <= lost <= overflows
    C.good + C.verified <= S.answered <= C.good + C.verified + C.aborted + C.failed

A connection made is a connection accepted, or left in the queue when the server stopped, or lost
because the accept queue was full: the kernel drops the last packet of the handshake then, and the
client takes itself for connected (listen(2); tcp_abort_on_overflow in tcp(7)). Each of those is an
overflow in the kernel's count. The second leaves room only for answers that the server handed to
its kernel and the client never took as good. Where they do not hold, one of the two miscounts, or
something between them answers in the server's place, and no figure of the trial is to be trusted.

It holds on all three paths: the userland proxy of the path `published` makes one connection to
the server for each one it takes, so a difference there says that the proxy did not keep up.
"""

from __future__ import annotations

from lab.records.record import Account
from loadgen.formats.record import Life


def mismatches(life: Life, account: Account, overflows: int = 0) -> list[str]:
    """What does not add up, in words with the figures; empty where all does.

    `overflows`: of the accept queue, as the kernel counted them.
    """
    found = []
    made = life.connected + life.probes
    taken = account.accepted + account.backlog_left
    if not 0 <= made - taken <= overflows:
        found.append(f"client connected {made}, server accepted {taken}")
    least = life.good + life.verified
    most = least + life.aborted + life.failed
    if not least <= account.answered <= most:
        bounds = f"{least}" if least == most else f"{least} to {most}"
        found.append(f"client took {bounds} answers, server gave {account.answered}")
    return found
