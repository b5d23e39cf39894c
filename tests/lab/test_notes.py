"""The annotated notes: nothing of the user's words is lost, and each claim stands at its line."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from lab.claims import Bars, Claim, Verdict
from lab.claims.catalogue import NOTES, experiments
from lab.claims.judged import Judged, judge
from lab.claims.notes import annotated, markdown, page
from lab.commands import notes
from lab.records import claims_record
from lab.records.claims_record import Gathered

ROOT = Path(__file__).parents[2]
GATHERED = Gathered(gathered_at="2026-01-01T00:00:00+00:00", took_s=1.0, evidence={})


def claim(name: str, quote: str) -> Claim:
    return Claim(name, quote, "if true", "if not", "control", "knob")


def judged(of: Claim, outcome: Any = "supported", sentence: str = "Seen.") -> Judged:
    return Judged(of, GATHERED, Verdict(outcome, sentence), Bars("Size", "things", (("a", 2.0),)))


FORK = claim("fork-returns", "fork returns 0")
CHILD = claim("zombies", "it stays")
NOTES_TEXT = (
    "Forking servers\n\n  • fork returns 0 in <child>\n  • then it stays around\nPlain words.\n"
)


def test_every_word_of_the_notes_stands_in_their_lines() -> None:
    text = NOTES.read_text(encoding="utf-8")
    found = annotated.lines(text, [each.claim for each in experiments().values()], {})
    shown = "".join(line.text for line in found)
    assert re.sub(r"[\s•]", "", shown) == re.sub(r"[\s•]", "", text)


def test_a_claim_stands_at_the_line_that_makes_it() -> None:
    found = annotated.lines(NOTES_TEXT, [FORK, CHILD], {"zombies": judged(CHILD)})
    assert [(line.kind, [tried.claim.id for tried in line.claims]) for line in found] == [
        ("heading", []),
        ("item", ["fork-returns"]),
        ("item", ["zombies"]),
        ("text", []),
    ]
    assert [piece.text for piece in found[2].pieces if piece.quoted] == ["it stays"]
    assert [tried.judged is None for line in found for tried in line.claims] == [True, False]


def test_a_claim_of_several_lines_stands_at_their_last() -> None:
    both = claim("both", "fork returns 0 in <child>\n  • then it stays")
    found = annotated.lines(NOTES_TEXT, [both], {})
    assert [len(line.claims) for line in found] == [0, 0, 1, 0]
    assert [any(piece.quoted for piece in line.pieces) for line in found] == [
        False,
        True,
        True,
        False,
    ]


def test_no_claim_stands_at_a_heading() -> None:
    text = NOTES.read_text(encoding="utf-8")
    found = annotated.lines(text, [each.claim for each in experiments().values()], {})
    assert sum(len(line.claims) for line in found) == len(experiments())
    assert not [line.text for line in found if line.kind == "heading" and line.claims]


def test_what_is_not_true_as_written_stands_first() -> None:
    results = {"fork-returns": judged(FORK), "zombies": judged(CHILD, "refined", "Only if.")}
    found = annotated.lines(NOTES_TEXT, [FORK, CHILD], results)
    assert [each.claim.id for each in annotated.not_as_written(found)] == ["zombies"]
    assert annotated.summary(results, 2) == "2 claims: 1 supported, 1 refined"
    assert annotated.summary({}, 2) == "2 claims: 2 not tried"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.scripts += tag == "script"
        self.ids += [given["id"] or ""] if "id" in given else []
        self.loads += [str(given[name]) for name in ("src", "href") if name in given]


def test_the_page_is_whole_in_itself_and_escapes_what_it_shows() -> None:
    found = annotated.lines(NOTES_TEXT, [FORK], {"fork-returns": judged(FORK, "refuted", "<b>0")})
    made = page.html(found, "1 claim: 1 refuted", "Somewhere.")
    tags = Tags()
    tags.feed(made)
    assert tags.scripts == 0
    assert tags.ids == ["fork-returns"]
    assert tags.loads == ["#fork-returns"]
    assert "&lt;child&gt;" in made
    assert "&lt;b&gt;0" in made
    assert "make claim CLAIM=fork-returns" in made


@pytest.mark.parametrize(("judgement", "words"), [(True, "**supported**"), (False, "*not tried")])
def test_markdown_has_the_verdict_and_the_command(judgement: bool, words: str) -> None:
    results = {"fork-returns": judged(FORK)} if judgement else {}
    made = markdown.markdown(annotated.lines(NOTES_TEXT, [FORK], results), "1 claim", "Here.")
    assert words in made
    assert "`make claim CLAIM=fork-returns`" in made
    assert "> fork returns 0 in &lt;child>" in made


def test_the_published_notes_follow_the_published_evidence() -> None:
    record = claims_record.read(ROOT / "results/published/claims")
    made = notes.rendered(record, notes.verdicts(record))
    assert set(record.claims) == set(experiments())
    assert (ROOT / "docs" / notes.TEXT).read_text(encoding="utf-8") == made[notes.TEXT]
    page_file = ROOT / "results/published/claims" / notes.PAGE
    assert page_file.read_text(encoding="utf-8") == made[notes.PAGE]


def test_the_readme_counts_the_published_verdicts() -> None:
    record = claims_record.read(ROOT / "results/published/claims")
    found = Counter(
        judge(experiments()[name], each).verdict.outcome for name, each in record.claims.items()
    )
    told = f"{found['supported']} claims came out as supported and {found['refined']} as refined"
    assert found.total() == found["supported"] + found["refined"]
    assert told in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_bar_is_a_share_of_the_longest() -> None:
    bars = Bars("Size", "things", (("a", 2.0), ("b", 8.0), ("none", 0.0)))
    assert [page.share(bars, value) for _, value in bars.values] == [25.0, 100.0, 0.0]
    assert page.share(Bars("Size", "things", (("a", 0.0),)), 0.0) == 0.0


def test_counts_are_whole_and_measures_are_not() -> None:
    assert Bars("Zombies", "processes", (("a", 10.0), ("b", 0.0))).figures() == ["10", "0"]
    assert Bars("CPU", "us", (("a", 10.0), ("b", 0.5))).figures() == ["10.0", "0.50"]
