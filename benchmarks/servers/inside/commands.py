"""The command line of each server. All listen on loopback and answer the same bytes.

`place` is the folder in memory that foreign servers are given; see places.py. Apache, gunicorn and
uvicorn are set as in the race: by the files of images/, which read the rest from the environment.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.inside import nginx
from benchmarks.servers.inside.rows import Side

FOREIGN = "/opt/references/bin"
PACKAGES = ("uvicorn", "uvloop", "httptools", "gunicorn")
IMAGES = "images"
PYTHON = ("python3", "-E", "-s")  # as the guest's entry point has it


def command(side: Side, port: int, place: Path) -> list[str]:
    """What starts the server on that port."""
    images = Path.cwd() / IMAGES  # foreign servers are started from elsewhere
    match side.maker:
        case "lab":
            listen = ["--bind", "127.0.0.1", "--port", str(port)]
            return [*PYTHON, "-m", "servers", *side.words, *listen]
        case "apache":
            module, _ = side.words
            conf = str(images / "apache" / "httpd.conf")
            return ["apache2", "-f", conf, "-DFOREGROUND", f"-D{module}"]
        case "nginx":
            return nginx.command(port, place, f"root {place}/site;", side.words[0])
        case "uvicorn":
            return [f"{FOREIGN}/python", str(images / "python" / "uvicorn_main.py")]
        case "gunicorn":
            kind, workers, threads = side.words
            return [
                *(f"{FOREIGN}/gunicorn", "--config", str(images / "python/gunicorn_settings.py")),
                *("--worker-class", kind, "--workers", workers, "--threads", threads),
                "site_app:wsgi",
            ]


def environment(side: Side, port: int, place: Path) -> dict[str, str]:
    """What the files of images/ read from it."""
    if side.maker == "lab":
        return {}
    return {
        "LISTEN": f"127.0.0.1:{port}",
        "PLACE": str(place),
        "SITE": str(place / "site"),
        "WORKERS": side.words[1] if side.maker == "apache" else "",
        "PYTHONPATH": str(Path.cwd() / IMAGES / "python"),
    }
