"""`make notes`: the user's notes, each claim beside what came of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from lab.claims import catalogue
from lab.claims.judged import Judged, judge
from lab.claims.notes import annotated, markdown, page
from lab.records import claims_record, durable
from lab.records.claims_record import ClaimsRecord
from lab.records.run_folder import PUBLISHED
from lab.run.progress import PlainLines

PAGE, TEXT = "notes.html", "notes.md"


def notes(run: str, root: Path, console: Console) -> int:
    """Writes notes.html and notes.md beside the evidence. 0."""
    results = root / "results"
    folder = claims_record.find(results, run)
    record = claims_record.read(folder)
    say = PlainLines(console).say
    judged = verdicts(record)
    for name, text in rendered(record, judged).items():
        durable.write(folder / name, text)
    print(annotated.summary(judged, len(catalogue.experiments())), flush=True)
    if folder.parent.name == PUBLISHED:
        say("from the published run; `make claims` tries them on this machine")
    say(f"page: {os.path.relpath(folder / PAGE)}")
    return 0


def rendered(record: ClaimsRecord, judged: Mapping[str, Judged]) -> dict[str, str]:
    """By the file's name."""
    known = [each.claim for each in catalogue.experiments().values()]
    lines = annotated.lines(catalogue.notes(), known, judged)
    summary = annotated.summary(judged, len(known))
    return {
        PAGE: page.html(lines, summary, _where(record)),
        TEXT: markdown.markdown(lines, summary, _where(record)),
    }


def verdicts(record: ClaimsRecord) -> dict[str, Judged]:
    """By the claim's name."""
    known = catalogue.experiments()
    return {
        name: judge(known[name], gathered)
        for name, gathered in record.claims.items()
        if name in known
    }


def _where(record: ClaimsRecord) -> str:
    host = record.host
    return (
        f"Tried on {record.created_at[:10]} with make claims on {host.cpu_model or 'a CPU'},"
        f" {host.cpus} CPUs, Linux {host.kernel}, Docker {record.docker}."
    )
