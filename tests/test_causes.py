"""What sets two curves apart: every curve against itself, moved about, names what was done to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lrviz
from lrviz.compare.difference import Measure, difference
from lrviz.compare.track import track_of, track_of_column
from lrviz.inputs.curve_file import CurveFile

CURVES = {
    "cosine": lambda t: np.where(t < 40, t / 40, 0.5 + 0.5 * np.cos(np.pi * (t - 40) / 460)),
    "linear": lambda t: np.clip(np.where(t < 40, t / 40, 1 - (t - 40) / 460), 0, None),
    "stairs": lambda t: 0.5 ** np.floor(t / 70),
    "decay": lambda t: np.exp(-t / 200),
    "trapezoid": lambda t: np.clip(np.minimum(t / 40, (500 - t) / 100), 0, 1),
}
STEPS = 500
names = st.sampled_from(sorted(CURVES))


def curve(function, steps=STEPS):
    """The curve of a function of the step."""
    return track_of(lrviz.record(lambda step: float(function(np.array(float(step)))), steps).rows[0])


def rows(function, stride, steps=STEPS):
    """The same as a file of values, at some steps."""
    at = np.arange(0, steps, stride)
    return track_of_column(CurveFile("lr.csv", steps, at, {"lr": function(at.astype(float))}), "lr")


def found(one, other):
    """Ids of what explains the second curve, and the numbers of the first cause."""
    causes = difference(one, other).causes
    return [cause.id for cause in causes], causes[0] if causes else None


@pytest.mark.long
@settings(max_examples=30)
@given(name=names, by=st.integers(1, 60))
def test_a_curve_and_itself_some_steps_later(name, by):
    shape = CURVES[name]
    later = curve(lambda t: shape(np.maximum(t - by, 0)))
    ids, cause = found(curve(shape), later)
    assert (ids, cause.there - cause.here) == (["shift"], by)
    ids, cause = found(later, curve(shape))
    assert (ids, cause.there - cause.here) == (["shift"], -by)


@pytest.mark.long
@settings(max_examples=30)
@given(
    name=names,
    times=st.floats(1e-3, 1e3).filter(lambda times: abs(times - 1) > 1e-3),
    stride=st.integers(1, 9),
)
def test_a_curve_and_itself_some_times_as_high(name, times, stride):
    shape = CURVES[name]
    for other in (curve(lambda t: times * shape(t)), rows(lambda t: times * shape(t), stride)):
        ids, cause = found(curve(shape), other)
        assert (ids, cause.there / cause.here) == (["peak"], pytest.approx(times))
        assert found(other, curve(shape))[0] == ["peak"]


@pytest.mark.long
@settings(max_examples=30)
@given(name=names, times=st.integers(2, 8), stride=st.integers(1, 9))
def test_a_curve_and_itself_some_times_as_fast(name, times, stride):
    shape = CURVES[name]
    for other in (curve(lambda t: shape(times * t)), rows(lambda t: shape(times * t), stride)):
        ids, cause = found(curve(shape, times * STEPS), other)
        assert (ids, cause.here, cause.there) in [(["speed"], 1, times), (["total"], times * STEPS, STEPS)]


@settings(max_examples=30)
@given(size=st.integers(2, 8), name=st.sampled_from(["cosine", "linear"]))
def test_a_curve_and_itself_called_once_in_a_while(name, size):
    shape = CURVES[name]
    ids, cause = found(curve(shape), curve(lambda t: shape(t // size)))
    assert (ids, cause.there) == (["stairs"], size)


@pytest.mark.long
@settings(max_examples=30)
@given(name=st.sampled_from(["cosine", "linear", "trapezoid"]), floor=st.floats(0.01, 0.9))
def test_a_curve_and_itself_above_a_floor(name, floor):
    shape = CURVES[name]
    raised = curve(lambda t: np.where(t < 40, shape(t), floor + (1 - floor) * shape(t)))
    assert found(curve(shape), raised)[0] == ["floor"]
    assert found(raised, curve(shape))[0] == ["floor"]


@pytest.mark.long
@settings(max_examples=30)
@given(name=st.sampled_from(["cosine", "decay", "linear"]), step=st.integers(50, 400))
def test_a_curve_that_begins_anew(name, step):
    shape = CURVES[name]
    ids, cause = found(curve(shape), curve(lambda t: np.where(t < step, shape(t), shape(t - step))))
    assert (ids, cause.there) == (["anew"], step)


@settings(max_examples=30)
@given(name=st.sampled_from(["cosine", "decay", "linear"]), step=st.integers(50, 300), by=st.integers(2, 40))
def test_a_curve_that_stands_still_for_a_while(name, step, by):
    shape = CURVES[name]
    late = curve(lambda t: shape(np.where(t < step, t, np.maximum(t - by, step - 1))))
    ids, cause = found(curve(shape), late)
    assert (ids, cause.there, cause.at) == (["late"], by, step)


@settings(max_examples=30)
@given(name=names, stride=st.integers(1, 9))
def test_a_curve_and_itself(name, stride):
    whole, some = curve(CURVES[name]), rows(CURVES[name], stride)
    assert [difference(*pair).equal for pair in ((whole, whole), (whole, some), (some, whole))] == [True] * 3


@pytest.mark.long
@settings(max_examples=60)
@given(one=names, other=names, noise=st.integers(1, 10**6))
def test_what_is_said_is_true(one, other, noise):
    """Where the first curve is disturbed at random, nothing explains it."""
    jitter = np.random.default_rng(noise).uniform(0.9, 1.1, STEPS)
    shaken = rows(lambda t: CURVES[other](t) * jitter, 1)
    assert found(curve(CURVES[one]), shaken)[0] == []


def test_a_share_is_of_the_peak():
    one, other = curve(lambda t: 1.0 + 0 * t), curve(lambda t: 1.0 + 1e-9 * (t > 3))
    assert not difference(one, other).equal
    assert difference(one, other, Measure(share=1e-8)).equal
    assert difference(one, other, Measure(least=1e-8)).equal
