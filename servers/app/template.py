"""A page with places to fill in: {{name}}, and nothing more.

A template is cut at its places once, at start; filling it in is one join. No loops, no
conditions: what repeats is joined by the caller. Values go in as they are, so the caller escapes
whatever it did not write itself.
"""

from __future__ import annotations


class Template:
    """Pieces of text, each but the last followed by the name of what goes there."""

    __slots__ = ("_names", "_pieces")

    def __init__(self, source: bytes) -> None:
        first, *places = source.split(b"{{")
        self._pieces = [first]
        self._names: list[bytes] = []
        for place in places:
            name, closed, piece = place.partition(b"}}")
            if not closed:
                raise ValueError(f"a place that is never closed: {place[:20]!r}")
            self._names.append(name)
            self._pieces.append(piece)

    def names(self) -> set[bytes]:
        """The names that must be given to `fill`."""
        return set(self._names)

    def fill(self, values: dict[bytes, bytes]) -> bytes:
        """The text with every place filled in; KeyError names one that was left out."""
        parts = [self._pieces[0]]
        for name, piece in zip(self._names, self._pieces[1:], strict=True):
            parts.append(values[name])
            parts.append(piece)
        return b"".join(parts)

    def fill_known(self, values: dict[bytes, bytes]) -> Template:
        """A template in which what is known already is filled in and the rest is left open."""
        return Template(self.fill({n: values.get(n, b"{{%b}}" % n) for n in self._names}))
