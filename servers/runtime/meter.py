"""What the server counts of itself, and the account that it gives at its end.

Counters live in shared anonymous memory, one row per worker, so that a count made in a child
outlives the child, and nobody needs a lock: a row has one writer at a time. Models whose workers
come and go (forking, threaded) hand the row of one that ended to one that begins.
"""

from __future__ import annotations

import json
import mmap
import resource

_ACCEPTED, _HEALTH, _ABORTED, _OTHER = range(4)
_STATUSES = (
    *(200, 204, 206, 301, 302, 303, 304),
    *(400, 403, 404, 405, 406, 408, 409, 411, 412, 413, 414, 415, 416, 417, 429, 431),
    *(500, 501, 502, 503, 504, 505),
)
_COLUMN = {status: column for column, status in enumerate(_STATUSES, start=_OTHER + 1)}
_WIDTH = _OTHER + 1 + len(_STATUSES)
HEALTH = b"/health"


class Tally:
    """The row of one worker. Counts are of its connections and of answers that went out whole."""

    __slots__ = ("_row",)

    def __init__(self, row: memoryview[int]) -> None:
        self._row = row

    def accepted(self) -> None:
        """A connection was taken from the backlog."""
        self._row[_ACCEPTED] += 1

    def answered(self, path: bytes, status: int) -> None:
        """The last byte of an answer was handed to the kernel. Probes of /health count apart."""
        self._row[_HEALTH if path == HEALTH else _COLUMN.get(status, _OTHER)] += 1

    def aborted(self) -> None:
        """An answer was due, but could not be delivered whole."""
        self._row[_ABORTED] += 1


class Meter:
    """The rows of all workers, and what the kernel knows of the processes."""

    def __init__(self, model: str, rows: int) -> None:
        self._model = model
        memory = mmap.mmap(-1, rows * _WIDTH * 8)  # MAP_SHARED | MAP_ANONYMOUS
        self._cells = memoryview(memory).cast("Q")
        self._free = list(range(rows - 1, -1, -1))
        self._most_rows = 0
        self._begun = 0
        self.forks = 0
        self.backlog_left = 0
        self.children_reaped = True  # False: by the kernel, which keeps nothing of what they used

    def take_row(self) -> int:
        """A row that nobody writes to, until it is given back."""
        row = self._free.pop()
        self._begun += 1
        self._most_rows = max(self._most_rows, row + 1)
        return row

    def give_back(self, row: int) -> None:
        """The worker of this row has ended. Its counts stay."""
        self._free.append(row)

    def tally(self, row: int) -> Tally:
        """The counters of this row."""
        return Tally(self._cells[row * _WIDTH : (row + 1) * _WIDTH])

    def account(self) -> str:
        """The account as a line of JSON. Call it when every worker has been reaped.

        getrusage(2): SELF keeps the time of threads that ended, CHILDREN that of children that were
        waited for. Where nobody waits, nobody knows what the server used: those figures are null.
        """
        rows = [
            self._cells[row * _WIDTH : (row + 1) * _WIDTH].tolist()
            for row in range(self._most_rows)
        ]
        total = [sum(column) for column in zip(*rows, strict=True)] or [0] * _WIDTH
        by_status = {str(status): total[column] for status, column in _COLUMN.items()}
        by_status["other"] = total[_OTHER]
        own = resource.getrusage(resource.RUSAGE_SELF)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        usage: dict[str, float | None] = {
            "cpu_user_s": round(own.ru_utime + children.ru_utime, 6),
            "cpu_system_s": round(own.ru_stime + children.ru_stime, 6),
            "voluntary_switches": own.ru_nvcsw + children.ru_nvcsw,
            "involuntary_switches": own.ru_nivcsw + children.ru_nivcsw,
            "peak_rss_bytes": max(own.ru_maxrss, children.ru_maxrss) * 1024,
        }
        if not self.children_reaped:
            usage = dict.fromkeys(usage)
        return json.dumps(
            {
                "format": 1,
                "model": self._model,
                "accepted": total[_ACCEPTED],
                "answered": sum(total[_OTHER:]),
                "health": total[_HEALTH],
                "aborted": total[_ABORTED],
                "backlog_left": self.backlog_left,
                "by_status": {status: count for status, count in by_status.items() if count},
                "workers": [
                    {"accepted": row[_ACCEPTED], "answered": sum(row[_OTHER:])} for row in rows
                ],
                "begun": self._begun,
                "forks": self.forks,
                **usage,
            }
        )
