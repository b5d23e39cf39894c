"""Writes the page: gathers, draws, and puts everything into one file.

The page loads nothing: scripts, styles and data stand in it. Its Content-Security-Policy allows the
two scripts by their digests and nothing else, so that a name in a record that looks like a script
stays a name even where the escaping were wrong. Vega evaluates its expressions by an interpreter,
since the policy allows no `eval`.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import vl_convert
from markupsafe import Markup

from lab.errors import LabError
from lab.records import durable
from lab.report import templates
from lab.report.page import trials
from lab.report.page.figures import plots
from lab.report.page.gather import gather
from lab.report.page.key import swatch
from lab.report.page.palette import pairs, styles
from lab.report.page.plot import Plot, Spec
from lab.report.page.svg import VEGA_LITE, render
from lab.report.page.view import View

if TYPE_CHECKING:
    from lab.records.run_folder import RunFolder
    from lab.report.report import Report

HERE = Path(__file__).parent
NAME = "report.html"
SHOWN = 8  # lines of a list before the page folds it


def write(folder: RunFolder, report: Report) -> Path:
    """The page of a run, in its folder, in place of an older one. LabError where it cannot be."""
    path = folder.path / NAME
    durable.write(path, html(gather(report)))
    return path


def svg(report: Report, name: str) -> tuple[str, str]:
    """One plot by its name, and its caption; LabError where the run has none such."""
    plot, spec = _drawable(report, name)
    return render(spec), plot.caption


def caption(report: Report, name: str) -> str:
    """The caption alone: nothing is drawn for it. LabError as `svg`."""
    return _drawable(report, name)[0].caption


def _drawable(report: Report, name: str) -> tuple[Plot, Spec]:
    found = {plot.name: plot for plot in plots(gather(report))}
    plot = found.get(name)
    if plot is None or plot.spec is None:
        drawn = ", ".join(name for name, plot in found.items() if plot.spec)
        raise LabError(f"this run has no plot {name!r}", f"it has: {drawn or 'none'}")
    return plot, plot.spec


def html(view: View) -> str:
    script = (HERE / "page.js").read_text(encoding="utf-8")
    looks, drawn = styles(view.models), plots(view)
    return (
        templates.environment(HERE)
        .get_template("page.html")
        .render(
            view=view,
            plots=drawn,
            first_of_a_step=next((plot.name for plot in drawn[1:] if plot.by_step), ""),
            trials=trials.rows(view),
            verdicts=trials.verdicts(view),
            TRIAL_HEADS=trials.HEADS,
            VERDICT_HEADS=trials.VERDICT_HEADS,
            SHOWN=SHOWN,
            bundle=Markup(bundle()),  # noqa: S704 - ours, and free of `</script`
            script=Markup(script),  # noqa: S704
            style=Markup(templates.looks()),  # noqa: S704
            colors=pairs(),
            policy=_policy(bundle(), script),
            swatches={model: Markup(swatch(look)) for model, look in looks.items()},  # noqa: S704
        )
    )


@cache
def bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that sets `vegaEmbed`. Takes a second."""
    text = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE)
    assert "</script" not in text.lower()
    return text


def _policy(*scripts: str) -> str:
    digests = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in scripts
    )
    return (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
