"""A pre-forking server is up to five times more efficient than a forking one.

The forking server makes a process for each client; the pre-forking one made its own before. What is
saved is the price of a fork, for each client. So how many times depends on what else a request
costs: many times for a small file, hardly any where an answer computes. Efficiency is what the
kernel counts for the container: CPU time for a request. Throughput says less, because the load
generator may be the limit before a pre-forked server is. (The table of the notes has 335 against
215.)
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.claims import Bars, Claim, Experiment, Laboratory, Measured, Ratio, Verdict

SMALL = "experiments/scenarios/small-file.yml"
COMPUTING = "experiments/scenarios/computing.yml"
SPIN_US = 5_000  # of an answer that computes
FIVE, NEARLY_FIVE = 5.0, 4.0  # times
VAGUE = 2.0  # times between both ends of an interval that says too little

CLAIM = Claim(
    id="prefork-5x",
    quote="Up to 5 times more efficient than forking servers.",
    if_true="For a small file, the best case, forking takes about five times as much CPU.",
    if_false="Fewer times. If more: the claim is true under a condition.",
    control="An answer that computes 5 ms must cost each server at least 5 ms by its cgroup.",
    knob="what an answer costs beside the fork: 615 bytes to send, or 5 ms of CPU",
)


@dataclass(frozen=True)
class Evidence:
    small: Measured
    computing: Measured


def gather(lab: Laboratory) -> Evidence:
    models = ("forking", "preforked")
    return Evidence(
        small=lab.bench(SMALL, models=models, trials=5),
        computing=lab.bench(COMPUTING, models=models, trials=2),
    )


def judge(seen: Evidence) -> Verdict:
    small, computing, blind = _cpu(seen.small), _cpu(seen.computing), _blind(seen)
    if blind or not small or not computing:
        return Verdict("inconclusive", blind or "A step was not measured.")
    told = (
        f"{small.mid:.1f} times the CPU for a request of a small file (95 % interval"
        f" {small.low:.1f} to {small.high:.1f}){_throughput(seen)}. Where an answer computes 5 ms"
        f" it takes {computing.mid:.1f} times."
    )
    if small.high < NEARLY_FIVE:
        return Verdict("refuted", f"Five are not reached here. Forking takes {told}")
    if small.low > FIVE:
        return Verdict(
            "refined",
            "The factor depends on what else a request costs, and can be larger than five. Forking"
            f" takes {told} The fork adds {_fork_us(seen.small):,.0f} us to a small file, and"
            f" {_fork_us(seen.computing):,.0f} us to an answer that computes.",
        )
    if small.high / small.low > VAGUE:
        return Verdict("inconclusive", f"The figure is not known well enough: {told}")
    return Verdict("supported", f"About five here too. Forking takes {told}")


def _blind(seen: Evidence) -> str:
    """Why nothing may be said; empty where the controls hold."""
    if not (seen.small.all_answered and seen.computing.all_answered):
        return "Requests failed, or users got no answer."
    spun = [row.cpu_us or 0.0 for row in seen.computing.rows]
    if not spun or min(spun) < SPIN_US:
        return "The 5 ms that an answer computes were not seen."
    return ""


def _fork_us(measured: Measured) -> float:
    """CPU that forking takes more for a request."""
    forking, preforked = (measured.row(model).cpu_us or 0.0 for model in ("forking", "preforked"))
    return forking - preforked


def _throughput(seen: Evidence) -> str:
    """What of it is seen in requests per second, where that was measured."""
    gain = seen.small.ratio("preforked", "forking")
    if gain is None:
        return ""
    bound = seen.small.row("preforked").limit
    least = "" if bound == "server" else "at least "
    return f", and pre-forked answers {least}{gain.mid:.1f} times as many"


def _cpu(measured: Measured) -> Ratio | None:
    return measured.cpu_ratio("forking", "preforked")


def bars(seen: Evidence) -> Bars:
    cases = (("a small file", _cpu(seen.small)), ("5 ms of computing", _cpu(seen.computing)))
    return Bars(
        "CPU for a request: forking over pre-forked",
        "times",
        tuple((label, ratio.mid) for label, ratio in cases if ratio),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
