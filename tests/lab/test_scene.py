"""A trace as a story: who made whom, whom a call served, and who woke whom."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from lab.records.scene import Act, Scene, scene, start
from lab.records.story import read
from lab.report.lanes import calls, picture

PEER = '{sa_family=AF_INET, sin_port=htons(40001), sin_addr=inet_addr("172.18.0.1")}'
FORKING = f"""\
1     socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 4
1     close(4)                          = 0
1     socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 5
1     bind(5, {{sa_family=AF_INET, sin_port=htons(8000)}}, 16) = 0
1     listen(5, 4096)                   = 0
1     accept4(5,  <unfinished ...>
1     <... accept4 resumed>{PEER}, [16], SOCK_CLOEXEC) = 11
1     recvfrom(11, "GET /health HTTP/1.1", 16384, 0, NULL, NULL) = 62
1     close(11)                         = 0
1     accept4(5, {PEER}, [16], SOCK_CLOEXEC) = 11
1     recvfrom(11, "GET /health?two HTTP/1.1", 16384, 0, NULL, NULL) = 62
1     close(11)                         = 0
1     accept4(5,  <unfinished ...>
1     <... accept4 resumed>{PEER}, [16], SOCK_CLOEXEC) = 11
1     clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
31    set_robust_list(0x7f9ae7ec3a60, 24) = 0
1     <... clone resumed>, child_tidptr=0x7f9ae7ec3a50) = 31
1     close(11)                         = 0
31    recvfrom(11, "GET /slow HTTP/1.1", 16384, 0, NULL, NULL) = 95
31    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, {{tv_sec=1}},  <unfinished ...>
1     accept4(5, {PEER}, [16], SOCK_CLOEXEC) = 11
1     clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x1) = 32
1     close(11)                         = 0
1     accept4(5,  <unfinished ...>
32    recvfrom(11, "GET /fast HTTP/1.1", 16384, 0, NULL, NULL) = 95
32    sendto(11, "HTTP/1.1 200 OK", 226, 0, NULL, 0) = 226
32    close(11)                         = 0
32    exit_group(0)                     = ?
32    +++ exited with 0 +++
1     <... accept4 resumed>0x7ffddc010b80, [16], SOCK_CLOEXEC) = -1 EINTR (Interrupted system call)
1     --- SIGCHLD {{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=32}} ---
1     wait4(-1, [{{WIFEXITED(s)}}], WNOHANG, NULL) = 32
1     accept4(5,  <unfinished ...>
31    <... clock_nanosleep resumed>NULL) = 0
31    sendto(11, "HTTP/1.1 200 OK", 207, 0, NULL, 0) = 207
31    close(11)                         = 0
1     <... accept4 resumed>{PEER}, [16], SOCK_CLOEXEC) = 11
1     recvfrom(11, "GET /health?ended HTTP/1.1", 16384, 0, NULL, NULL) = 98
"""
BOTH = scene(read(FORKING), "/health?two", "/slow", 2, "/health?ended")


def named(found: Scene, name: str) -> list[Act]:
    return [act for act in found.acts if act.name == name]


def test_each_call_concerns_the_client_whose_connection_it_uses() -> None:
    """The number of the descriptor is the same for both: a child has a table of its own."""
    assert BOTH.clients == 2
    assert [act.client for act in named(BOTH, "sendto")] == [1, 0]
    assert [act.client for act in named(BOTH, "recvfrom")] == [0, 1]
    assert [act.client for act in named(BOTH, "accept4")] == [0, 1, None, None]


def test_a_clone_leads_to_what_it_made_and_an_end_back_to_the_parent() -> None:
    assert BOTH.lanes == ["main", "process 1", "process 2"]
    assert [act.made for act in named(BOTH, "clone")] == [1, 2]
    assert [act.woke for act in named(BOTH, "exit_group")] == [0]


def test_a_call_lasts_while_others_act() -> None:
    [slept] = named(BOTH, "clock_nanosleep")
    first, second = named(BOTH, "sendto")
    assert slept.begin is not None
    assert slept.end is not None
    assert first.begin is not None
    assert second.begin is not None
    assert slept.begin < first.begin < slept.end < second.begin


def test_a_call_that_was_under_way_has_no_beginning_and_one_that_goes_on_no_end() -> None:
    accepts = named(BOTH, "accept4")
    assert (accepts[0].begin, accepts[-1].end) == (None, None)


def test_the_start_ends_where_the_first_client_comes() -> None:
    begun = start(read(FORKING), "/health")
    assert [act.name for act in begun.acts] == ["socket", "bind", "listen", "accept4"]
    assert (begun.lanes, begun.clients) == (["main"], 0)


LOCK = "FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 0, NULL, FUTEX_BITSET_MATCH_ANY"
THREADS = f"""\
1     clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, parent_tid=[15]) = 15
1     clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, parent_tid=[16]) = 16
1     accept4(5, {PEER}, [16], SOCK_CLOEXEC) = 11
1     recvfrom(11, "GET /mark HTTP/1.1", 16384, 0, NULL, NULL) = 62
16    futex(0xaa, {LOCK} <unfinished ...>
15    accept4(5, {PEER}, [16], SOCK_CLOEXEC) = 12
15    futex(0xbb, FUTEX_WAKE_PRIVATE, 1) = 1
15    futex(0xaa, FUTEX_WAKE_PRIVATE, 1) = 1
16    <... futex resumed>)              = 0
16    accept4(5,  <unfinished ...>
15    recvfrom(12, "GET /one HTTP/1.1", 16384, 0, NULL, NULL) = 95
15    sendto(12, "HTTP/1.1 200 OK", 226, 0, NULL, 0) = 226
15    close(12)                         = 0
16    <... accept4 resumed>{PEER}, [16], SOCK_CLOEXEC) = 12
16    recvfrom(12, "GET /end HTTP/1.1", 16384, 0, NULL, NULL) = 95
"""


def test_who_gives_a_lock_on_wakes_who_waits_for_it_and_the_interpreters_own_is_left_out() -> None:
    one = scene(read(THREADS), "/mark", "/one", 1, "/end")
    assert one.lanes == ["main", "thread 1", "thread 2"]
    assert [(act.lane, act.woke) for act in named(one, "futex")] == [(2, None), (1, 2)]


@pytest.mark.parametrize("trace", ["", "1     accept4(5", "no trace at all", FORKING[:400]])
def test_what_was_not_traced_is_an_empty_scene(trace: str) -> None:
    empty = Scene(lanes=[], clients=0, acts=[])
    assert scene(read(trace), "/health?two", "/slow", 2, "/health?ended") == empty
    picture.svg(start(read(trace), "/health"), "nothing")


def test_the_picture_is_svg_with_a_box_for_each_act_and_the_whole_call_on_hover() -> None:
    drawn = ElementTree.fromstring(picture.svg(BOTH, "two & <one>"))
    space = "{http://www.w3.org/2000/svg}"
    assert len(drawn.findall(f"{space}g")) == len(BOTH.acts)
    titles = [title.text or "" for title in drawn.iter(f"{space}title")]
    assert any(
        "GET /slow HTTP/1.1" in title and calls.explained("recvfrom") in title for title in titles
    )
    arrows = drawn.findall(f"{space}path")
    assert len(arrows) == 2 + 2 + 2 + 2 + 1  # accepted, asked, answered, made, woken


@pytest.mark.parametrize("name", sorted({*calls.EXPLAINED, *calls.ALIKE}))
def test_each_call_is_explained_in_a_sentence(name: str) -> None:
    assert calls.explained(name).endswith(".")
