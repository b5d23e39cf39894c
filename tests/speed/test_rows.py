"""The table's rows: what the comparison asks of each, and how they are chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from speed.inside.commands import command
from speed.inside.rows import CONNECTIONS, ROWS, Row, Side, chosen

BY_NAME = {row.name: row for row in ROWS}
PORT = 8000


def words(side: Side, place: Path) -> list[str]:
    return command(side, PORT, place)


def test_no_two_rows_and_no_two_sides_of_a_row_share_a_name() -> None:
    assert len(BY_NAME) == len(ROWS)
    for row in ROWS:
        names = [side.name for side in (*row.ours, *row.theirs)]
        assert len(set(names)) == len(names)


def test_a_choice_keeps_the_order_of_the_table() -> None:
    assert [row.name for row in chosen(" idle,nginx ")] == ["nginx", "idle"]
    assert chosen("") == ROWS


def test_an_unknown_row_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no row apache; there are: .*nginx-best"):
        chosen("nginx,apache")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_server_listens_on_loopback_at_the_port(row: Row, tmp_path: Path) -> None:
    for side in (*row.ours, *row.theirs):
        started = words(side, tmp_path)
        if side.maker == "nginx":
            assert f"listen 127.0.0.1:{PORT} " in Path(started[-1]).read_text()
        elif side.maker == "original":
            assert started[-1] == str(PORT)  # listens everywhere; the container has only loopback
        else:
            assert "127.0.0.1" in " ".join(started)
            assert str(PORT) in " ".join(started).replace(":", " ").split()


def test_pools_are_of_one_size_on_both_sides(tmp_path: Path) -> None:
    gthread, sync = BY_NAME["gthread"], BY_NAME["sync"]
    for row, flag in ((gthread, "--threads"), (sync, "--workers")):
        ours, theirs = words(row.ours[0], tmp_path), words(row.theirs[0], tmp_path)
        assert ours[ours.index("--workers") + 1] == theirs[theirs.index(flag) + 1]


def test_under_keep_alive_every_connection_finds_a_worker(tmp_path: Path) -> None:
    for row in ROWS:
        for side in (*row.ours, *row.theirs):
            started = words(side, tmp_path)
            if row.client == "wrk" and "--workers" in started and side.maker == "lab":
                assert int(started[started.index("--workers") + 1]) >= CONNECTIONS


def test_nginx_says_how_it_transfers(tmp_path: Path) -> None:
    found = set()
    for side in BY_NAME["nginx-best"].theirs:
        text = Path(words(side, tmp_path)[-1]).read_text()
        found.add(("sendfile on;" in text, "tcp_nopush on;" in text))
    assert found == {(True, False), (True, True), (False, False)}
