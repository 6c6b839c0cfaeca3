"""Dense curves are drawn by their extremes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.draw.thinning import MOST_TURNS, edges, line_width, swings_of, thin

LINE = 4.5  # pixels: columns of 3


@pytest.mark.parametrize(
    ("pixels", "y"),
    [
        pytest.param([0.0], [1.0], id="one point"),
        pytest.param([0.0, 1.0], [1.0, 2.0], id="two points"),
        pytest.param(np.linspace(0, 9, 99), np.linspace(0, 1, 99), id="straight"),
        pytest.param(np.linspace(0, 9, 99), np.zeros(99), id="flat"),
        pytest.param(np.repeat(np.arange(9.0), 2), np.arange(18) // 2 % 2, id="stairs"),
        pytest.param(np.arange(9.0), np.arange(9) % 2, id="a swing in two pixels"),
        pytest.param(np.linspace(0, 2, 9), np.where(np.arange(9) == 4, np.nan, np.arange(9) % 2), id="a gap"),
    ],
)
def test_what_is_not_crowded_is_drawn_whole(pixels, y):
    assert thin(np.array(pixels), np.array(y, dtype=float), LINE).tolist() == list(range(len(y)))


def test_a_crowded_column_is_drawn_by_its_extremes():
    pixels, y = np.linspace(0, 30, 301), np.tile([0.0, 1.0], 151)[:301]
    drawn = thin(pixels, y, LINE)
    assert len(drawn) <= 2 * 11 + 2
    assert np.diff(np.sort(pixels[drawn])).max() <= 3.2
    assert set(y[drawn]) == {0.0, 1.0}
    assert np.sum(np.diff(y[drawn]) != 0) <= 11 + 2, "a line goes up one column and down the next"


@pytest.mark.parametrize(
    ("cycles", "period", "width"),
    [
        pytest.param(10, None, LINE, id="few"),
        pytest.param(30, 33.3, LINE, id="told apart by a usual line"),
        pytest.param(200, 5, 5 / 6, id="by a thin one"),
        pytest.param(2000, 0.5, 0.8, id="by none"),
    ],
)
def test_a_line_is_as_thin_as_its_cycles_ask(cycles, period, width):
    y = np.append(np.tile([0.0, 1.0], cycles), 0.0)
    swings = swings_of(np.linspace(0, 1000, y.size), y)
    assert (swings and swings.period) == (period and pytest.approx(period, rel=0.01))
    assert (line_width(swings.period, LINE) if swings else LINE) == pytest.approx(width, rel=0.01)


@pytest.mark.parametrize(
    "y",
    [
        pytest.param(np.arange(1000) // 3 * 1.0, id="stairs"),
        pytest.param(1 + np.arange(1000) % 2 * 1e-7, id="rounding"),
        pytest.param(np.zeros(1000), id="zero"),
        pytest.param(np.zeros(0), id="nothing"),
    ],
)
def test_what_does_not_swing_has_a_line_of_usual_width(y):
    assert swings_of(np.arange(float(y.size)), y) is None


def test_edges_hold_every_value():
    pixels, y = np.linspace(0, 100, 9001), np.tile([0.0, 3.0, 1.0], 3001)[:9001]
    found = edges(pixels, y)
    assert len(found.starts) <= 26
    assert (found.low.min(), found.high.max()) == (0, 3)
    assert ((found.low[:-1] == 0) & (found.high[:-1] == 3)).all()


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(-1, 1)), min_size=1, max_size=200))
def test_ends_and_extremes_of_every_column_are_kept(points):
    pixels, y = (np.array(side) for side in zip(*sorted(points), strict=True))
    drawn = thin(pixels, y, LINE)
    assert (drawn[0], drawn[-1]) == (0, len(y) - 1)
    assert len(set(drawn)) == len(drawn)
    column = np.floor((pixels - pixels[0]) / 3)
    assert (np.diff(column[drawn]) >= 0).all()
    for own in (column == c for c in np.unique(column)):
        kept = y[drawn][own[drawn]]
        assert (kept.min(), kept.max()) == (y[own].min(), y[own].max())
        turns = np.sum(np.sign(np.diff(kept))[1:] * np.sign(np.diff(kept))[:-1] < 0)
        assert turns <= MOST_TURNS
