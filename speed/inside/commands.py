"""The command line of each server. All listen on loopback and answer the same bytes.

`place` is the folder in memory that foreign servers are given; see places.py. Apache, gunicorn and
uvicorn are set as in the race: by the files of images/, which read the rest from the environment.
"""

from __future__ import annotations

from pathlib import Path

from speed.inside.rows import Side

FOREIGN = "/opt/references/bin"
IMAGES = "images"
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
            return nginx(port, place, f"root {place}/site;", side.words[0])
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


def nginx(port: int, place: Path, serving: str, way: str = "") -> list[str]:
    """`serving`: what its one server holds; `way`: how it transfers files."""
    path = place / "nginx.conf"
    path.write_text(NGINX.format(way=way, port=port, place=place, backlog=BACKLOG, serving=serving))
    return ["nginx", "-p", str(place), "-c", str(path)]
