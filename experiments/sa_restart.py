"""SIGCHLD arrives while the parent waits in accept(): does accept() go on, or give -1 and EINTR?

The flag SA_RESTART of the signal's handler decides. Python hides it: its own accept() is called
again after a signal whichever way (PEP 475). So the program calls accept(2) through libc.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.claims import Claim, Experiment, Laboratory, Verdict

EARLY_S = 0.3  # the child ends after 0.1 s, the client comes after 0.4 s

CLAIM = Claim(
    id="sa-restart",
    quote=(
        "We create a signal handler to run in the background with the SA_RESTART flag so that it"
        " automatically gets blocked on accept() . Whenever a child is reaped by signal handler it"
        " sends the parent process a -1 and sets the global errno to EINTR signaling an"
        " interuption."
    ),
    if_true="With SA_RESTART accept() continues, and still gives -1 and EINTR.",
    if_false="With SA_RESTART it continues; without, it gives -1 and EINTR.",
    control="The handler counts the signal, so that a wait without EINTR is no missed signal.",
    knob="SA_RESTART on or off; beside them Python's accept(), and a listener with SO_RCVTIMEO",
)


@dataclass(frozen=True)
class Accept:
    """One accept() in whose wait a child ended. `errno`: its name; empty where it succeeded."""

    accepted: bool
    errno: str
    waited_s: float
    signals: int


@dataclass(frozen=True)
class Evidence:
    """`timeout`: with SA_RESTART, on a listener that has SO_RCVTIMEO."""

    restart: Accept
    plain: Accept
    python: Accept
    timeout: Accept


def gather(lab: Laboratory) -> Evidence:
    seen = lab.program("interrupted_accept")
    return Evidence(**{name: Accept(**each) for name, each in seen.items()})


def judge(seen: Evidence) -> Verdict:
    every = (seen.restart, seen.plain, seen.python)
    if any(each.signals != 1 for each in every):
        return Verdict("inconclusive", "SIGCHLD did not arrive once in each wait.")
    if any(each.accepted and each.waited_s < EARLY_S for each in every):
        return Verdict("inconclusive", "A client came before the child had ended.")
    if not seen.restart.accepted:
        return Verdict("refuted", f"SA_RESTART was set, and accept() gave {seen.restart.errno}.")
    if seen.plain.accepted:
        return Verdict("refuted", "Without SA_RESTART accept() went on all the same.")
    timeout = "goes on" if seen.timeout.accepted else f"gives {seen.timeout.errno} even so"
    return Verdict(
        "refined",
        "The two halves exclude each other. With SA_RESTART accept() continues and returns the next"
        f" client. Only without it does accept() return -1 with {seen.plain.errno}: the kernel"
        " returns it, not the handler."
        f" Python's accept() continues by itself (PEP 475). A listener with a timeout {timeout}.",
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge)
