"""What a stalling server must make of response times, by arithmetic.

It serves nobody in the first `stall_s` of every `cycle_s`. Arrivals are spread evenly over whole
cycles, so one at the phase u waits max(0, stall_s - u) and is then served: of all the share
1 - stall_s / cycle_s waits for nothing, and the waits of the rest are spread evenly up to stall_s.
Their quantile at q is therefore max(0, stall_s - cycle_s * (1 - q)), and service comes on top.
"""

from __future__ import annotations


def response_s(percent: float, stall_s: float, cycle_s: float, service_s: float) -> float:
    """The response time that `percent` of the arrivals do not exceed."""
    return max(0.0, stall_s - cycle_s * (1 - percent / 100)) + service_s
