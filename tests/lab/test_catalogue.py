"""`make list`: whatever lies in scenarios/, the list comes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from lab.commands import catalogue

ROOT = Path(__file__).parents[2]
BAD = {
    "float": b"about: x\nrate: !!float\n",
    "bool": b"users: !!bool maybe",
    "beyond": b'about: "\\U55555555"',
    "steering": b'about: "\\e[31mred"\nrequests: [{get: /}]\n',
    "latin": b"about: caf\xe9",
    "nul": b"about: \x00",
    "deep": b"[" * 5000,
    "empty": b"",
}


def test_bad_files_do_not_end_the_list(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "good.yml").write_text("about: A good one.\nrequests: [{get: /}]\n")
    for name, data in BAD.items():
        (folder / f"{name}.yml").write_bytes(data)
    os.mkfifo(folder / "pipe.yml")
    (folder / "folder.yml").mkdir()
    (folder / "\x1b[31mred.yml").write_text("about: x\nrequests: [{get: /}]\n")
    said = catalogue.text(tmp_path)
    assert "A good one." in said
    assert said.count("wrong: ") == len(BAD) + 3
    assert all(line.isprintable() for line in said.splitlines())


def test_claims_are_listed_with_their_words() -> None:
    said = catalogue.text(ROOT)
    assert "sigint                Ignoring a signal signal(SIGINT, SIG_IGN)" in said
