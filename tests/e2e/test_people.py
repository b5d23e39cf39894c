"""What people do besides measuring: look at a server, at its logs, at a report; clear up."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

import docker
import pytest

from lab.records.trace_record import TraceRecord
from tests.e2e.conftest import RESULTS, ROOT, Lab, container

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
Start = Callable[..., Lab]


def get(url: str, form: dict[str, str] | None = None) -> str:
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(url, data, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_model_is_served_until_ctrl_c(lab: Start, client: docker.DockerClient) -> None:
    serving = lab("serve", "--model", "epoll")
    assert serving.process.stdout is not None
    said = ""
    while "Ctrl-C ends it" not in said:
        said = serving.process.stdout.readline()
        assert said, "the lab ended"
    [url] = re.findall(r"http://127\.0\.0\.1:\d+/", said)
    assert "epoll" in get(url)
    assert "Ada was here" in get(f"{url}guestbook", {"name": "Ada", "remark": "Ada was here"})

    logs = lab("logs", "--model", "epoll")
    assert logs.process.stdout is not None
    assert "epoll" in logs.process.stdout.readline()
    serving.press()
    assert serving.end(within_s=30)[0] == 130
    assert logs.end(within_s=30)[0] == 0
    with pytest.raises(urllib.error.URLError):
        get(url)


def test_a_model_is_traced_and_the_newest_run_stays_the_newest(lab: Start) -> None:
    latest = (RESULTS / "latest").resolve()
    status, said = lab("trace", "--model", "forking").end()
    assert status == 0, said
    assert re.search(r"^clone +1\.00", said, re.MULTILINE)
    assert "From reading one request to reading the next" in said
    [folder] = re.findall(r"^trace: (results/\S+)", said, re.MULTILINE)
    record = TraceRecord.model_validate_json((ROOT / folder / "trace.json").read_text())
    assert record.model == "forking"
    started = [act.name for act in record.scenes["start"].acts]
    assert started[:3] == ["socket", "bind", "listen"]
    both = record.scenes["two-users"]
    assert (both.lanes, both.clients) == (["main", "process 1", "process 2"], 2)
    assert [act.made for act in both.acts if act.name == "clone"] == [1, 2]
    assert "process 2" in (ROOT / folder / "two-users.svg").read_text()
    tasks = re.findall(r"^ *(main|\d+)  [\w<]", said, re.MULTILINE)
    assert {"main", "1"} <= set(tasks), (
        "the parent and its child, also where their calls interleave"
    )
    assert (RESULTS / "latest").resolve() == latest


def test_a_shell_beside_a_served_model_sees_its_sockets_and_processes(
    lab: Start, client: docker.DockerClient
) -> None:
    nobody = run_shell("")
    assert nobody.returncode == 1
    assert "no server is up\n  -> in another terminal: make serve" in nobody.stderr
    serving = lab("serve", "--model", "preforked")
    container(client, "preforked")
    seen = run_shell("ss -ltn; ps -eo ppid,cmd; exit 7")
    assert seen.returncode == 7, seen.stderr
    assert "0.0.0.0:8000" in seen.stdout
    assert seen.stdout.count("servers preforked") == 1 + 8, "the parent and its children"
    serving.press()
    assert serving.end()[0] == 130


def run_shell(typed: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "lab", "shell"]
    return subprocess.run(words, input=typed, capture_output=True, text=True, check=False, cwd=ROOT)


def test_models_are_drawn_on_one_page(lab: Start) -> None:
    """The second user is served while the first waits, but where there is one process for both."""
    status, said = lab("trace", "--model", "iterative,prethreaded,epoll").end()
    assert status == 0, said
    [page] = re.findall(r"^page: (results/\S+)", said, re.MULTILINE)
    assert (ROOT / page).read_text().count("<svg ") == 3 * 3
    for model, order in (("iterative", [0, 1]), ("prethreaded", [1, 0]), ("epoll", [1, 0])):
        record = ROOT / page.replace("trace.html", f"{model}/trace.json")
        both = TraceRecord.model_validate_json(record.read_text()).scenes["two-users"]
        assert [act.client for act in both.acts if act.name == "sendto"] == order, model


def test_down_takes_away_what_a_killed_lab_left(lab: Start, client: docker.DockerClient) -> None:
    serving = lab("serve", "--model", "poll")
    container(client, "poll")
    serving.process.kill()
    serving.process.wait()
    status, said = lab("down").end()
    assert status == 0
    assert "poll" in said
    assert lab("down").end()[1] == "there was nothing of the lab\n"


def test_the_next_run_clears_up_after_a_killed_lab(
    lab: Start, scenario: Callable[..., str], client: docker.DockerClient
) -> None:
    running = lab("bench", "--model", "poll", "--scenario", scenario("trials: 50"))
    container(client, "poll")
    running.process.kill()
    running.process.wait()
    status, said = lab("bench", "--model", "poll", "--scenario", scenario()).end()
    assert status == 0, said
    assert "removed what an earlier run had left" in said


def test_the_report_of_an_earlier_run_can_be_made_again(
    lab: Start, scenario: Callable[..., str]
) -> None:
    _, said = lab("bench", "--model", "poll", "--scenario", scenario()).end()
    table = [line for line in said.splitlines() if line.startswith("poll ")]
    [run] = re.findall(r"^page: (\S+)/report.html$", said, re.MULTILINE)
    for words in ((), ("--run", run)):
        status, again = lab("report", *words).end()
        assert status == 0
        assert [line for line in again.splitlines() if line.startswith("poll ")] == table


def test_models_and_scenarios_are_listed(lab: Start) -> None:
    status, said = lab("list").end()
    assert status == 0
    for name in ("prethreaded", "127.0.0.1:8005", "quick", "guestbook"):
        assert name in said


def test_the_doctor_finds_this_machine_fit(lab: Start) -> None:
    status, said = lab("doctor").end()
    assert status == 0, said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("serve",), "MODEL: which one? There are: iterative"),
        (("serve", "--model", "epol"), "did you mean 'epoll'?"),
        (("bench", "--nonsense"), "No such option"),
        (("report", "--run", "nowhere"), "no run"),
        (("logs",), "nothing of the lab runs now"),
    ],
)
def test_wrong_words_are_told_without_a_traceback(
    lab: Start, words: tuple[str, ...], told: str
) -> None:
    status, said = lab(*words).end()
    assert status in {1, 2}
    assert told in said
    assert "Traceback" not in said
