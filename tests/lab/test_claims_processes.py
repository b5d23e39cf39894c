"""What the kernel says of a process, read from this very one."""

from __future__ import annotations

import os
import threading

from lab.claims import processes


def test_every_thread_is_a_task_of_its_own() -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        found = {each.pid for each in processes.threads(os.getpid())}
        assert {os.getpid(), thread.native_id} <= found
    finally:
        end.set()
        thread.join()


def test_the_status_by_the_kernels_names() -> None:
    found = processes.status(os.getpid())
    assert found["Pid"] == str(os.getpid())
    assert found["VmSize"].endswith(" kB")
    assert int(found["SigIgn"], 16) >= 0


def test_a_process_that_there_is_not() -> None:
    assert processes.status(0) == {}
    assert processes.threads(0) == []
