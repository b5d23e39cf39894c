"""What strace wrote, counted: a call once though it was interrupted, a request from the middle."""

from __future__ import annotations

from lab.records import strace, trace_record
from lab.records.strace import Call
from lab.records.trace_record import TraceRecord

FORKED = """\
1     accept4(3, {sa_family=AF_INET}, [16], SOCK_CLOEXEC) = 4
1     clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 8
8     recvfrom(4, "GET /a HTTP/1.1\\r\\n"..., 16384, 0, NULL, NULL) = 60
1     accept4(3,  <unfinished ...>
8     sendto(4, "HTTP/1.1 200 OK\\r\\n"..., 913, 0, NULL, 0) = 913
8     exit_group(0)                     = ?
8     +++ exited with 0 +++
1     <... accept4 resumed>0x7f, 0x7f, SOCK_CLOEXEC) = ? ERESTARTSYS (To be restarted if SA_RESTART)
1     --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8, si_uid=10001} ---
1     wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], WNOHANG, NULL) = 8
1     wait4(-1, 0x7f, WNOHANG, NULL)    = -1 ECHILD (No child processes)
1     rt_sigreturn({mask=[]})           = -1 EINTR (Interrupted system call)
1     accept4(3, {sa_family=AF_INET}, [16], SOCK_CLOEXEC) = 4
1     clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 9
9     recvfrom(4,  <unfinished ...>
1     accept4(3,  <unfinished ...>
9     <... recvfrom resumed>"GET /b HTTP/1.1\\r\\n"..., 16384, 0, NULL, NULL) = 60
9     exit_group(0)                     = ?
"""


def counts(trace: str) -> dict[str, int]:
    return {call.name: call.count for call in strace.calls(trace)}


def test_a_call_counts_once_though_another_task_interrupted_it() -> None:
    assert counts(FORKED) == {
        "accept4": 4,
        "clone": 2,
        "recvfrom": 2,
        "exit_group": 2,
        "wait4": 2,
        "sendto": 1,
        "rt_sigreturn": 1,
    }


def test_the_most_frequent_call_comes_first() -> None:
    assert strace.calls(FORKED)[0].name == "accept4"


def test_failures_are_told_by_their_errno_and_what_a_signal_left_is_none() -> None:
    failed = {call.name: call.failed for call in strace.calls(FORKED) if call.failed}
    assert failed == {"wait4": {"ECHILD": 1}}


def test_a_failure_that_came_after_an_interruption_is_seen() -> None:
    text = "1     accept4(3,  <unfinished ...>\n1     <... accept4 resumed>) = -1 EAGAIN (Again)\n"
    assert strace.calls(text) == [Call(name="accept4", count=1, failed={"EAGAIN": 1})]


def test_one_request_ends_where_the_next_one_is_read() -> None:
    steps = strace.one_request(FORKED)
    assert steps[0].text.startswith('recvfrom(4, "GET /a ')
    assert steps[-1].text.startswith("accept4(3,  <unfinished")
    assert [step.task for step in steps[:3]] == [1, 0, 1]  # 0 is the parent, PID 1


def test_it_is_taken_from_the_middle() -> None:
    read = '1     read(4, "GET /{} HTTP/1.1", 99) = 9\n1     write(4, "{}", 1) = 1\n'
    steps = strace.one_request("".join(read.format(each, each) for each in "abcdefg"))
    assert [step.text for step in steps] == [
        'read(4, "GET /d HTTP/1.1", 99) = 9',
        'write(4, "d", 1) = 1',
    ]


def test_a_request_that_the_server_itself_sends_is_not_taken_for_one_it_reads() -> None:
    assert strace.one_request('1     sendto(4, "GET /a", 6) = 6\n' * 3) == []


def test_nothing_traced_is_nothing_counted() -> None:
    assert (strace.calls(""), strace.one_request("")) == ([], [])


def test_the_table_shows_calls_per_request_and_leaves_out_the_rare() -> None:
    record = TraceRecord(
        model="epoll",
        scenario="quick",
        scenario_sha256="0" * 64,
        connection="close",
        created_at="2026-11-24T12:00:00+00:00",
        requests=200,
        calls=[
            Call(name="accept4", count=400, failed={"EAGAIN": 200}),
            Call(name="getpid", count=1, failed={}),
        ],
        one_request=strace.one_request(FORKED),
        scenes={},
    )
    text = trace_record.table(record)
    assert "accept4                 2.00  1.00 EAGAIN" in text
    assert "getpid" not in text
    assert "epoll, scenario quick, connection close: 200 requests" in text
    assert '  1  recvfrom(4, "GET /a' in text
    assert TraceRecord.model_validate_json(record.model_dump_json()) == record
