"""The key of colours: a model's line and shape as a small SVG, drawn as Vega draws them."""

from __future__ import annotations

from lab.report.page.palette import Style

WIDTH, HEIGHT, SIZE = 34, 14, 4.2
OUTLINES = {  # around the middle, in units of SIZE
    "square": "M-1-1H1V1H-1Z",
    "diamond": "M0-1.3L1.1 0 0 1.3-1.1 0Z",
    "triangle-up": "M0-1.2L1.1 .9H-1.1Z",
    "triangle-down": "M0 1.2L1.1-.9H-1.1Z",
    "triangle-right": "M1.2 0L-.9 1.1V-1.1Z",
    "triangle-left": "M-1.2 0L.9 1.1V-1.1Z",
    "cross": "M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
    "stroke": "M-1.2-.3H1.2V.3H-1.2Z",
    "wedge": "M0-1.3L.5 1H-.5Z",
    "circle": "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
}


def swatch(style: Style) -> str:
    """Nothing in it comes from a file."""
    middle = HEIGHT / 2
    dashes = f' stroke-dasharray="{",".join(map(str, style.dash))}"' if style.dash else ""
    return (
        f'<svg class="swatch" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f'<path d="M0 {middle}H{WIDTH}" stroke="{style.light}" stroke-width="2"{dashes}/>'
        f'<path d="{OUTLINES[style.shape]}" fill="{style.light}"'
        f' transform="translate({WIDTH / 2} {middle}) scale({SIZE})"/></svg>'
    )
