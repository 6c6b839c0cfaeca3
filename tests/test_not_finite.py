"""Curves that leave the numbers: infinite and nan."""

from __future__ import annotations

import math

import numpy as np
import pytest

import lrviz
from lrviz.engine.envelope import columns, envelope
from lrviz.engine.facts import facts


def timeline_of(name, **params):
    return lrviz.schedule(name, params, lr=0.1).groups[0]["lr"]


GROWTH = timeline_of("torch.ExponentialLR", gamma=1.1953125)
GAPS = timeline_of("torch.LambdaLR", lr_lambda="inf - inf if epoch % 40 < 30 else epoch % 7")


@pytest.mark.parametrize("timeline", [pytest.param(GROWTH, id="inf"), pytest.param(GAPS, id="nan")])
@pytest.mark.parametrize("steps", [pytest.param(5000, id="many"), pytest.param(120, id="few")])
def test_extremes_stand_in_their_interval_whatever_they_are(timeline, steps):
    first, last = columns(0, steps, 100)
    seen = envelope(timeline, first, last)
    values = timeline(np.arange(float(steps)))
    for i, (start, stop) in enumerate(zip(first, last + 1, strict=True)):
        inside = values[start:stop]
        assert seen.odd[i] == (not np.isfinite(inside).all())
        for at, value, extreme in (
            (seen.low_at[i], seen.low[i], np.fmin.reduce(inside)),
            (seen.high_at[i], seen.high[i], np.fmax.reduce(inside)),
        ):
            assert start <= at < stop
            np.testing.assert_equal([value, values[at]], [extreme, extreme])


OVERFLOWS = [
    pytest.param(timeline_of("torch.ExponentialLR", gamma=1.1953125), 3979, math.inf, id="growth"),
    pytest.param(timeline_of("torch.StepLR", step_size=30, gamma=1e300), 60, math.inf, id="steps"),
    pytest.param(timeline_of("torch.MultiplicativeLR", lr_lambda="1e300"), 2, math.inf, id="walk"),
    pytest.param(timeline_of("torch.LambdaLR", lr_lambda="inf"), 0, math.inf, id="at-once"),
    pytest.param(timeline_of("torch.LambdaLR", lr_lambda="-inf if epoch > 7 else 1"), 8, 1.0, id="downwards"),
    pytest.param(timeline_of("torch.LambdaLR", lr_lambda="1 if epoch != 5 else inf-inf"), 5, 1.0, id="once"),
    pytest.param(timeline_of("torch.LambdaLR", lr_lambda="inf - inf"), 0, math.nan, id="never"),
]


@pytest.mark.parametrize(("timeline", "at", "peak"), OVERFLOWS)
def test_what_leaves_the_numbers_is_told_by_its_first_step(timeline, at, peak):
    scaled = 0.1 * peak
    for n in (at + 1, 3980, 20_000):
        found = facts(timeline, n)
        assert found.not_finite == at
        np.testing.assert_equal(found.peak, scaled)
        assert found.peak_at == (at if not math.isfinite(peak) else 0)
