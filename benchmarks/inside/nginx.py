"""nginx: one worker, in the foreground, on loopback."""

from __future__ import annotations

from pathlib import Path

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


def command(port: int, place: Path, serving: str, way: str = "") -> list[str]:
    """`serving`: what its one server holds; `way`: how it transfers files."""
    path = place / "nginx.conf"
    path.write_text(NGINX.format(way=way, port=port, place=place, backlog=BACKLOG, serving=serving))
    return ["nginx", "-p", str(place), "-c", str(path)]
