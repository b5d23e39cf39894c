"""Lines of strace become calls: whole ones, and those that another task interrupted."""

from __future__ import annotations

from experiments._trace import Call, calls
from experiments.client_socket import Carried, carried
from experiments.fork_returns import Served, served
from experiments.prefork_workers import Accepts, accepts

ONE_CHILD = """\
1     accept4(3,  <unfinished ...>
1     <... accept4 resumed>{sa_family=AF_INET, sin_port=htons(4)}, [16], SOCK_CLOEXEC) = 4
1     clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
15    set_robust_list(0x7f0f5a9f8a20, 24) = 0
1     <... clone resumed>, child_tidptr=0x7f0f5a9f8a10) = 15
1     accept4(3,  <unfinished ...>
15    recvfrom(4, "GET /615b.html HTTP/1.1\\r\\nHost: "..., 65536, 0, NULL, NULL) = 60
15    sendto(4, "HTTP/1.1 200 OK\\r\\nServer: "..., 203, MSG_MORE, NULL, 0) = 203
15    sendfile(4, 7, [0] => [615], 615) = 615
15    exit_group(0)                     = ?
15    +++ exited with 0 +++
1     <... accept4 resumed>0x7ffd, [16], SOCK_CLOEXEC) = ? ERESTARTSYS (To be restarted)
1     --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=15, si_status=0} ---
1     wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], WNOHANG, NULL) = 15
1     wait4(-1, 0x7ffd, WNOHANG, NULL)  = -1 ECHILD (No child processes)
""".splitlines()


def test_halves_are_joined_and_signals_are_no_calls() -> None:
    found = calls(ONE_CHILD)
    assert [each.name for each in found].count("accept4") == 2
    assert found[0] == Call(
        1, "accept4", "3, {sa_family=AF_INET, sin_port=htons(4)}, [16], SOCK_CLOEXEC", 4
    )
    assert found[0].descriptor == 3
    assert {each.name: each.result for each in found}["exit_group"] is None
    assert found[-1].result == -1


def test_a_line_that_is_no_call_is_left_out() -> None:
    assert calls(["", "strace: Process 15 attached", "1     +++ exited with 0 +++"]) == []


def test_what_the_experiments_read_of_it() -> None:
    found = calls(ONE_CHILD)
    assert served(found) == Served(1, 1, 15, 15, 0, 15, 0)
    assert carried(found) == Carried(listener=3, client=4, on_client=3, on_listener=0)
    seen = Accepts(
        by_parent=1, by_children=0, children=0, parent_calls=("accept4", "clone", "wait4")
    )
    assert accepts(found) == seen


def test_an_empty_trace_says_nothing() -> None:
    assert served([]) == Served(0, None, None, None, None, None, None)
    assert carried([]) == Carried(None, None, 0, 0)
    assert accepts([]) == Accepts(0, 0, 0, ())
