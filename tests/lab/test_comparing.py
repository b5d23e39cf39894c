"""`make compare` where there is nothing to compare, and what it does not tell twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.analysis.differences import differences
from lab.commands.compare import compare
from lab.errors import MISUSED, MisuseError
from lab.report import cell_comparison
from tests.lab import records
from tests.lab.test_likeness import on_disk
from tests.lab.trials import around, report


def test_runs_without_a_common_cell_are_refused_and_told_of_what_they_are(tmp_path: Path) -> None:
    one = on_disk(tmp_path, "one", report({"quick": around(1_000)}))
    other = on_disk(tmp_path, "other", report({"slow": around(500), "slower": around(400)}))
    with pytest.raises(MisuseError) as told:
        compare(one, other, tmp_path, force=True)
    of = "quick at 20 users, and slow, slower at 20 users"
    assert told.value.mistakes == [f"the runs have no cell in common: {of}"]
    assert told.value.status == MISUSED


def test_a_run_is_not_compared_with_itself(tmp_path: Path) -> None:
    one = on_disk(tmp_path, "one", report({"quick": around(1_000)}))
    with pytest.raises(MisuseError, match="A and B are one run, one"):
        compare(one, one, tmp_path, force=True)


def test_what_was_asked_for_is_not_told_as_a_difference_of_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"SCENARIO_SHA256": "1", "TRIAL": "/results/other", "UI": ""}
    one = on_disk(tmp_path, "one", report({"quick": around(1_000)}))
    settings = {**asked, "SERVER_HEAD_LIMIT": "10"}
    found = report({"quick": around(1_000)}, compose_variables=settings)
    compare(one, on_disk(tmp_path, "other", found), tmp_path, force=False)
    differs = capsys.readouterr().out.partition("hosts, images and settings:\n")[2]
    assert differs.startswith("  SERVER_HEAD_LIMIT: none then, 10 now\n\nOf the servers")


def test_runs_that_differ_in_one_setting_are_compared_and_it_is_named() -> None:
    on = records.manifest(
        scenario={
            "name": "x",
            "sha256": "1" * 64,
            "text": "about: x\nserver: {accept_mutex: on}\n",
        },
        compose_variables={"SERVER_ACCEPT_MUTEX": "on", "SERVER_WORKERS": "8"},
    )
    off = records.manifest(
        scenario={
            "name": "x",
            "sha256": "2" * 64,
            "text": "about: x\nserver: {accept_mutex: off}\n",
        },
        compose_variables={"SERVER_ACCEPT_MUTEX": "off", "SERVER_WORKERS": "8"},
    )
    assert cell_comparison.different_things(on, off) == []
    assert cell_comparison.one_setting(on, off) == "accept_mutex: on then, off now"
    both = off.model_copy(
        update={"compose_variables": {"SERVER_ACCEPT_MUTEX": "off", "SERVER_WORKERS": "9"}}
    )
    assert cell_comparison.one_setting(on, both) is None
    assert cell_comparison.different_things(on, both) == ["scenario text: server"]
    other = off.model_copy(update={"receive": "sender"})
    assert cell_comparison.different_things(on, other) == ["receive: guest and sender"]


@pytest.mark.parametrize(("settings", "told"), [({}, 0), ({"idle_timeout": "90s"}, 1)])
def test_what_the_lab_matches_to_the_users_is_told_only_where_somebody_chose_it(
    settings: dict[str, str], told: int
) -> None:
    then = records.manifest(compose_variables={"SERVER_IDLE_TIMEOUT": "5s"})
    now = records.manifest(compose_variables={"SERVER_IDLE_TIMEOUT": "90s"}, settings=settings)
    assert len(differences(then, now)) == told
