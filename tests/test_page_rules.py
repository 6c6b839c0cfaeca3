"""What the script of a page lays out again, as its reader zooms, is laid out as pictures are."""

from __future__ import annotations

import itertools
import json
import random

import numpy as np
import pytest

from lrviz.draw.placement import Box, name_phases
from lrviz.draw.scene import Span
from lrviz.draw.ticks import log_scale, span_ticks, value_scale
from lrviz.notation.numbers import grouped
from lrviz.page.static_chart import HEADROOM, LETTER, remark

ROLLS = 200
"""Ranges that are drawn by chance, the same each time."""
AXIS = "one => [one.low, one.high, one.ticks, one.ticks.map(one.text), one.remark]"


@pytest.mark.long
def test_the_ticks_of_steps_are_those_of_the_pictures(opened):
    tab, roll = opened("constant", "--steps", "9", "--lr", "1"), random.Random(12)
    for _ in range(ROLLS):
        first = roll.choice([0, roll.randrange(10 ** roll.randrange(1, 10))])
        ends, pixels = (
            [first, first + roll.randrange(1, 10 ** roll.randrange(1, 13))],
            roll.randrange(150, 1400),
        )
        mine = span_ticks(*ends, lambda x: LETTER * len(grouped(int(x))), pixels, least=1)
        assert tab.run(f"spanTicks({ends}, grouped, {pixels}, 1)") == mine, (ends, pixels)


@pytest.mark.long
def test_the_axes_of_values_are_those_of_the_pictures(opened):
    tab, roll = opened("constant", "--steps", "9", "--lr", "1"), random.Random(12)
    for _ in range(ROLLS):
        size, kind = 10.0 ** roll.uniform(-12, 6), roll.choice([0.0, 0.7, 0.9, 0.9999, -0.3, -1.0])
        curves = [[size * roll.uniform(kind, 1) for _ in range(roll.randrange(1, 40))] for _ in range(2)]
        arrays = [np.array(one) for one in curves]
        linear, log = value_scale(arrays, HEADROOM), log_scale(arrays, HEADROOM)
        assert_same(tab.run(f"({AXIS})(valueScale({curves}.flat()))"), linear, remark(linear, arrays))
        if log:
            assert_same(tab.run(f"({AXIS})(logScale({curves}))"), log, remark(log, arrays))


def assert_same(found, scale, said):
    low, high, ticks, labels, noted = found
    assert (low, high) == (pytest.approx(scale.low, rel=1e-12), pytest.approx(scale.high, rel=1e-12))
    assert (tuple(ticks), labels, noted) == (scale.ticks, scale.texts, said)


@pytest.mark.long
def test_the_names_of_phases_stand_where_those_of_the_pictures_do(opened):
    tab, roll = opened("constant", "--steps", "9", "--lr", "1"), random.Random(12)
    for _ in range(ROLLS):
        room = roll.randrange(150, 1400)
        ends = [0, *sorted(roll.randrange(1, room) for _ in range(roll.randrange(6))), room]
        spans = [Span("", a, b, warmup=roll.random() < 0.4) for a, b in itertools.pairwise(ends)]
        widths = [roll.randrange(14, 120) for _ in spans]
        told = json.dumps([{"start": one.start, "end": one.end, "isWarmup": one.warmup} for one in spans])
        mine = [[*one] for one in name_phases(spans, widths, Box(0, 0, room, 0))]
        assert tab.run(f"namePhases({told}, {widths}, {room})") == mine, (spans, widths, room)
