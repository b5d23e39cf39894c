"""The files served: a closed set of names, read once at start.

A path is only ever looked up in a dict, never joined to a folder, so no spelling of it leads
outside. The set holds the plain files that lie directly in the folder: no hidden ones, no symbolic
links, nothing of its subfolders (where the templates are).
"""

from __future__ import annotations

import os

from servers.app.static import StaticFile

_MEDIA_TYPES = {
    "html": b"text/html; charset=utf-8",
    "txt": b"text/plain; charset=utf-8",
    "svg": b"image/svg+xml",
    "png": b"image/png",
    "bin": b"application/octet-stream",
}


def open_site(folder: str) -> dict[bytes, StaticFile]:
    """The files of the folder by the path they are served at, `/` before the name.

    OSError where the folder or a file in it cannot be read.
    """
    files = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
                continue
            with open(entry.path, "rb") as file:
                content = file.read()
                modified_s = int(os.fstat(file.fileno()).st_mtime)
            suffix = entry.name.rpartition(".")[2]
            media_type = _MEDIA_TYPES.get(suffix, b"application/octet-stream")
            path = b"/" + os.fsencode(entry.name)
            files[path] = StaticFile(content, media_type, modified_s)
    return files
