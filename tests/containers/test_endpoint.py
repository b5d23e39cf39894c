"""A daemon by its name: contexts, addresses, and one behind ssh, whose part a script plays."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest

from lab.containers import endpoint
from lab.errors import LabError

NOTHING: dict[str, str] = {}


def test_this_host_and_an_address_need_no_looking_up() -> None:
    assert endpoint.variables("default") == {}
    assert endpoint.variables("tcp://b:2376") == {"DOCKER_HOST": "tcp://b:2376"}
    assert endpoint.host("tcp://b:2376") == "b"
    assert endpoint.host("unix:///run/other.sock") is None
    assert endpoint.host("default") is None


DOCKER = """\
#!/bin/sh
[ "$*" = 'context inspect rack' ] || {{ echo 'context not found' >&2; exit 1; }}
echo '[{{"Endpoints": {{"docker": {{"Host": "tcp://192.0.2.7:2376"}}}}, "TLSMaterial": {material},
    "Storage": {{"TLSPath": "/home/me/.docker/contexts/tls/abc"}}}}]'
"""


@pytest.mark.parametrize(
    ("material", "told"),
    [
        ("{}", {}),
        (
            '{"docker": ["ca.pem", "cert.pem", "key.pem"]}',
            {
                "DOCKER_CERT_PATH": "/home/me/.docker/contexts/tls/abc/docker",
                "DOCKER_TLS_VERIFY": "1",
            },
        ),
    ],
)
def test_a_context_is_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, material: str, told: dict[str, str]
) -> None:
    script = tmp_path / "docker"
    script.write_text(DOCKER.format(material=material))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert endpoint.variables("rack") == {"DOCKER_HOST": "tcp://192.0.2.7:2376", **told}
    assert endpoint.host("rack") == "192.0.2.7"
    with pytest.raises(LabError, match="Docker knows no context 'lost'"):
        endpoint.variables("lost")


def test_a_context_without_a_docker_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(LabError, match="there is no docker command"):
        endpoint.variables("rack")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_daemon_that_does_not_answer_is_told_with_its_name(tmp_path: Path) -> None:
    """The SDK forgets to close the socket that could not connect: collected here."""
    name = f"unix://{tmp_path}/none.sock"
    told = r"load host unix://.*is not running"
    with endpoint.reached(name, NOTHING) as environment, pytest.raises(LabError, match=told):
        endpoint.client(name, environment)
    gc.collect()


FORWARDING = """\
#!{python}
import os, socket, sys
words = sys.argv[1:]
if words[0] == "-G":
    print("user me\\nhostname 192.0.2.9")
    sys.exit()
here = words[words.index("-L") + 1].partition(":")[0]
open({log!r}, "w").write(" ".join(words))
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(here)
    listener.listen()
    sys.stdin.read()  # as `cat` over there: until the lab is gone
os.unlink(here)
"""


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the script notes what it was called with."""
    log = tmp_path / "called"
    script = tmp_path / "bin" / "ssh"
    script.parent.mkdir()
    script.write_text(FORWARDING.format(python=sys.executable, log=str(log)))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    return log


def test_a_daemon_behind_ssh_has_a_socket_here_as_long_as_it_is_needed(ssh: Path) -> None:
    with endpoint.reached("ssh://me@b:2222", {"HOME": "/home/me"}) as environment:
        assert environment["HOME"] == "/home/me"
        socket = Path(environment["DOCKER_HOST"].removeprefix("unix://"))
        assert socket.is_socket()
        assert "-p 2222 me@b cat" in ssh.read_text()
        assert "BatchMode=yes" in ssh.read_text()
    assert not socket.parent.exists()
    assert endpoint.host("ssh://me@b:2222") == "192.0.2.9"


REFUSING = "#!/bin/sh\necho 'Permission denied (publickey).' >&2\nexit 255\n"


def test_an_ssh_that_fails_is_told_with_its_last_words(ssh: Path) -> None:
    (ssh.parent / "bin" / "ssh").write_text(REFUSING)
    told = r"load host ssh://me@b: ssh: Permission denied \(publickey\)"
    with pytest.raises(LabError, match=told), endpoint.reached("ssh://me@b", NOTHING):
        pass
