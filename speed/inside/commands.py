"""The command line of each server. All listen on loopback and answer the same bytes.

`place` is the folder in memory that the C originals, nginx and gunicorn are given; see places.py.
"""

from __future__ import annotations

from pathlib import Path

from speed.inside.rows import Side

FOREIGN = "/opt/references/bin"
PYTHON = ("python3", "-E", "-s")  # as the guest's entry point has it
BACKLOG = "4096"

NGINX = """\
daemon off;
worker_processes 1;
pid {place}/nginx.pid;
error_log stderr error;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    {way}
    keepalive_timeout 75s;
    keepalive_requests 100000000;
    open_file_cache max=100 inactive=60s;
    open_file_cache_valid 60s;
    client_body_temp_path {place}/nginx-body;
    proxy_temp_path {place}/nginx-proxy;
    fastcgi_temp_path {place}/nginx-fastcgi;
    uwsgi_temp_path {place}/nginx-uwsgi;
    scgi_temp_path {place}/nginx-scgi;
    server {{
        listen 127.0.0.1:{port} backlog={backlog};
        {serving}
    }}
}}
"""


def command(side: Side, port: int, place: Path) -> list[str]:
    """What starts the server on that port."""
    match side.maker:
        case "lab":
            listen = ["--bind", "127.0.0.1", "--port", str(port)]
            return [*PYTHON, "-m", "servers", *side.words, *listen]
        case "original":
            return [str(place / side.words[0]), str(port)]
        case "nginx":
            return nginx(port, place, f"root {place}/public;", side.words[0])
        case "uvicorn":
            return [
                *(f"{FOREIGN}/uvicorn", "speed.inside.answers:asgi"),
                *("--host", "127.0.0.1", "--port", str(port), "--backlog", BACKLOG),
                *("--loop", "uvloop", "--http", "httptools", "--workers", "1"),
                *("--no-access-log", "--log-level", "warning", "--no-server-header"),
                *("--timeout-keep-alive", "75"),
            ]
        case "gunicorn":
            kind, workers, threads = side.words
            return [
                *(f"{FOREIGN}/gunicorn", "speed.inside.answers:wsgi"),
                *("--bind", f"127.0.0.1:{port}", "--backlog", BACKLOG),
                *("--worker-class", kind, "--workers", workers, "--threads", threads),
                *("--keep-alive", "75", "--log-level", "warning"),
                *("--worker-tmp-dir", str(place), "--no-control-socket"),
            ]


def nginx(port: int, place: Path, serving: str, way: str = "") -> list[str]:
    """`serving`: what its one server holds; `way`: how it transfers files."""
    path = place / "nginx.conf"
    path.write_text(NGINX.format(way=way, port=port, place=place, backlog=BACKLOG, serving=serving))
    return ["nginx", "-p", str(place), "-c", str(path)]
