"""The table's rows: what the comparison asks of each, and how they are chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.servers.inside.commands import command, environment
from benchmarks.servers.inside.rows import CONNECTIONS, ROWS, Row, Side

BY_NAME = {row.name: row for row in ROWS}
PORT = 8000


def words(side: Side, place: Path) -> list[str]:
    return command(side, PORT, place)


def test_no_two_rows_and_no_two_sides_of_a_row_share_a_name() -> None:
    assert len(BY_NAME) == len(ROWS)
    for row in ROWS:
        names = [side.name for side in (*row.ours, *row.theirs)]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_server_listens_on_loopback_at_the_port(row: Row, tmp_path: Path) -> None:
    for side in (*row.ours, *row.theirs):
        started = words(side, tmp_path)
        if side.maker == "nginx":
            assert f"listen 127.0.0.1:{PORT} " in Path(started[-1]).read_text()
        elif side.maker == "lab":
            assert started[started.index("--bind") + 1] == "127.0.0.1"
            assert started[started.index("--port") + 1] == str(PORT)
        else:
            assert environment(side, PORT, tmp_path)["LISTEN"] == f"127.0.0.1:{PORT}"


def pool(side: Side, place: Path) -> int:
    """Workers or threads; 1 for what has no pool."""
    if side.maker == "apache":
        return int(environment(side, PORT, place)["WORKERS"] or 1)  # mpm_event: a loop
    started = words(side, place)
    flags = [each for each in ("--workers", "--threads") if each in started]
    return max((int(started[started.index(flag) + 1]) for flag in flags), default=1)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_pools_are_of_one_size_on_both_sides(row: Row, tmp_path: Path) -> None:
    sizes = {pool(side, tmp_path) for side in (*row.ours, *row.theirs)}
    assert len(sizes) == 1 or row.name == "event-kept", (
        "a loop has no pool, mpm_event one behind it"
    )


def test_under_keep_alive_every_connection_finds_a_worker(tmp_path: Path) -> None:
    for row in ROWS:
        for side in (*row.ours, *row.theirs):
            if row.client == "wrk" and pool(side, tmp_path) > 1:
                assert pool(side, tmp_path) >= CONNECTIONS


def test_what_the_race_and_this_share_is_there(tmp_path: Path) -> None:
    for side in (side for row in ROWS for side in row.theirs):
        for word in words(side, tmp_path):
            if "/images/" in word:
                assert Path(word).is_file(), word


def test_nginx_says_how_it_transfers(tmp_path: Path) -> None:
    found = set()
    for side in BY_NAME["nginx-best"].theirs:
        text = Path(words(side, tmp_path)[-1]).read_text()
        found.add(("sendfile on;" in text, "tcp_nopush on;" in text))
    assert found == {(True, False), (True, True), (False, False)}
