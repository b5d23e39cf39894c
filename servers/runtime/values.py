"""How the text of a knob is read: each kind of value says in words which texts it takes."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Kind:
    """How a text is read, and `takes`: the texts that it takes, in words."""

    __slots__ = ("_read", "takes")

    def __init__(self, takes: str, read: Callable[[str], object]) -> None:
        """`read` raises ValueError for any other text."""
        self.takes, self._read = takes, read

    def __call__(self, text: str) -> object:
        """Raises ValueError with what it takes."""
        try:
            return self._read(text)
        except ValueError as other:
            raise ValueError(self.takes) from other


def whole(least: int, most: int) -> Kind:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return Kind(f"a whole number from {least} to {most}", read)


def one_of(*choices: str) -> Kind:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    *others, last = choices
    return Kind(f"{', '.join(others)} or {last}", read)


def _duration_s(text: str) -> float:
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(ms|s|)", text)
    seconds = float(match[1]) / (1000 if match[2] == "ms" else 1) if match else 0.0
    if not 0.001 <= seconds <= 3600:
        raise ValueError
    return seconds


def _on(text: str) -> bool:
    return ("off", "on").index(text) == 1


def _address(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", text):
        raise ValueError
    return text


def _host_and_port(text: str) -> tuple[str, int]:
    match = re.fullmatch(r"([A-Za-z0-9._-]{1,253}):([0-9]{1,5})", text)
    if not match or not 1 <= int(match[2]) <= 65535:
        raise ValueError
    return match[1], int(match[2])


SWITCH = Kind("on or off", _on)
DURATION = Kind("a duration from 1ms to 3600s, such as 500ms or 10s", _duration_s)
ADDRESS = Kind("an IPv4 address such as 0.0.0.0 or 127.0.0.1", _address)
PLACE = Kind("HOST:PORT, such as redis:6379", _host_and_port)
