"""Whatever a person types for an option is taken, or refused in words: never a traceback."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import click
import docker
import pytest
from docker.errors import DockerException
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from lab.commands import cli, cli_looking
from lab.errors import LabError

ROOT = Path(__file__).parents[2]
NEEDED = ("docker-compose.yml", "scenarios", "servers", "images", "loadgen", "requirements")
# `down`, `clean` and `publish` take things away or write into the project, `logs` goes on for ever.
COMMANDS = [
    *("bench", "race", "noise", "positive-control", "compare", "reproduce", "report"),
    *("serve", "shell", "trace", "ui", "calibrate"),
]
LIKELY = [
    *("epoll", "all", "quick", "published/static", "1,2", "0", "-1", "1e9", "99999999999", "nan"),
    *("scenarios", "/", "..", ".", "~", "/dev/null", "/proc/self/mem", "x" * 300, "a" * 5000),
    *("workers=4", "workers=", "=", "bind=127.0.0.1", "accept_mutex=on,off", "results/latest"),
    *("guest", "direct", "\udcff", "\x1b[31m", "é\N{COMBINING ACUTE ACCENT}", "१", "1.5.5"),
]
TEXT = st.one_of(
    st.sampled_from(LIKELY),
    st.text(st.characters(exclude_characters="\0"), max_size=30),
    st.lists(st.sampled_from(LIKELY), max_size=3).map(",".join),
)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout without a Docker to speak to, and without runs."""
    root = tmp_path_factory.mktemp("checkout")
    for name in NEEDED:
        (root / name).symlink_to(ROOT / name)

    def away(**_: object) -> docker.DockerClient:
        raise DockerException("FileNotFoundError: no such socket")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "ROOT", root)
        patch.setattr(cli_looking, "ROOT", root)
        patch.setattr(cli_looking, "RESULTS", root / "results")
        patch.setattr(docker, "from_env", away)
        patch.chdir(root)
        yield root


def told(command: click.Command, words: list[str]) -> str | None:
    """What the command refuses in; None where it took all."""
    try:
        command.main(words, standalone_mode=False, obj=Console(file=io.StringIO()))
    except LabError as error:
        return str(error)
    except click.ClickException as error:
        return error.format_message()
    return None


@pytest.mark.parametrize("name", COMMANDS)
def test_any_value_of_any_option(name: str, elsewhere: Path) -> None:
    command = cli.cli.commands[name]

    @settings(max_examples=25)
    @given(data=st.data())
    def typed(data: st.DataObject) -> None:
        words = []
        for parameter in command.params:
            value = data.draw(TEXT)
            if isinstance(parameter, click.Argument):
                words += ["--", value] if "--" not in words else [value]
            elif data.draw(st.booleans()):
                words = [parameter.opts[0], value, *words]
        said = told(command, words)
        assert said is None or said.strip()

    typed()
    assert not list(elsewhere.glob("results/2*")), "nothing was begun"
