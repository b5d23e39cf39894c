"""A plot's spec as an SVG that stands for itself, by vl-convert: no browser, nothing fetched."""

from __future__ import annotations

import copy

import vl_convert

from lab.report.page.plot import Spec

VEGA_LITE = "6.4"  # the version whose grammar Altair writes; the page bundles the same
WIDTH = 720  # pixels
AXIS = 20  # of a small plot, its labels taken from its width
MARGIN = 16  # a reader's fonts may be wider than those it was measured by


def render(spec: Spec) -> str:
    """With its legend, on white: a README has no key of colours beside it."""
    whole = copy.deepcopy(spec)
    if "facet" in whole:
        whole["spec"]["width"] = WIDTH // whole["columns"] - AXIS
    else:
        whole["width"] = WIDTH
    whole["config"] |= {"background": "#ffffff", "padding": MARGIN}
    if "padding" in whole:
        whole["padding"] = {side: room + MARGIN for side, room in whole["padding"].items()}
    return vl_convert.vegalite_to_svg(whole, vl_version=VEGA_LITE, allowed_base_urls=[])
