"""What experiments read of sockets and processes: /proc as the kernel prints it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.claims import processes
from lab.claims.processes import Socket

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F40 00000000:0000 0A 00000000:00000002 00:00000000 00000000 10001        0 77 1 0
   1: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 78 1 0
   2: 0380A8C0:1F40 0180A8C0:C35C 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0
"""


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    for pid, words in (
        (7, "docker-proxy -host-port 8001"),
        (9, "/bin/docker-proxy -host-port 8007"),
    ):
        folder = tmp_path / str(pid)
        (folder / "net").mkdir(parents=True)
        (folder / "net" / "tcp").write_text(TCP)
        (folder / "cmdline").write_text(words.replace(" ", "\0") + "\0")
        (folder / "stat").write_text(f"{pid} (a b) S 1 " + "0 " * 40)
        (folder / "status").write_text("voluntary_ctxt_switches:\t5\n")
    return tmp_path


def test_sockets_have_the_address_that_they_are_bound_to(proc: Path) -> None:
    assert processes.sockets(7, proc) == [
        Socket("LISTEN", "0.0.0.0", 8000, 0, receive_queue=2, inode=77),
        Socket("LISTEN", "127.0.0.1", 8001, 0, receive_queue=0, inode=78),
        Socket("TIME_WAIT", "192.168.128.3", 8000, 50012, receive_queue=0, inode=0),
    ]


def test_a_process_is_found_by_its_program_and_a_word_of_its_command_line(proc: Path) -> None:
    found = processes.running("docker-proxy", "8007", proc=proc)
    assert found is not None
    assert found.pid == 9
    assert processes.running("docker-proxy", "8080", proc=proc) is None
    assert processes.running("proxy", "8007", proc=proc) is None
