"""Which curve is which: names beside the curves of either panel, or the rows of a legend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from pictured import N, boxes, line, picture, plotted, power, words, zigzag
from test_view import view_of

from lrviz.draw import style
from lrviz.draw.image import draw
from lrviz.draw.scene import Span
from lrviz.draw.theme import LIGHT, LINE_WIDTH


def test_names_stand_in_the_log_panel_where_only_that_has_room():
    lines = [line(f"lr {k}", lambda t, k=k: 10.0**-k * (1 - t / N)) for k in (3, 4, 5, 6)]
    figure = draw(picture(*lines))
    upper, lower = figure.axes
    named = [box for text, box in boxes(figure) if text.startswith("lr ")]
    assert len(named) == 4
    assert all(box.y1 < upper.get_window_extent().y0 for box in named)
    assert all(box.y0 > lower.get_window_extent().y0 for box in named)


def test_a_large_family_has_only_its_named_members_in_the_log_panel():
    lines = [line(f"{k}", power(1, 10 ** (-3 - k / 9)), family="one", peak=(0, 1e-3)) for k in range(40)]
    upper, lower = draw(picture(*lines)).axes
    assert (len(plotted(upper)), len(plotted(lower))) == (40, 14)


def test_a_name_is_cut_for_a_sign_of_equal_curves_only_where_there_are_some():
    names = ["inverse_sqrt", "linear", "step", "cosine", "wsd", "rex"]
    lines = [line(name, power(k / 9)) for k, name in enumerate(names)]
    view = view_of(size="column", legend="box", x="step")
    assert set(names) <= set(words(draw(replace(picture(*lines), view=view))))


CYCLES = (Span("cycles", 0.0, float(N), cycles="550 cycles"),)


@pytest.mark.parametrize(
    ("turns", "width", "alpha"),
    [
        pytest.param(1100, style.BAND, style.DENSE, id="a band"),
        pytest.param(100, LINE_WIDTH * 0.9, None, id="thinner lines"),
    ],
)
def test_a_handle_shows_dense_cycles_as_they_are_drawn(turns, width, alpha):
    x, y = np.repeat(np.linspace(0, N - 1, turns), 2), np.tile([1e-4, 1e-3], turns)
    dense = replace(zigzag(), x=x, y=y, phases=CYCLES)
    figure = draw(picture(line("first", power(1)), dense, *(line(f"{k}", power(k / 9)) for k in range(4))))
    (handle,) = [one for one in figure.artists if to_hex(one.get_color()).upper() == LIGHT.palette[1]]
    assert (handle.get_linewidth() <= width, handle.get_alpha()) == (True, alpha)
    assert not handle.is_dashed()
    assert "cyclic  550 cycles" in words(figure)
