"""server.json: what an older lab wrote is read, and what it could not know is unknown."""

from __future__ import annotations

import json

from lab.records.record import ServerRecord
from tests.lab import records

FORMAT_2 = {
    "format": 2,
    "number": 3,
    "block": 1,
    "model": "epoll",
    "users": 20,
    "seed": 7,
    "outcome": "ok",
    "opened": {
        "source": "cgroup v1",
        "read_at_s": 10.0,
        "cpu_s": 1.0,
        "cpu_user_s": 0.6,
        "cpu_system_s": 0.4,
        "memory_bytes": 8_000_000,
        "rss_bytes": 7_000_000,
        "pids": 1,
        "threads": 1,
        "voluntary_switches": 3,
        "involuntary_switches": 0,
        "listen_overflows": 0,
        "listen_drops": 0,
    },
    "end": {"exit_code": 0, "oom_killed": False, "account": None, "account_missing": "silent"},
}


def test_format_2_is_read_and_what_it_lacks_is_unknown() -> None:
    record = ServerRecord.model_validate_json(json.dumps(FORMAT_2))
    assert record.format == 2
    assert record.started is None
    assert record.opened is not None
    assert record.opened.listen_overflows == 0
    assert record.opened.syn_retries is None
    assert record.opened.cpus is None
    assert record.receive == "sender"


def test_what_is_written_is_read_back_the_same() -> None:
    record = records.server(started=records.counters(99.0, 0.2))
    assert record.format == 3
    assert ServerRecord.model_validate_json(record.model_dump_json()) == record


def test_what_a_newer_lab_added_is_let_pass() -> None:
    text = json.dumps({**records.server().model_dump(), "more": 1})
    assert ServerRecord.model_validate_json(text) == records.server()
