"""Claims on real containers: tried, shown, annotated; interrupted and gone on with."""

from __future__ import annotations

import re
from collections.abc import Callable

import docker
import pytest

from lab.records import claims_record
from tests.e2e.conftest import RESULTS, ROOT, Lab, container

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
Start = Callable[..., Lab]


def test_a_claim_is_tried_and_the_notes_show_it(lab: Start) -> None:
    status, said = lab("claim", "--claim", "zombies,sa-restart").end()
    assert status == 0, said
    assert "zombies: SUPPORTED" in said
    assert "sa-restart: REFINED" in said
    folder, _ = re.findall(r"^evidence: (results/\S+)/evidence.json", said, re.MULTILINE)
    gathered = claims_record.read(ROOT / folder).claims["zombies"].evidence
    assert gathered["never"] == {"begun": 10, "while_stopped": 10, "left": 10}
    assert gathered["loop"]["left"] == 0
    status, said = lab("notes", "--run", folder).end()
    assert status == 0, said
    assert "1 supported, 22 not tried" in said
    assert 'id="zombies"' in (ROOT / folder / "notes.html").read_text()
    assert "make claim CLAIM=detach" in (ROOT / folder / "notes.md").read_text()


def test_a_claim_that_there_is_not_is_told_with_those_that_there_are(lab: Start) -> None:
    status, said = lab("claim", "--claim", "zombie").end()
    assert status == 2
    assert "CLAIM: no claim 'zombie'; did you mean 'zombies'" in said


def test_ctrl_c_in_the_first_claim_leaves_nothing(lab: Start, client: docker.DockerClient) -> None:
    before = set(RESULTS.glob("*-claims"))
    trying = lab("claims")
    container(client, "epoll")
    trying.press()
    status, said = trying.end()
    assert status == 130, said
    assert "Traceback" not in said
    assert set(RESULTS.glob("*-claims")) == before
