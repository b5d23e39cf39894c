"""Experiments one after the other: what was gathered is kept, and a fault spoils its own alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from lab.claims import Bars, Claim, Experiment, Laboratory, Verdict, catalogue, run
from lab.claims.judged import Judged, judge, terminal
from lab.errors import Interrupted, LabError, MisuseError
from lab.records import claims_record
from lab.records.claims_record import ClaimsRecord, Gathered
from lab.records.manifest import Host

HOST = Host(
    kernel="6.1", architecture="x86_64", cpu_model=None, cpus=2, siblings={}, governor=None,
    memory_bytes=None, cgroup_version=None, storage_driver=None, userland_proxy=None,
    sysctls={}, open_files=None,
)  # fmt: skip
EMPTY = ClaimsRecord(
    created_at="2026-01-01T00:00:00+00:00",
    host=HOST,
    docker="20",
    git_commit=None,
    git_dirty=None,
    claims={},
)


@dataclass(frozen=True)
class Seen:
    number: int


def experiment(name: str, gather: Any) -> Experiment[Seen]:
    return Experiment(
        Claim(name, "words", "if true", "if not", "control", "knob"),
        Seen,
        gather,
        lambda seen: Verdict("supported" if seen.number else "refuted", f"{seen.number} seen."),
        lambda seen: Bars("Seen", "things", (("all", float(seen.number)), ("none", 0.0))),
    )


def raising(error: BaseException) -> Any:
    def gather(_: Laboratory) -> Seen:
        raise error

    return gather


class Quiet:
    """A laboratory that only says."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


def tried(
    experiments: list[Experiment[Seen]], folder: Path, record: ClaimsRecord = EMPTY
) -> tuple[list[str], list[Judged], list[str]]:
    told: list[Judged] = []
    lab = Quiet()
    failed = run.run(experiments, cast("Laboratory", lab), folder, record, told.append)
    return failed, told, lab.said


def test_a_fault_spoils_its_own_experiment_alone(tmp_path: Path) -> None:
    wrong = [raising(LabError("no room")), raising(ConnectionRefusedError("refused"))]
    every = [
        experiment("a", wrong[0]),
        experiment("b", lambda _: Seen(3)),
        experiment("c", wrong[1]),
    ]
    failed, told, said = tried(every, tmp_path)
    assert failed == ["a", "c"]
    assert [each.verdict.sentence for each in told] == ["3 seen."]
    assert "a failed: no room" in said
    assert list(claims_record.read(tmp_path).claims) == ["b"]


def test_what_was_gathered_is_on_the_disk_before_the_next_begins(tmp_path: Path) -> None:
    every = [experiment("a", lambda _: Seen(1)), experiment("b", raising(Interrupted(2)))]
    with pytest.raises(Interrupted):
        tried(every, tmp_path)
    kept = claims_record.read(tmp_path)
    assert kept.claims["a"].evidence == {"number": 1}
    later = [every[0], experiment("b", lambda _: Seen(0))]
    failed, told, _ = tried(later, tmp_path, kept)
    assert (failed, [each.claim.id for each in told]) == ([], ["b"])
    assert set(claims_record.read(tmp_path).claims) == {"a", "b"}


def test_evidence_of_another_form_is_told_with_the_remedy() -> None:
    gathered = Gathered(gathered_at="now", took_s=1.0, evidence={"other": 1})
    with pytest.raises(LabError, match="another form") as told:
        judge(experiment("a", None), gathered)
    assert told.value.remedy == "gather it again: make claim CLAIM=a"


def test_the_terminal_shows_words_verdict_and_figure() -> None:
    gathered = Gathered(gathered_at="now", took_s=1.0, evidence={"number": 4})
    lines = terminal(judge(experiment("a", None), gathered)).splitlines()
    assert lines[0] == "a: SUPPORTED"
    assert '  "words"' in lines
    assert f"  all   {'#' * 32} 4" in lines


CLAIMS = {
    "port-forwarding", "reuseaddr", "inaddr-any", "backlog", "client-socket", "blank-line",
    "sendfile", "iterative-queue", "fork-returns", "zombies", "sigchld", "sa-restart", "sigint",
    "forking-concurrency", "prefork-workers", "thundering-herd", "prefork-5x", "detach",
    "accept-mutex", "thread-vs-process", "prethread-vs-prefork", "poll-vs-epoll", "test-table",
}  # fmt: skip


def test_each_claim_of_the_notes_has_an_experiment_and_each_experiment_a_claim() -> None:
    known = catalogue.experiments()
    assert set(known) == CLAIMS
    files = {path.stem.replace("_", "-") for path in catalogue.FOLDER.glob("[!_]*.py")}
    assert files == CLAIMS
    for each in known.values():
        assert each.claim.quote in catalogue.notes(), each.claim.id


@pytest.mark.parametrize(
    ("text", "words"), [("", "which one"), ("zombie", "did you mean"), ("\x1b", "no claim")]
)
def test_a_name_that_is_none_is_told(text: str, words: str) -> None:
    with pytest.raises(MisuseError, match=words):
        catalogue.chosen(text)
