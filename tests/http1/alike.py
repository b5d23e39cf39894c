"""Whether h11 and httptools read a request as we did, or why they do not."""

from __future__ import annotations

from collections.abc import Iterator

from tests.http1.differences import LAXER
from tests.http1.peers import PEERS, Meaning
from tests.http1.wire import Seen


def ours(seen: Seen) -> Meaning:
    return Meaning(seen.method, seen.target, dict(seen.fields), seen.body)


def comparable(meaning: Meaning) -> Meaning:
    """Without what is known to be told otherwise and to mean the same."""
    fields = dict(meaning.fields)
    if not meaning.target.startswith(b"/"):
        fields.pop(b"host", None)  # RFC 9112, 3.2.2: we tell the target's, they what was sent
    for name in (b"transfer-encoding", b"content-length"):
        if name in fields:  # h11 tells them in lower case, and without zeros in front
            fields[name] = fields[name].lower().lstrip(b"0")
    return meaning._replace(fields=fields)


def differs(wire: bytes, seen: Seen) -> Iterator[str]:
    """Each difference that is not tabled, as a sentence."""
    for name, read in PEERS.items():
        theirs = read(wire)
        if theirs is None:
            if not any(name in row.refused_by and row.wire.search(wire) for row in LAXER):
                yield f"{name} refuses it"
        elif comparable(theirs) != comparable(ours(seen)):
            yield f"{name} reads {comparable(theirs)}, we {comparable(ours(seen))}"
