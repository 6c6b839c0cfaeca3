"""PNG files hold the pixels that matplotlib draws, as any reader has them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from pictured import COSINE, SIX, picture
from PIL import Image

from lrviz.draw import style
from lrviz.draw.image import draw, render
from lrviz.draw.png import png_of


def pixels_of(figure):
    with style.settings(), io.BytesIO() as buffer:
        figure.savefig(buffer, format="png")
        buffer.seek(0)
        return imread(buffer, format="png")


@pytest.mark.long
@pytest.mark.parametrize("case", [pytest.param(COSINE, id="one"), pytest.param(picture(*SIX), id="six")])
def test_the_pixels_are_those_that_are_drawn(case):
    image = Image.open(io.BytesIO(render(case, "png")))
    assert image.mode == "RGB"
    assert image.info["dpi"] == pytest.approx((style.DPI, style.DPI), abs=0.01)
    assert np.array_equal(np.asarray(image) / np.float32(255), pixels_of(draw(case))[..., :3])


@pytest.mark.parametrize(
    ("ground", "mode"),
    [
        pytest.param("white", "RGB", id="opaque"),
        pytest.param("none", "RGBA", id="transparent"),
        pytest.param((1, 1, 1, 0.5), "RGBA", id="half"),
    ],
)
def test_only_what_can_be_seen_through_has_a_fourth_channel(ground, mode):
    figure = Figure(figsize=(2, 1), facecolor=ground)
    figure.text(0.2, 0.2, "text")
    image = Image.open(io.BytesIO(png_of(figure, "a comment", figure.dpi)))
    assert (image.mode, image.size, image.info["Comment"]) == (mode, (200, 100), "a comment")
    assert np.array_equal(np.asarray(image.convert("RGBA")), np.rint(pixels_of(figure) * 255))
