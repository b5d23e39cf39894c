"""Static files: what is served, as what, from where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from servers import http1
from servers.app import Application
from servers.app.site import open_site
from servers.app.static import StaticFile
from tests.app.asking import SITE, ask, content, fields_of, raw, request

TEXT = b"text/plain; charset=utf-8"
HTML = b"text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "size", "media_type"),
    [
        (b"/615b.html", 615, HTML),
        (b"/10kb.txt", 10_000, TEXT),
        (b"/100kb.txt", 100_000, TEXT),
        (b"/1mb.bin", 1_000_000, b"application/octet-stream"),
        (b"/penguin.svg", None, b"image/svg+xml"),
    ],
)
def test_file_is_served_whole(
    app: Application, path: bytes, size: int | None, media_type: bytes
) -> None:
    response = ask(app, path)
    fields = fields_of(response)
    expected = Path(SITE, path.decode()[1:]).read_bytes()
    assert response.status == 200
    assert content(response) == expected
    assert size is None or len(expected) == size
    assert fields[b"content-length"] == b"%d" % len(expected)
    assert fields[b"content-type"] == media_type


def test_small_file_has_the_fields_that_nginx_sends_and_no_more(app: Application) -> None:
    assert list(fields_of(ask(app, b"/615b.html"))) == [
        *(b"content-length", b"content-type", b"last-modified", b"etag", b"accept-ranges")
    ]


def test_every_row_of_a_sample_is_its_own_offset() -> None:
    for name, size in (("10kb.txt", 10_000), ("100kb.txt", 100_000)):
        rows = b"".join(b"%09d\n" % offset for offset in range(0, size, 10))
        assert Path(SITE, name).read_bytes() == rows
    words = b"".join(offset.to_bytes(8, "big") for offset in range(0, 1_000_000, 8))
    assert Path(SITE, "1mb.bin").read_bytes() == words


def test_plain_get_is_answered_with_the_response_made_at_start(app: Application) -> None:
    first, second = ask(app, b"/615b.html"), ask(app, b"/615b.html?x=1", User_Agent=b"y")
    assert first is second


def test_head_is_answered_like_get_and_left_to_the_engine_to_cut(app: Application) -> None:
    assert ask(app, b"/10kb.txt", b"HEAD") is ask(app, b"/10kb.txt")


def test_tag_is_strong_and_told_by_the_content_alone() -> None:
    one = StaticFile(b"abc", TEXT, 1_000).whole
    later = StaticFile(b"abc", TEXT, 2_000).whole
    other = StaticFile(b"abd", TEXT, 1_000).whole
    tags = [fields_of(response)[b"etag"] for response in (one, later, other)]
    assert tags[0] == tags[1] != tags[2]
    assert tags[0].startswith(b'"')
    assert tags[0].endswith(b'"')


def test_modification_date_is_never_in_the_future() -> None:
    file = StaticFile(b"abc", TEXT, 1 << 33)
    claimed = http1.parse_http_date(fields_of(file.whole)[b"last-modified"])
    assert claimed is not None
    assert file.whole.file is not None
    assert claimed <= os.fstat(file.whole.file.fd).st_mtime


def test_empty_file_is_served_whole_whatever_range_is_asked() -> None:
    file = StaticFile(b"", TEXT, 0)
    assert content(file.whole) == b""
    assert file.answer(request(b"/", Range=b"bytes=0-")).status == 416


def test_the_set_is_closed_at_start(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_bytes(b"as it was")
    (tmp_path / ".hidden.txt").write_bytes(b"secret")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner.txt").write_bytes(b"secret")
    os.mkfifo(tmp_path / "pipe.txt")
    files = open_site(str(tmp_path))
    (tmp_path / "kept.txt").unlink()
    assert list(files) == [b"/kept.txt"]
    assert content(files[b"/kept.txt"].whole) == b"as it was"


def test_unknown_suffix_is_served_as_octets(tmp_path: Path) -> None:
    (tmp_path / "file.odd").write_bytes(b"x")
    whole = open_site(str(tmp_path))[b"/file.odd"].whole
    assert fields_of(whole)[b"content-type"] == b"application/octet-stream"


def test_templates_are_not_served(app: Application) -> None:
    for path in (b"/guestbook.html", b"/templates/guestbook.html", b"/models/epoll.html"):
        assert ask(app, path).status == 404


def test_name_with_a_percent_sign_is_reached_by_its_encoding_only(tmp_path: Path) -> None:
    os.symlink(os.path.join(SITE, "templates"), tmp_path / "templates")
    (tmp_path / "a%41.txt").write_bytes(b"the odd one")
    app = Application("epoll", str(tmp_path))
    answers = [app(raw(path)) for path in (b"/a%2541.txt", b"/a%41.txt", b"/aA.txt")]
    assert [a.status for a in answers if isinstance(a, http1.Response)] == [200, 404, 404]
