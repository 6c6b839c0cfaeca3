"""What an engine tells of a curve, against every tick of it."""

from __future__ import annotations

import numpy as np

from lrviz.engine.envelope import columns, envelope


def assert_columns(line, steps, *counts):
    """The lows and highs of so many columns are those of the values at each of their steps."""
    values = line(np.arange(float(steps)))
    for count in counts:
        first, last = columns(0, steps, count)
        seen = envelope(line, first, last)
        np.testing.assert_array_equal(seen.low, np.minimum.reduceat(values, first))
        np.testing.assert_array_equal(seen.high, np.maximum.reduceat(values, first))
