"""Colours that stay apart for every eye, and the shapes and dashes for those who see none."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from lab.report.page.key import OUTLINES
from lab.report.page.palette import OF_MODEL, PAPER, SPARE, pairs, styles


def matrix(text: str) -> np.ndarray:
    return np.array(text.split(), dtype=float).reshape(3, 3)


# Machado, Oliveira and Fernandes 2009: what is left of linear RGB, severity 1.
EYES = {
    "all colours": np.eye(3),
    "no red": matrix(
        "0.152286 1.052583 -0.204868 0.114503 0.786281 0.099216 -0.003882 -0.048116 1.051998"
    ),
    "no green": matrix(
        "0.367322 0.860646 -0.227968 0.280085 0.672501 0.047413 -0.011820 0.042940 0.968881"
    ),
    "no blue": matrix(
        "1.255528 -0.076749 -0.178779 -0.078411 0.930809 0.147602 0.004733 0.691367 0.303900"
    ),
}
TO_XYZ = matrix(
    "0.4124564 0.3575761 0.1804375 0.2126729 0.7151522 0.0721750 0.0193339 0.1191920 0.9503041"
)
WHITE = np.array([0.95047, 1.0, 1.08883])
APART = 12.0  # CIELAB; 2.3 is just noticeable side by side
STANDS_OUT = 2.5  # WCAG contrast; thin marks on paper, with a shape beside the colour


def linear(color: str) -> np.ndarray:
    value = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def cielab(rgb: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("room", ["light", "dark"])
def test_any_two_models_look_different(eye: str, room: str) -> None:
    seen = {
        name: cielab(EYES[eye] @ linear(getattr(look, room))) for name, look in OF_MODEL.items()
    }
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > APART, (one, other)


@pytest.mark.parametrize(("room", "paper"), [("light", PAPER[0]), ("dark", PAPER[1])])
def test_every_colour_stands_out_from_its_paper(room: str, paper: str) -> None:
    for look in (*OF_MODEL.values(), *SPARE):
        assert contrast(getattr(look, room), paper) > STANDS_OUT


def test_no_two_models_share_a_shape_and_each_shape_can_be_drawn_in_the_key() -> None:
    shapes = [look.shape for look in (*OF_MODEL.values(), *SPARE)]
    assert len(set(shapes)) == len(shapes)
    assert set(shapes) == set(OUTLINES)


def test_a_model_looks_the_same_in_every_run() -> None:
    assert styles(["epoll"])["epoll"] == styles(["poll", "nginx", "epoll"])["epoll"]


def test_servers_that_nobody_foresaw_get_looks_of_their_own() -> None:
    looks = styles(["nginx", "epoll", "apache"])
    assert len(set(looks.values())) == 3


def test_each_colour_of_light_has_one_for_dark() -> None:
    lights = [light for light, _ in pairs()]
    assert len(set(lights)) == len(lights)
