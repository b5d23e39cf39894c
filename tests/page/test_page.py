"""The page: whole, alone, harmless, a table beside each plot; quick and small for 1,000 trials."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.analysis.result import Result
from lab.records.run_folder import RunFolder
from lab.report import page
from lab.report import report as reporting
from lab.report.page.gather import gather
from lab.report.page.page import html
from lab.report.report import Report
from tests.lab import records
from tests.page import runs

VOID = {"meta", "input", "br"}
LADDER = runs.run(users=(10, 100), trials=2)


class Parsed(HTMLParser):
    """Tags in their order, each with its attributes and its text; fails where they do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[int] = []
        self.tags: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}, []))
        if tag not in VOID:
            self.open.append(len(self.tags) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_endtag(self, tag: str) -> None:
        assert self.tags[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.tags[self.open[-1]][2].append(data)

    def all(self, tag: str) -> Iterator[tuple[dict[str, str], str]]:
        for name, attributes, text in self.tags:
            if name == tag:
                yield attributes, "".join(text)


def parsed(report: Report) -> Parsed:
    return Parsed(html(gather(report)))


WHOLE_TEXT = html(gather(LADDER))
WHOLE = Parsed(WHOLE_TEXT)


def test_it_asks_the_question_first() -> None:
    (heading,) = [text for _, text in WHOLE.all("h1")]
    assert heading == "Small answers on fresh connections - the price of accept()."


def test_the_answer_and_a_picture_stand_before_any_table() -> None:
    tags = [tag for tag, _, _ in WHOLE.tags]
    kinds = [a.get("class") for _, a, _ in WHOLE.tags]
    assert kinds.index("answer") < kinds.index("plot") < tags.index("table")
    [answer] = [text for a, text in WHOLE.all("p") if a.get("class") == "answer"]
    assert answer.split() == [word for line in LADDER.answer[1:] for word in line.split()]
    assert WHOLE_TEXT.count(LADDER.answer[0]) == 1


def test_each_plot_has_its_spec_its_caption_and_its_table() -> None:
    names = [attributes["id"] for attributes, _ in WHOLE.all("figure")]
    assert len(names) == 7
    holders = [
        attributes["data-spec"] for attributes, _ in WHOLE.all("div") if "data-spec" in attributes
    ]
    assert holders == [f"{name}-spec" for name in names]
    specs = {a["id"]: json.loads(text) for a, text in WHOLE.all("script") if "id" in a}
    assert set(specs) == set(holders)
    tags = [(tag, attributes) for tag, attributes, _ in WHOLE.tags]
    starts = [i for i, (tag, _) in enumerate(tags) if tag == "figure"]
    for start, end in zip(starts, [*starts[1:], len(tags)], strict=True):
        within = [tag for tag, _ in tags[start:end]]
        assert "figcaption" in within
        assert "table" in within


def test_it_loads_nothing() -> None:
    for tag, attributes, _ in WHOLE.tags:
        assert not {"src", "href", "action", "style", "srcdoc"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert tag not in {"link", "iframe", "img", "object", "embed", "base"}
    (style,) = [text for _, text in WHOLE.all("style")]
    assert "url(" not in style
    assert "@import" not in style


def test_its_policy_allows_its_own_two_scripts_and_nothing_else() -> None:
    (policy,) = [a["content"] for a, _ in WHOLE.all("meta") if "http-equiv" in a]
    allowed = set(re.findall(r"'(sha256-[^']+)'", policy))
    scripts = [text for attributes, text in WHOLE.all("script") if "type" not in attributes]
    digests = [hashlib.sha256(text.encode()).digest() for text in scripts]
    assert {f"sha256-{base64.b64encode(digest).decode()}" for digest in digests} == allowed
    assert len(scripts) == 2
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy


ODD = st.text(alphabet="<>&\"'/`{}%$# é\n=-!abscript", min_size=1, max_size=20)


@settings(deadline=None, max_examples=15)
@given(model=ODD, about=ODD, why=ODD)
def test_what_comes_from_files_stays_text(model: str, about: str, why: str) -> None:
    made = runs.run(models=("poll",), trials=1)
    (result,) = made.results
    failed = Result(records.server(number=2, model=model, outcome="failed", reason="x" + why), None)
    renamed = Result(result.server.model_copy(update={"model": model}), result.load)
    scenario = {"name": about, "sha256": "0" * 64, "text": f"users: 1 # {why}"}
    report = Report(
        runs.named(made, scenario=scenario, models=[model], run=about).manifest, [renamed, failed]
    )
    found = parsed(report)
    ordinary = parsed(
        Report(
            made.manifest,
            [
                result,
                Result(records.server(number=2, model="poll", outcome="failed", reason="x"), None),
            ],
        )
    )
    assert [tag for tag, _, _ in found.tags] == [tag for tag, _, _ in ordinary.tags]
    specs = [json.loads(text) for attributes, text in found.all("script") if "id" in attributes]
    rows = [row for spec in specs for row in spec["datasets"]["rows"]]
    assert {row["model"] for row in rows} == {model}
    names = {text for attributes, text in found.all("span") if attributes.get("class") == "name"}
    assert model.replace("\r", "\n") in names


def test_the_end_of_a_script_in_a_name_ends_no_script() -> None:
    evil = "</script><script>alert(1)</script>"
    text = html(gather(runs.run(models=(evil,), trials=1, about=evil)))
    assert evil not in text
    assert text.count("<script") == len(list(Parsed(text).all("script")))


@pytest.mark.parametrize("results", [[], [Result(records.server(outcome="failed"), None)]])
def test_a_run_without_figures_is_a_page_that_says_so(results: list[Result]) -> None:
    found = parsed(Report(records.manifest(), results))
    sentences = [
        text for attributes, text in found.all("p") if attributes.get("class") == "missing"
    ]
    assert any("nothing to draw" in sentence for sentence in sentences)
    assert not list(found.all("figcaption"))


def test_what_went_wrong_is_told_before_the_figures(tmp_path: Path) -> None:
    failed = Result(records.server(number=9, outcome="failed", reason="did not start"), None)
    found = parsed(Report(LADDER.manifest, [*LADDER.results[1:], failed]))
    sections = [a.get("class") for a, _ in found.all("section")]
    assert sections[:2] == ["picture", "warning"]
    assert any("did not start" in text for _, text in found.all("li"))


def test_the_page_of_1000_trials_is_made_in_10_seconds_and_has_under_10_megabytes(
    tmp_path: Path,
) -> None:
    run = runs.run(users=(10, 100, 1_000, 10_000), trials=36, seconds=60)
    assert len(run.results) > 1_000
    folder = RunFolder(tmp_path)
    folder.write_manifest(run.manifest)
    for planned, result in zip(run.manifest.plan, run.results, strict=True):
        trial = folder.trial(planned.name)
        trial.mkdir(parents=True)
        assert result.load is not None
        (trial / "load.json").write_text(result.load.model_dump_json())
        (trial / "server.json").write_text(result.server.model_dump_json())
    began_s = time.monotonic()
    path = page.write(folder, reporting.load(folder))
    took_s = time.monotonic() - began_s
    assert path == tmp_path / "report.html"
    assert took_s < 10
    specs = [a for a, _ in Parsed(path.read_text()).all("script") if "id" in a]
    assert len(specs) == 8, "nothing was left out"
    assert path.stat().st_size < 10_000_000
