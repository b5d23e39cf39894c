"""The one clock of load and lab: CLOCK_MONOTONIC in seconds, one for all of a kernel."""

from __future__ import annotations

import time

clock = time.monotonic
