"""What is said in a survey of a load host: between its container and the lab, and what it tells.

A connection that begins with ECHO gets back what it sends; one that begins with STREAM is sent
bytes without end.
"""

from __future__ import annotations

from loadgen.formats.figures import Count, Part

ECHO, STREAM = b"e", b"s"


class Survey(Part):
    """`rtt_us` and `bytes_per_s` are null where nothing could be reached."""

    boot: str  # the kernel's own name of its start (random(4)): containers of one kernel share it
    cpus: Count
    unreachable: dict[str, str]  # host:port -> why
    rtt_us: Count | None = None
    bytes_per_s: Count | None = None
