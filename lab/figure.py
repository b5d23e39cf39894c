"""Numbers as people read them."""

from __future__ import annotations

NOTHING = "-"


def figure(value: float | None, scale: float = 1.0) -> str:
    """Three significant digits, or whole numbers from 100 on, with thousands set apart."""
    if value is None:
        return NOTHING
    value *= scale
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    if abs(value) >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}"


def counted(number: float, what: str) -> str:
    """`1 trial`, `2,000 trials`."""
    return f"{number:,.0f} {what}{'' if number == 1 else 's'}"


def milliseconds(value_us: float | None) -> str:
    return figure(None if value_us is None else value_us / 1000)
