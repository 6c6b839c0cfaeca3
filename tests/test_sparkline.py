from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.draw.sparkline import heights, spark, spark_over
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

NAN = math.nan
LEVELS = "▁▂▃▄▅▆▇█"


def point(*values):
    """Cells that hold one value each."""
    return values, values


@pytest.mark.parametrize(
    ("low", "high", "line"),
    [
        pytest.param(*point(), "", id="no cells"),
        pytest.param(*point(0, 1, 2, 3, 4, 5, 6, 7), "▁▂▃▄▅▆▇█", id="one level each"),
        pytest.param(*point(0.5, 1.0), "▅█", id="the scale starts at 0"),
        pytest.param(*point(-1, 0, 1), "▁▅█", id="or at a negative minimum"),
        pytest.param(*point(-1, -0.5, 0), "▁▅█", id="a maximum of 0"),
        pytest.param(*point(0.85, 0.9, 0.95), "▁▅█", id="or at a minimum that 0 would make a block of"),
        pytest.param(*point(3e-4, 3e-4), "██", id="constant"),
        pytest.param(*point(0.1, 0.1 + 1e-17, 0.1 - 1e-17), "███", id="constant but for rounding"),
        pytest.param(*point(-1, -1), "██", id="negative constant"),
        pytest.param(*point(0, 0), "▁▁", id="zero"),
        pytest.param([0, 0.25, 0.5, 0.75], [0.25, 0.5, 0.75, 1], "▁▅▇█", id="a rise shows its highs"),
        pytest.param([0.75, 0.5, 0.25, 0], [1, 0.75, 0.5, 0.25], "█▅▃▁", id="a fall shows its lows"),
        pytest.param([0.3, 0.3, 0.3], [0.3, 1, 0.3], "▃█▃", id="spike in one cell"),
        pytest.param([1, 0, 1], [1, 1, 1], "█▁█", id="dip in one cell"),
        pytest.param([1, 0.3, 0.3, 0.3], [1, 0.3, 0.8, 0.3], "█▃▇▃", id="spike below the maximum"),
        pytest.param([0, 1, 0.5, 1], [0, 1, 1, 1], "▁█▅█", id="dip above the minimum"),
        pytest.param([0.5, 0, 0.5, 0], [1, 1, 0.8, 1], "█▁▇▁", id="a restart shows the end of its cycle"),
        pytest.param([0] * 6, [1] * 6, "█▁█▁█▁", id="cycles shorter than a cell"),
        pytest.param([0, 0.9], [0.9, 1], "▁█", id="a warmup shorter than a cell"),
        pytest.param([0], [1], "█", id="one cell shows the maximum"),
        pytest.param([0.3, 0], [0.9, 1], "██", id="nothing tells the ends apart"),
        pytest.param([0.5, 0.2, 0, 0], [0.5, 0.9, 1, 0], "▅██▁", id="nor does the cell before"),
        pytest.param([1, NAN, 0.5, NAN], [1, NAN, 0.5, NAN], "█×▅×", id="cells without a value"),
        pytest.param(*point(NAN, NAN), "××", id="no value at all"),
        pytest.param(*point(1, math.inf, 0.5), "██▅", id="infinity is above the scale"),
    ],
)
def test_spark(low, high, line):
    assert spark(low, high) == line
    table = str.maketrans(LEVELS + "×", "_.-=+*#@x")
    assert spark(low, high, ascii_only=True) == line.translate(table)


@pytest.mark.parametrize(
    ("low", "high", "ends", "line"),
    [
        pytest.param([0.2, 0.5, 0.1], [0.9, 1, 0.6], (0.5, 0.3), "▅█▁", id="the minimum wins over the last"),
        pytest.param([0.2, 0, 0.1], [0.9, 1, 0.6], (0.5, 0.3), "▅█▃", id="neither of the two ends"),
        pytest.param([0.2, 0, NAN], [0.9, 1, NAN], (0.5, 0.3), "▅█×", id="the last before a stop"),
        pytest.param([NAN], [NAN], (NAN, NAN), "×", id="no value at all"),
    ],
)
def test_both_ends_of_a_curve_are_shown(low, high, ends, line):
    assert spark(low, high, ends=ends) == line


@pytest.mark.parametrize(
    ("words", "line"),
    [
        pytest.param("cosine:warmup=1", "▁█▆▅▃▂▁▁", id="a warmup of one step"),
        pytest.param("cosine:warmup=3%", "▁█▆▅▃▂▁▁", id="a short warmup"),
        pytest.param("wsd:warmup=3%", "▁█████▆▁", id="a short warmup, then stable"),
        pytest.param("exponential:gamma=0.99,warmup=3%", "▁█▁▁▁▁▁▁", id="a short warmup, then a steep fall"),
        pytest.param("cosine:warmup=12%", "▁█▇▅▄▂▁▁", id="a warmup of a cell"),
        pytest.param("linear:warmup=98%", "▁▃▄▅▆▇█▁", id="a peak in the last cell"),
        pytest.param("cosine_with_restarts:num_cycles=4,warmup=0", "█▁█▁█▁█▁", id="the last cycle"),
        pytest.param("constant:warmup=0", "████████", id="constant"),
    ],
)
def test_eight_cells_keep_the_warmup_the_peak_and_the_last_value(words, line):
    (groups,) = resolve(parse(f"{words},steps=1000,lr=1"), examples=True).schedule.groups
    assert spark_over(groups["lr"], 1000, 8) == line


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="zip"):
        spark([1, 2], [1])


HEIGHTS = st.floats(min_value=0, max_value=1e3)
CELLS = st.lists(st.tuples(HEIGHTS, HEIGHTS).map(sorted), min_size=1, max_size=30)


@given(CELLS)
def test_the_extremes_stay_visible(cells):
    low, high = zip(*cells, strict=True)
    line = spark(low, high)
    assert len(line) == len(cells)
    lowest = spark(*point(min(low), max(high)))[0]
    dips = [i for i, value in enumerate(low) if value == min(low)]
    peaks = [i for i, value in enumerate(high) if value == max(high) and [i] != dips] or dips
    if max(high) > 0:
        assert line[peaks[0]] == "█"
    if dips != peaks[:1]:
        assert line[next(i for i in dips if i != peaks[0])] == lowest


@given(CELLS)
def test_every_cell_shows_one_of_its_ends(cells):
    low, high = zip(*cells, strict=True)
    level = heights([*low, *high]).level
    for shown, bottom, top in zip(spark(low, high), low, high, strict=True):
        assert shown in {LEVELS[level(end)] for end in (bottom, top)}


@given(st.lists(HEIGHTS, min_size=2, max_size=60).map(sorted))
def test_a_monotone_curve_stays_monotone(values):
    rising = spark(values[::2], [*values[1::2], *values[-1:]][: len(values[::2])])
    assert list(rising) == sorted(rising, key=LEVELS.index)
