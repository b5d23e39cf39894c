"""A second host on one machine: a Docker daemon of its own in a network namespace of its own.

Its clock is shifted by a time namespace (time_namespaces(7)), so that CLOCK_MONOTONIC differs as
between two machines. It takes root and the daemon's own program.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

import docker

from lab.claims import processes

HERE, THERE = "10.213.77.1", "10.213.77.2"
NAMESPACE, VETH, PEER = "serverlab-h2", "serverlab-v0", "serverlab-v1"
SHIFT_S = 1_234
TOOLS = ("dockerd", "ip", "tc", "nsenter", "unshare", "mount")
START_S = 60


def obstacle() -> str | None:
    """Why there can be none here."""
    if os.geteuid() != 0:
        return "only root can make a second host"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"a second host needs {', '.join(missing)}" if missing else None


@dataclass
class SecondHost:
    folder: Path
    daemon: subprocess.Popen[bytes]
    client: docker.DockerClient

    @property
    def name(self) -> str:
        """As HOSTS= takes it."""
        return f"unix://{self.folder}/docker.sock"

    def lose_network(self) -> None:
        _run("ip", "link", "set", VETH, "down")

    def have_network(self) -> None:
        _run("ip", "link", "set", VETH, "up")

    @contextmanager
    def narrow_link(self, megabits: int) -> Iterator[None]:
        """What comes to it passes at this rate at most: tc-tbf(8)."""
        bucket = ("tbf", "rate", f"{megabits}mbit", "burst", "256kb", "latency", "50ms")
        _run("tc", "qdisc", "add", "dev", VETH, "root", *bucket)
        try:
            yield
        finally:
            _run("tc", "qdisc", "delete", "dev", VETH, "root")

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Not a byte is left where its daemon keeps images and containers, nor what is freed there
        meanwhile: a trial that ends would leave room for the next one."""
        block = self.folder / "data" / "filling"
        over = threading.Event()
        with block.open("wb", buffering=0) as file:
            _fill(file)
            filling = threading.Thread(target=lambda: _keep_full(file, over))
            filling.start()
            try:
                yield
            finally:
                over.set()
                filling.join()
                block.unlink()

    def kill(self) -> None:
        """The daemon, as by a crash: its containers may live on."""
        for pid in _descendants(self.daemon.pid):
            if "dockerd" in _words(pid):
                os.kill(pid, signal.SIGKILL)
        self.daemon.wait(10)


def _fill(file: RawIOBase) -> None:
    for size in (1 << 20, 1 << 12):  # a page is the least that a file takes there
        with suppress(OSError):
            while file.write(bytes(size)):
                pass


def _keep_full(file: RawIOBase, over: threading.Event) -> None:
    while not over.wait(0.01):
        _fill(file)


@contextmanager
def second_host(*, disk: str = "3g") -> Iterator[SecondHost]:
    """Up and answering; gone afterwards, with whatever ran there and was mounted."""
    folder = Path(tempfile.mkdtemp(prefix="serverlab-h2-"))
    data = folder / "data"
    data.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={disk}", "serverlab-h2", str(data))
    try:
        with _network(), _daemon(folder) as daemon:
            address = f"unix://{folder}/docker.sock"
            with closing(docker.DockerClient(base_url=address, timeout=30)) as client:
                yield SecondHost(folder, daemon, client)
    finally:
        for place in reversed(_mounted(folder)):
            _run("umount", "--lazy", place)
        shutil.rmtree(folder)


@contextmanager
def _network() -> Iterator[None]:
    _run("ip", "netns", "add", NAMESPACE)
    try:
        inside = ("ip", "-n", NAMESPACE)
        _run("ip", "link", "add", VETH, "type", "veth", "peer", "name", PEER, "netns", NAMESPACE)
        _run("ip", "address", "add", f"{HERE}/24", "dev", VETH)
        _run("ip", "link", "set", VETH, "up")
        _run(*inside, "address", "add", f"{THERE}/24", "dev", PEER)
        _run(*inside, "link", "set", PEER, "up")
        _run(*inside, "link", "set", "lo", "up")
        _run(*inside, "route", "add", "default", "via", HERE)
        yield
    finally:
        with suppress(subprocess.CalledProcessError):
            _run("ip", "link", "delete", VETH)
        _run("ip", "netns", "delete", NAMESPACE)


@contextmanager
def _daemon(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with closing(docker.from_env()) as client:
        driver = client.info()["Driver"]
    settings = {
        "data-root": str(folder / "data"),
        "exec-root": str(folder / "exec"),
        "pidfile": str(folder / "pid"),
        "hosts": [f"unix://{folder}/docker.sock"],
        "storage-driver": driver,
        "bridge": "none",
    }
    file = folder / "daemon.json"
    file.write_text(json.dumps(settings))
    shifted = ("unshare", "--time", "--monotonic", str(SHIFT_S), "--fork", "--kill-child")
    words = ("nsenter", f"--net=/run/netns/{NAMESPACE}", *shifted, "dockerd", "--config-file")
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen([*words, str(file)], stdout=log, stderr=log)
    try:
        _await(folder, daemon)
        yield daemon
    finally:
        for pid in [*_descendants(daemon.pid), *_of(folder)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        daemon.kill()
        daemon.wait(30)


def _await(folder: Path, daemon: subprocess.Popen[bytes]) -> None:
    until_s = time.monotonic() + START_S
    while not _answers(folder / "docker.sock"):
        said = (folder / "log").read_text(errors="replace")[-2_000:]
        assert daemon.poll() is None, f"the second daemon ended: {said}"
        assert time.monotonic() < until_s, f"the second daemon does not answer: {said}"
        time.sleep(0.1)


def _mounted(folder: Path) -> list[str]:
    places = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    return [place for place in places if place.startswith(str(folder))]


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as asking:
        try:
            asking.connect(str(path))
            asking.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b"200 OK" in asking.recv(1024)
        except OSError:
            return False


def _of(folder: Path) -> list[int]:
    """Processes of the daemon's containers: their shims name its folder, and what they began."""
    shims = [pid for pid in _pids() if str(folder) in _words(pid) and pid != os.getpid()]
    return [pid for shim in shims for pid in (shim, *_descendants(shim))]


def _descendants(pid: int) -> list[int]:
    found = []
    for child in processes.children(pid):
        found += [child.pid, *_descendants(child.pid)]
    return found


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
