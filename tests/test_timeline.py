"""Timelines made of timelines, against the same arithmetic written out in numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from every_tick import assert_columns
from hypothesis import given, settings
from hypothesis import strategies as st

import lrviz
from lrviz import ScheduleError, SpecError
from lrviz.engine.compose import hold, join, product, scale, shift, speed_up
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.resolve.keys import KEYS
from lrviz.resolve.ramp import SHAPES, AddedWarmup

TICKS = np.arange(300, dtype=float)


def timeline_of(name, **params):
    return lrviz.schedule(name, params, lr=1.0).groups[0]["lr"]


def step_lr(every, gamma):
    return timeline_of("torch.StepLR", step_size=every, gamma=gamma)


def ramp(slope, start=0.0):
    return Timeline((Phase("rise", 0.0, lambda t: start + slope * t),))


def split(at, left, right):
    return Timeline((constant(left, label="left"), constant(right, label="right", start=at)))


# --- evaluation ------------------------------------------------------------------------------------------


@given(starts=st.lists(st.floats(0.1, 300), max_size=5, unique=True), seed=st.integers(0, 99))
@settings(max_examples=50)
def test_each_phase_runs_from_the_first_tick_at_or_after_its_start(starts, seed):
    starts = [0.0, *sorted(starts)]
    timeline = Timeline(tuple(constant(i, start=start) for i, start in enumerate(starts)))
    ticks = np.random.default_rng(seed).integers(0, 300, (7, 9)).astype(float)
    expected = [[sum(start <= t for start in starts[1:]) for t in row] for row in ticks]
    np.testing.assert_array_equal(timeline(ticks), expected)


@given(starts=st.lists(st.floats(0.1, 300), max_size=5), low=st.integers(0, 290), length=st.integers(1, 99))
@settings(max_examples=50)
def test_spans_divide_the_view(starts, low, length):
    timeline = Timeline(tuple(constant(i, start=s) for i, s in enumerate([0.0, *sorted(starts)])))
    spans = list(timeline.spans(low, low + length))
    covered = [tick for _, first, stop in spans for tick in range(first, stop)]
    assert covered == list(range(low, low + length))
    for phase, first, stop in spans:
        ticks = np.arange(first, stop, dtype=float)
        np.testing.assert_array_equal(timeline(ticks), phase.rate(ticks))


@pytest.mark.parametrize(
    ("ticks", "refused"),
    [
        pytest.param([0.0, 9.0], False, id="before"),
        pytest.param([10.0], True, id="at"),
        pytest.param([11.0, 0.0], True, id="past"),
        pytest.param([], False, id="none"),
    ],
)
def test_ticks_at_or_past_the_end_are_refused(ticks, refused):
    timeline = Timeline((constant(1.0),), 10.0, "it is over")
    if not refused:
        np.testing.assert_array_equal(timeline(np.array(ticks)), np.ones(len(ticks)))
        return
    with pytest.raises(ScheduleError) as error:
        timeline(np.array(ticks))
    assert (error.value.message, error.value.step) == ("the schedule stops at tick 10: it is over", 10)


# --- composition -----------------------------------------------------------------------------------------


@given(ticks=st.integers(0, 50), every=st.integers(1, 60))
@settings(max_examples=40)
def test_shift(ticks, every):
    timeline = step_lr(every, 0.5)
    later = shift(timeline, ticks)
    np.testing.assert_array_equal(later(TICKS + ticks), timeline(TICKS))
    assert later.jumps(ticks, 300, 999) == [t + ticks for t in timeline.jumps(0, 300 - ticks, 999)]


def test_shift_moves_the_end_and_the_bounds():
    phase = Phase("free", 0.0, lambda t: t, Opaque(lambda low, high: (low, high)))
    later = shift(Timeline((phase,), 10.0, "over"), 5)
    assert (later.end, later.why, later.phases[0].start) == (15.0, "over", 5.0)
    low, high = later.phases[0].shape.bounds(np.array([7.0]), np.array([9.0]))
    assert (low[0], high[0]) == (2.0, 4.0)


@given(
    parts=st.lists(st.tuples(st.integers(1, 40), st.floats(0.1, 2)), min_size=1, max_size=4), data=st.data()
)
@settings(max_examples=60)
def test_join(parts, data):
    inner = [split(at, level, -level) for at, level in parts]
    size = len(parts) - 1
    boundaries = sorted(data.draw(st.lists(st.integers(0, 290), min_size=size, max_size=size)))
    expected = [
        inner[k](np.array([t - ([0, *boundaries][k])]))[0]
        for t in TICKS
        for k in [sum(boundary <= t for boundary in boundaries)]
    ]
    np.testing.assert_array_equal(join(inner, boundaries)(TICKS), expected)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        pytest.param((math.inf, math.inf), (math.inf, ""), id="none"),
        pytest.param((50.0, math.inf), (math.inf, ""), id="after-its-part"),
        pytest.param((40.0, math.inf), (math.inf, ""), id="at-the-boundary"),
        pytest.param((39.0, math.inf), (39.0, "first"), id="inside-the-first"),
        pytest.param((math.inf, 7.0), (47.0, "second"), id="inside-the-second"),
        pytest.param((20.0, 7.0), (20.0, "first"), id="both"),
    ],
)
def test_join_ends_where_the_running_part_does(ends, expected):
    parts = [Timeline((constant(1.0),), end, why) for end, why in zip(ends, ("first", "second"), strict=True)]
    joined = join(parts, [40])
    assert (joined.end, joined.why) == expected


@given(
    everies=st.lists(st.integers(1, 60), min_size=1, max_size=3),
    at=st.integers(1, 200),
    factor=st.floats(-2, 2),
    plus=st.floats(-1, 1),
)
@settings(max_examples=40)
def test_product(everies, at, factor, plus):
    factors = [*(step_lr(every, 0.5) for every in everies), split(at, 3.0, 0.25)]
    expected = plus + factor * math.prod(one(TICKS) for one in factors)
    multiplied = scale(product(factors), factor, plus)
    np.testing.assert_allclose(multiplied(TICKS), expected, rtol=1e-15, atol=1e-15)
    assert [phase.name for phase in multiplied.phases] == ["left", "right"]


def test_a_product_ends_with_its_first_factor_to_end():
    factors = [Timeline((constant(2.0),), 30.0, "late"), Timeline((constant(3.0),), 20.0, "early")]
    assert (product(factors).end, product(factors).why) == (20.0, "early")


@given(
    low=st.lists(st.integers(0, 250), min_size=1, max_size=9),
    length=st.integers(0, 40),
    factor=st.floats(-2, 2),
)
@settings(max_examples=60)
def test_the_bounds_of_a_product_hold_every_value(low, length, factor):
    factors = [step_lr(7, -0.9), ramp(-0.01, start=1.5), step_lr(30, 1.2)]
    multiplied = scale(product(factors), factor, 0.5)
    first = np.array(low, dtype=float)
    least, greatest = multiplied.phases[0].shape.bounds(first, first + length)
    values = multiplied(first[:, None] + np.arange(length + 1))
    assert np.all(least <= values.min(axis=1) + 1e-15)
    assert np.all(greatest >= values.max(axis=1) - 1e-15)


# --- jumps -----------------------------------------------------------------------------------------------

JUMPS = [
    pytest.param(step_lr(30, 0.5), [*range(30, 300, 30)], id="steps"),
    pytest.param(step_lr(30, 1.0), [], id="steps-of-no-height"),
    pytest.param(split(100.5, 1.0, 0.5), [101], id="between-ticks"),
    pytest.param(split(100, 1.0, 1.0), [], id="phases-that-meet"),
    pytest.param(AddedWarmup(50).before(ramp(-0.001, 1.0)), [], id="a-bend"),
    pytest.param(AddedWarmup(50).before(step_lr(100, 0.1)), [150, 250], id="shifted"),
    pytest.param(product([step_lr(100, 0.1), split(50, 1.0, 0.9)]), [50, 100, 200], id="product"),
    pytest.param(join([ramp(0.01), ramp(0.01)], [120]), [120], id="join"),
    pytest.param(ramp(0.01), [], id="none"),
]


@pytest.mark.parametrize(("timeline", "expected"), JUMPS)
def test_jumps(timeline, expected):
    assert timeline.jumps(0, 300, 99) == expected


@given(low=st.integers(0, 299), length=st.integers(1, 300), every=st.integers(1, 50))
@settings(max_examples=60)
def test_jumps_of_a_view_are_those_inside_it(low, length, every):
    expected = [t for t in range(low + 1, low + length) if t % every == 0]
    assert step_lr(every, 0.9).jumps(low, low + length, 10_000) == expected


@given(low=st.integers(0, 99), length=st.integers(1, 99), every=st.integers(4, 30))
@settings(max_examples=60)
def test_restarts_of_a_view_are_those_inside_it(low, length, every):
    timeline = timeline_of("torch.CosineAnnealingWarmRestarts", T_0=every)
    expected = [t for t in range(low + 1, low + length) if t % every == 0]
    assert timeline.jumps(low, low + length, 10_000) == expected


def test_the_end_of_the_last_cycle_is_no_jump():
    cycles = timeline_of(
        "transformers.cosine_with_restarts", num_warmup_steps=3, num_training_steps=20, num_cycles=3
    )
    assert cycles.jumps(0, 30, 99) == [9, 15]


def test_neighbouring_jumps_are_all_found():
    assert timeline_of("torch.MultiStepLR", milestones=[5, 6, 9]).jumps(0, 30, 99) == [5, 6, 9]


def test_jumps_are_not_counted_where_there_are_too_many():
    assert step_lr(2, 0.99).jumps(0, 1000, 100) is None


# --- another clock ---------------------------------------------------------------------------------------

CLOCKED = st.sampled_from(
    [
        step_lr(7, 0.5),
        join([ramp(0.02), step_lr(9, 0.5)], [25]),
        split(20.5, 1.0, 0.5),
        timeline_of("torch.CosineAnnealingLR", T_max=6),
        timeline_of("torch.CosineAnnealingWarmRestarts", T_0=3, T_mult=2),
        timeline_of("torch.LambdaLR", lr_lambda="1/(1+epoch)"),
    ]
)


@given(timeline=CLOCKED, size=st.integers(1, 40))
@settings(max_examples=80)
def test_held_for_several_steps(timeline, size):
    slow = hold(timeline, size)
    np.testing.assert_array_equal(slow(TICKS), timeline(TICKS // size))
    assert_columns(slow, TICKS.size, 23)


@given(timeline=CLOCKED, ticks=st.integers(1, 12))
@settings(max_examples=80)
def test_several_ticks_in_a_step(timeline, ticks):
    fast = speed_up(timeline, ticks)
    np.testing.assert_array_equal(fast(TICKS), timeline(TICKS * ticks))
    assert_columns(fast, TICKS.size, 23)


@pytest.mark.parametrize(
    ("clock", "end"),
    [
        pytest.param(lambda timeline: hold(timeline, 4), 40, id="held"),
        pytest.param(lambda timeline: speed_up(timeline, 4), 3, id="sped"),
        pytest.param(lambda timeline: speed_up(timeline, 5), 2, id="sped-exactly"),
    ],
)
def test_another_clock_moves_the_end(clock, end):
    assert clock(Timeline((constant(1.0),), 10.0, "over")).end == end
    assert clock(Timeline((constant(1.0),))).end == math.inf


def test_the_jumps_of_another_clock():
    assert hold(step_lr(2, 0.5), 10).jumps(0, 70, 99) == [20, 40, 60]
    assert hold(ramp(1.0), 10).jumps(0, 35, 99) == [10, 20, 30]
    assert speed_up(step_lr(10, 0.5), 4).jumps(0, 11, 99) == [3, 5, 8, 10]


# --- lrviz's own warmup ----------------------------------------------------------------------------------

RAMPED = {
    "linear": lambda t, steps, start, goal: start + (goal - start) * t / steps,
    "constant": lambda t, steps, start, goal: start,  # noqa: ARG005  (one signature for all)
    "cosine": lambda t, steps, start, goal: start + (goal - start) * math.sin(math.pi * t / steps / 2) ** 2,
    "exponential": lambda t, steps, start, goal: start ** (1 - t / steps) * goal ** (t / steps),
}


def test_every_shape_of_a_warmup_is_here():
    assert tuple(RAMPED) == tuple(SHAPES) == KEYS["warmup_shape"].choices


@given(
    steps=st.integers(1, 99),
    start=st.floats(1e-6, 2),
    every=st.integers(1, 60),
    shape=st.sampled_from(list(RAMPED)),
)
@settings(max_examples=40)
def test_a_warmup_in_front(steps, start, every, shape):
    expected = [
        RAMPED[shape](t, steps, start, 1.0) if t < steps else 0.5 ** ((t - steps) // every) for t in TICKS
    ]
    warmed = AddedWarmup(steps, start, "front", shape).before(step_lr(every, 0.5))
    np.testing.assert_allclose(warmed(TICKS), expected, rtol=1e-14, atol=1e-300)
    assert [(phase.name, phase.start) for phase in warmed.phases] == [("warmup", 0.0), ("step", steps)]


@given(
    steps=st.integers(1, 99),
    start=st.floats(1e-6, 2),
    at=st.integers(1, 150),
    shape=st.sampled_from(list(RAMPED)),
)
@settings(max_examples=60)
def test_a_warmup_over_the_first_steps(steps, start, at, shape):
    timeline = join([ramp(0.01, start=1.0), step_lr(9, 0.5)], [at])
    factors = [RAMPED[shape](t, steps, start, 1.0) if t < steps else 1.0 for t in TICKS]
    warmed = AddedWarmup(steps, start, "over", shape).before(timeline)
    np.testing.assert_allclose(warmed(TICKS), factors * timeline(TICKS), rtol=1e-14, atol=1e-300)
    assert warmed.phases[0].name == "warmup"
    assert_columns(warmed, TICKS.size, 23)


def test_an_exponential_warmup_does_not_start_at_0():
    with pytest.raises(lrviz.SpecError, match="cannot go from 0 to 1"):
        AddedWarmup(10, shape="exponential").before(ramp(0.5, start=1.0))


def test_another_quantity_under_a_warmup():
    quantity = ramp(0.5, start=3.0)
    stands = AddedWarmup(10).beside(quantity)
    np.testing.assert_array_equal(stands(TICKS), np.where(TICKS < 10, 3.0, 3.0 + 0.5 * (TICKS - 10)))
    np.testing.assert_array_equal(AddedWarmup(10, mode="over").beside(quantity)(TICKS), quantity(TICKS))


@pytest.mark.parametrize(
    ("keys", "message", "hint"),
    [
        pytest.param(
            {"mode": "behind"},
            "warmup_mode must be one of front, over, got 'behind'",
            "warmup_mode=front or warmup_mode=over",
            id="mode",
        ),
        pytest.param(
            {"shape": "wavy"},
            "warmup_shape must be one of linear, constant, cosine, exponential, got 'wavy'",
            "warmup_shape=linear or warmup_shape=constant or warmup_shape=cosine or warmup_shape=exponential",
            id="shape",
        ),
    ],
)
def test_a_warmup_of_another_kind_is_refused(keys, message, hint):
    with pytest.raises(SpecError) as refusal:
        AddedWarmup(10, **keys)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)
