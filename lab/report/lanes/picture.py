"""A scene as SVG: time runs downwards, each process or thread has a lane, and so has each client.

A tall box is a call that lasted while others did something. Arrows lead from a client to the call
that took its connection or its request, from a call to the client that it answered, from a clone to
what it made, and from the end of a wait back to who ended it. Rows are in order, not to scale.
"""

from __future__ import annotations

from html import escape

from lab.records.scene import Act, Scene
from lab.report.lanes.calls import WAITING, explained, label, outcome

ROW, HEAD, FOOT = 22, 34, 14
CLIENT, LANE, BOX = 74, 196, 182
STYLE = """
.paper { fill: var(--paper, #ffffff); }
.lane { stroke: var(--line, #dfe3e8); }
.name { font: 600 12px system-ui, sans-serif; fill: var(--ink, #1d232b); text-anchor: middle; }
.box { fill: var(--sheet, #f6f7f9); stroke: var(--muted, #5f6975); }
.waits { fill: none; stroke: var(--muted, #5f6975); stroke-dasharray: 3 3; }
.signal { fill: none; stroke: var(--warn, #9a4a00); }
.call { font: 11px ui-monospace, Menlo, Consolas, monospace; fill: var(--ink, #1d232b); }
.gave { font: 10px ui-monospace, Menlo, Consolas, monospace; fill: var(--muted, #5f6975);
  text-anchor: end; }
.arrow { stroke: var(--accent, #0067a8); stroke-width: 1.4; fill: none; }
.tip { fill: var(--accent, #0067a8); }
""".strip()


def svg(scene: Scene, title: str) -> str:
    """A file of its own as well as a part of a page: colours are the page's, or those for light."""
    rows = 1 + max((place for act in scene.acts for place in _places(act)), default=0)
    width = scene.clients * CLIENT + len(scene.lanes) * LANE
    height = HEAD + rows * ROW + FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-label="{escape(title)}">',
        f'<style>{STYLE}</style><rect class="paper" width="100%" height="100%"/>',
        *_lanes(scene, height),
        *(_box(scene, act, rows) for act in scene.acts),
        *(arrow for act in scene.acts for arrow in _arrows(scene, act)),
        "</svg>",
    ]
    return "\n".join(parts)


def _places(act: Act) -> list[int]:
    return [place for place in (act.begin, act.end) if place is not None]


def _lanes(scene: Scene, height: int) -> list[str]:
    names = [f"client {number}" for number in range(1, scene.clients + 1)]
    centres = [_client(number) for number in range(scene.clients)]
    names += scene.lanes
    centres += [_lane(scene, number) for number in range(len(scene.lanes))]
    return [
        f'<line class="lane" x1="{x}" y1="{HEAD - 8}" x2="{x}" y2="{height}"/>'
        f'<text class="name" x="{x}" y="{HEAD - 16}">{escape(name)}</text>'
        for name, x in zip(names, centres, strict=True)
    ]


def _client(number: int) -> float:
    return (number + 0.5) * CLIENT


def _lane(scene: Scene, number: int) -> float:
    return scene.clients * CLIENT + (number + 0.5) * LANE


def _top(place: int) -> float:
    return HEAD + place * ROW


def _box(scene: Scene, act: Act, rows: int) -> str:
    first = -0.3 if act.begin is None else act.begin  # it was under way before
    last = rows - 1 + 0.3 if act.end is None else act.end
    x, y = _lane(scene, act.lane) - BOX / 2, HEAD + first * ROW
    height = (last - first + 1) * ROW - 4
    lasts = last - first >= 1
    waits = lasts and act.name in WAITING and "FUTEX_WAKE" not in act.text
    kind = "signal" if act.kind == "signal" else "waits" if waits else "box"
    made = scene.lanes[act.made] if act.made is not None else None
    told = f"{act.text.strip()}\n{act.name}: {explained(act.name)}"
    gave_at = y + height - 5 if lasts else y + 13
    return (
        f"<g><title>{escape(told)}</title>"
        f'<rect class="{kind}" x="{x}" y="{y:.1f}" width="{BOX}" height="{height:.1f}" rx="3"/>'
        f'<text class="call" x="{x + 6}" y="{y + 13:.1f}">{escape(label(act, made))}</text>'
        f'<text class="gave" x="{x + BOX - 6}" y="{gave_at:.1f}">{escape(outcome(act))}</text></g>'
    )


def _arrows(scene: Scene, act: Act) -> list[str]:
    found = []
    middle = ROW / 2 - 2
    left, right = _lane(scene, act.lane) - BOX / 2, _lane(scene, act.lane) + BOX / 2
    if act.client is not None and act.end is not None:
        peer, y = _client(act.client), _top(act.end) + middle
        if act.name.startswith("accept") or act.name in ("recvfrom", "read"):
            found.append(_arrow(peer, y, left, y))
        elif act.name in ("sendto", "sendfile", "write"):
            found.append(_arrow(left, y, peer, y))
    if act.made is not None and act.begin is not None:
        born = [each.begin for each in scene.acts if each.lane == act.made]
        first = min((place for place in born if place is not None), default=act.begin)
        end = _lane(scene, act.made) - BOX / 2
        found.append(_arrow(right, _top(act.begin) + middle, end, _top(first) + middle))
    if act.woke is not None and act.begin is not None:
        ends = [a.end for a in scene.acts if a.lane == act.woke and (a.end or -1) > act.begin]
        last = min((place for place in ends if place is not None), default=act.begin)
        towards = _lane(scene, act.woke)
        end = towards + BOX / 2 if towards < left else towards - BOX / 2
        begin = left if towards < left else right
        found.append(_arrow(begin, _top(act.begin) + middle, end, _top(last) + middle))
    return found


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """A line with its tip at the second point."""
    along = 6 if x2 > x1 else -6
    return (
        f'<line class="arrow" x1="{x1}" y1="{y1:.1f}" x2="{x2}" y2="{y2:.1f}"/>'
        f'<path class="tip" d="M{x2} {y2:.1f} l{-along} -3.5 v7 z"/>'
    )
