"""`python -m tests.hostile [SECONDS] [MODEL ...]`: the table of docs/hardening.md."""

from __future__ import annotations

import sys

from tabulate import tabulate

from servers.runtime.knobs import MODELS
from tests.hostile.ordeal import Outcome, faults, ordeal

TIMEOUT_S = 2.0
MEBIBYTE = 1 << 20
HEADERS = (
    *("model", "pairs asked", "errors", "slowest pair", "MiB, middle", "MiB, end"),
    *("descriptors", "answered", "aborted"),
)


def row(outcome: Outcome) -> tuple[object, ...]:
    return (
        outcome.model,
        f"{outcome.asked:,}",
        outcome.errors,
        f"{outcome.slowest_s * 1000:.0f} ms",
        f"{outcome.plateau_bytes / MEBIBYTE:.1f}",
        f"{outcome.end_bytes / MEBIBYTE:.1f}",
        f"{outcome.descriptors_before} -> {outcome.descriptors_after}",
        f"{outcome.answered:,}",
        f"{outcome.aborted:,}",
    )


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    rows, found = [], []
    for model in sys.argv[2:] or MODELS:
        outcome = ordeal(model, seconds, TIMEOUT_S)
        rows.append(row(outcome))
        found += faults(outcome)
        print(f"{model}: {rows[-1]}", file=sys.stderr, flush=True)
    print(tabulate(rows, HEADERS, tablefmt="pipe", disable_numparse=True))
    print("\n".join(found), file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
