"""`python -m burner MODEL`: a server of the lab that burns more CPU for each request.

A difference whose size is known beforehand, to see whether the lab finds it (`make positive-
control`). At every eighth request it looks how much CPU time the process has used since the last
look, in the kernel too, and burns that times BURNT_SHARE. So a request costs 1 + BURNT_SHARE times
what it did, whatever it is of; that holds for models of one process that serves one request after
the other. (A look at each request would itself cost some 2 us where the CPU comes from idling.)
"""

from __future__ import annotations

import os
import sys
from time import process_time

from servers import __main__ as server
from servers.app import Application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.app.effects import EffectHandler
    from servers.http1 import Request, Response

SHARE = float(os.environ["BURNT_SHARE"])
EVERY = 8  # requests
LOOKS = 10_000  # at the clock, to know what one costs


class Burning(Application):
    """The application, with the burning before each answer."""

    __slots__ = ("_counted_from_s", "_look_s", "_owed_s", "_until_look")

    def __init__(self, model: str, site_folder: str) -> None:
        super().__init__(model, site_folder)
        began_s = process_time()
        for _ in range(LOOKS):
            process_time()
        self._look_s = (process_time() - began_s) / LOOKS
        self._owed_s = 0.0
        self._until_look = EVERY
        self._counted_from_s = process_time()

    def __call__(self, request: Request) -> Response | EffectHandler:
        self._until_look -= 1
        if not self._until_look:
            self._until_look = EVERY
            self._burn()
        return super().__call__(request)

    def _burn(self) -> None:
        now_s = process_time()
        # The clock is read by a system call: half of the last reading and half of this one lie in
        # what was spent, and are the burner's own.
        spent_s = now_s - self._counted_from_s - self._look_s
        until_s = now_s + self._owed_s + SHARE * spent_s - self._look_s
        while now_s < until_s:
            now_s = process_time()
        self._owed_s = until_s - now_s  # what was burnt too much is left out next time
        self._counted_from_s = now_s


if __name__ == "__main__":
    vars(server)["Application"] = Burning  # main() serves what stands under this name
    sys.exit(server.main())
