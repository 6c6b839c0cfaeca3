"""A curve through points: what stands between them, and how they are written."""

from __future__ import annotations

import numpy as np
import pytest
from commands import run
from configs import write

import lrviz

LINE = "points=0:0,10:1,30:0.5"


def curve(spec, steps=50):
    return lrviz.evaluate(f"points:{spec}", lrviz.Plan(steps=steps, steps_per_epoch=10))


def through(steps, points):
    return np.interp(np.arange(steps), *zip(*points, strict=True))


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param(LINE, through(50, [(0, 0), (10, 1), (30, 0.5)]), id="linear"),
        pytest.param("points=20%:1,100%:0", through(50, [(10, 1), (50, 0)]), id="shares of the run"),
        pytest.param("points=1ep:1,2ep:3", through(50, [(10, 1), (20, 3)]), id="epochs"),
        pytest.param("points=0:2", np.full(50, 2.0), id="one point"),
        pytest.param("points=7:2", np.full(50, 2.0), id="one point later"),
        pytest.param("points=10:1,20:2,30:1,between=step", np.repeat([1, 1, 2, 1, 1], 10), id="step"),
        pytest.param(
            "points=0:1,50:1e-4,between=log", 1e-4 ** (np.arange(50) / 50), id="log"
        ),
        pytest.param(
            "points=0:1,50:0,between=cosine", (1 + np.cos(np.pi * np.arange(50) / 50)) / 2, id="cosine"
        ),
    ],
)  # fmt: skip
def test_between_the_points(spec, expected):
    np.testing.assert_allclose(curve(spec).lr, expected, rtol=1e-13, atol=1e-15)


def test_its_extremes_are_exact_in_a_run_of_any_length():
    found = curve("points=0:0,123456789:1,1e12:0.5", 10**12).facts
    assert (found.peak, found.peak_at, found.warmup_end, found.sampled) == (1.0, 123_456_789, 123_456_789, 0)


def test_a_stair_jumps_and_a_line_bends():
    stair = curve("points=0:1,20:0.1,30:0.5,between=step").facts
    assert (stair.drops.ticks, stair.restarts.ticks) == ((20,), (30,))
    assert curve(LINE).facts.restarts.count == curve(LINE).facts.drops.count == 0


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        pytest.param("points=5", "points are a step and its LR each, got '5'", id="no LR"),
        pytest.param("points=5:high", "points are a step and its LR each, got '5:high'", id="no number"),
        pytest.param("points=5:1,3:2", "points must ascend: 3 comes after 5", id="descending"),
        pytest.param("points=5:1,5:2", "points has a step twice", id="twice"),
        pytest.param("points=5:1,10%:2", "points has a step twice", id="twice, as a share"),
        pytest.param("points=[]", "points needs at least one point", id="none"),
        pytest.param("points=0:0,5:1,between=log", "between=log needs LRs above 0, got 0", id="log of 0"),
        pytest.param("points=0:0,between=spline", "between must be one of", id="no such line"),
    ],
)
def test_points_that_are_none(spec, message):
    with pytest.raises(lrviz.LrvizError, match=message):
        curve(spec)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('points = "0:0,10:1,30:0.5"', id="text"),
        pytest.param('points = ["0:0", "20%:1", "30:0.5"]', id="list"),
        pytest.param("[points]\n0 = 0\n10 = 1\n30 = 0.5", id="table"),
    ],
)
def test_in_a_config(text, tmp_path):
    write(tmp_path / "lr.toml", f'name = "points"\nsteps = 50\n{text}\n')
    done = run(tmp_path, "diff", "lr.toml", f"points:{LINE}")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
