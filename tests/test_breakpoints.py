"""Where formulas turn, by interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrviz.engine.breakpoints import Listed, Periodic, beside
from lrviz.engine.geometric import Geometric

TURNS = [
    pytest.param(Listed((3.5, 40.0, 41.0)), [3.5, 40.0, 41.0], id="listed"),
    pytest.param(Periodic(25.5, (0.0, 5.0), start=10.0), None, id="periodic"),
    pytest.param(Geometric(10.0, 2.0, start=5.0), [5.0, 15.0, 35.0, 75.0, 155.0], id="geometric"),
]


@given(low=st.floats(-5, 200), length=st.floats(0, 99))
@settings(max_examples=40)
@pytest.mark.parametrize(("turns", "places"), TURNS)
def test_positions_are_all_turns_of_the_interval(turns, places, low, length):
    if places is None:
        places = [10.0 + i * 25.5 + offset for i in range(20) for offset in (0.0, 5.0)]
    expected = [place for place in places if low <= place <= low + length]
    np.testing.assert_array_equal(turns.positions(low, low + length), expected)
    assert turns.count(low, low + length) >= len(expected)
    moved = turns.shift(8.0).positions(low + 8.0, low + length + 8.0)
    near = [place + 8.0 for place in places if low + 1e-9 < place < low + length - 1e-9]
    assert set(near) <= set(moved.tolist())


def test_cycles_without_number_are_counted_and_only_those_of_a_view_listed():
    turns = Geometric(20.0, 1.0 + 1e-6)
    assert 17e6 < turns.count(0, 1e15) < 18e6
    first, second, *_ = turns.positions(1e15, 1e15 + 2e9)
    assert second - first == pytest.approx(1e9, rel=0.01)


@pytest.mark.parametrize(
    ("turns", "period"),
    [
        pytest.param(Periodic(7.0), 7, id="whole"),
        pytest.param(Periodic(7.5), None, id="fractional"),
        pytest.param(Listed((1.0,)), None, id="listed"),
        pytest.param(Geometric(1.0, 2.0), None, id="geometric"),
    ],
)
def test_period(turns, period):
    assert turns.period == period


def test_beside():
    np.testing.assert_array_equal(beside(np.array([10.0, 20.5])), [9, 10, 11, 19, 20, 21, 22])
    assert beside(np.array([])).size == 0
