"""The lanes of all traced models on one page that opens offline: no script, pictures inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from lab.records.trace_record import SceneName, TraceRecord
from lab.report import templates
from lab.report.lanes.calls import explained
from lab.report.lanes.picture import svg

HERE = Path(__file__).parent
TITLES: Mapping[SceneName, str] = {
    "two-users": "A second user comes while the first is served",
    "one-user": "One request on a fresh connection",
    "start": "The start, until the first client may come",
}
ABOUT: Mapping[SceneName, str] = {
    "two-users": "Client 1 asks for a path whose handler waits 400 ms, as for a slow database."
    " Client 2 comes 150 ms later and asks for a small file. Here the models differ.",
    "one-user": "From the connection to its end.",
    "start": "Looking up names and rehearsing an answer are left out.",
}


def html(records: Sequence[TraceRecord]) -> str:
    scenes = [
        (name, title, ABOUT[name], [(each.model, Markup(picture(each, name))) for each in records])  # noqa: S704
        for name, title in TITLES.items()
    ]
    acts = [act for each in records for scene in each.scenes.values() for act in scene.acts]
    names = [name for name in dict.fromkeys(act.name for act in acts) if explained(name)]
    return (
        templates.environment(HERE)
        .get_template("lanes.html")
        .render(
            scenes=scenes,
            models=[each.model for each in records],
            calls=[(name, explained(name)) for name in names],
            style=Markup(templates.looks()),  # noqa: S704 - ours
        )
    )


def picture(record: TraceRecord, name: SceneName) -> str:
    return svg(record.scenes[name], f"{record.model}: {TITLES[name]}")
