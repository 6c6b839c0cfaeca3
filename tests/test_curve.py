"""Facts and polylines, against every tick of the run."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import lrviz
from lrviz import ScheduleError
from lrviz.engine.compose import scale
from lrviz.engine.envelope import columns
from lrviz.engine.facts import EXACT_MEAN, FEW, MIDPOINTS, MOST_JUMPS, Jumps, facts
from lrviz.engine.opaque import Opaque
from lrviz.engine.sampling import cells, polyline, seen_until
from lrviz.engine.timeline import Phase, Timeline
from lrviz.notation.spec import parse
from lrviz.resolve.ramp import AddedWarmup
from lrviz.resolve.resolve import resolve


def timeline_of(name, lr=0.1, **params):
    switch = {"cycle_momentum": False} if "Cyc" in name else {}
    return lrviz.schedule(name, {**params, **switch}, lr=lr).groups[0]["lr"]


def every(timeline, n):
    return timeline(np.arange(float(n)))


LINES = {
    "linear": timeline_of("transformers.linear", num_warmup_steps=30, num_training_steps=400),
    "waves": timeline_of("torch.CosineAnnealingLR", T_max=37, eta_min=0.01),
    "restarts": timeline_of("torch.CosineAnnealingWarmRestarts", T_0=10, T_mult=2),
    "steps": timeline_of("torch.StepLR", step_size=45, gamma=0.3),
    "steps-up-and-down": timeline_of("torch.StepLR", step_size=45, gamma=-0.9),
    "milestones": timeline_of("torch.MultiStepLR", milestones=[5, 6, 200], gamma=0.5),
    "triangles": timeline_of("torch.CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=7, mode="triangular2"),
    "expression": timeline_of("torch.LambdaLR", lr_lambda="sin(epoch/9)"),
    "walk": timeline_of("torch.MultiplicativeLR", lr_lambda="0.9 if epoch % 3 else 1.2"),
    "restored": timeline_of("torch.ConstantLR", factor=0.2, total_iters=77),
    "warmed": AddedWarmup(20).before(timeline_of("torch.StepLR", step_size=45, gamma=0.3)),
    "cycle": timeline_of("torch.OneCycleLR", max_lr=0.1, total_steps=500),
}
NAMED = [pytest.param(line, id=name) for name, line in LINES.items()]

# --- facts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("timeline", NAMED)
@given(n=st.integers(1, 500))
@settings(max_examples=30)
def test_facts_are_those_of_every_tick(timeline, n):
    values, found = every(timeline, n), facts(timeline, n)
    assert (found.peak, found.low) == pytest.approx((values.max(), values.min()), rel=1e-15)
    assert timeline(np.array([float(found.peak_at), float(found.low_at)])) == pytest.approx(
        [found.peak, found.low], rel=1e-9
    )
    assert 0 <= min(found.peak_at, found.low_at) <= max(found.peak_at, found.low_at) < n
    assert (found.first, found.last, found.after) == pytest.approx(
        (values[0], values[-1], timeline(np.array([float(n)]))[0]), rel=1e-15
    )
    assert found.mean == pytest.approx(math.fsum(values) / n, rel=1e-13, abs=1e-16)
    assert (found.steps, found.mean_exact, found.stop, found.sampled) == (n, True, None, 0)


WARMUPS = [
    pytest.param(LINES["linear"], 30, id="linear"),
    pytest.param(LINES["warmed"], 20, id="in-front"),
    pytest.param(LINES["cycle"], 150, id="OneCycleLR"),
    pytest.param(LINES["steps"], None, id="none"),
    pytest.param(timeline_of("transformers.constant_with_warmup", num_warmup_steps=2.5), 3, id="fractional"),
]


@pytest.mark.parametrize(("timeline", "expected"), WARMUPS)
def test_the_end_of_the_warmup(timeline, expected):
    assert facts(timeline, 400).warmup_end == expected


TORCH = "torch.SequentialLR:schedulers=[{},StepLR(step_size=30)],milestones=[10]"
MMENGINE = "mmengine.list:param_scheduler=[{},{}]"
MM_RISE, MM_STEPS = (
    "LinearLR(start_factor=0.1,end=10,by_epoch=false)",
    "StepLR(step_size=30,begin={},by_epoch=false)",
)
OPTAX = "optax.join_schedules:schedules=[{},constant_schedule(value=0.1)],boundaries=[10]"
FVCORE = (
    "fvcore.CompositeParamScheduler:schedulers=[{},ConstantParamScheduler(value=1)],lengths=[0.1,0.9],"
    "interval_scaling=[rescaled,rescaled]"
)
SEQUENCES = [
    pytest.param(
        TORCH.format("LinearLR(start_factor=0.1,total_iters=10)").replace(
            "torch.SequentialLR:", "torch.SequentialLR:warmup=5,"
        ),
        15,
        id="torch-behind-a-ramp",
    ),
    pytest.param(TORCH.format("LinearLR(start_factor=0.1,total_iters=10)"), 10, id="torch-rises"),
    pytest.param(TORCH.format("ConstantLR(factor=0.1,total_iters=10)"), 10, id="torch-waits"),
    pytest.param(TORCH.format("LambdaLR(lr_lambda=epoch/10)"), 10, id="torch-function"),
    pytest.param(TORCH.format("MultiplicativeLR(lr_lambda=1.1)"), 10, id="torch-walk"),
    pytest.param(
        TORCH.format("LinearLR(start_factor=1,end_factor=0.1,total_iters=10)"), None, id="torch-falls"
    ),
    pytest.param(TORCH.format("ConstantLR(factor=1.0,total_iters=10)"), None, id="torch-flat"),
    pytest.param(TORCH.format("LambdaLR(lr_lambda=abs(epoch-5))"), None, id="torch-falls-and-rises"),
    pytest.param(MMENGINE.format(MM_RISE, MM_STEPS.format(10)), 10, id="mmengine-one-after-another"),
    pytest.param(MMENGINE.format(MM_RISE, MM_STEPS.format(0)), 10, id="mmengine-one-over-another"),
    pytest.param(MMENGINE.format(MM_STEPS.format(0), MM_STEPS.format(50)), None, id="mmengine-falls"),
    pytest.param(
        OPTAX.format("linear_schedule(init_value=0,end_value=0.1,transition_steps=10)"), 10, id="optax-rises"
    ),
    pytest.param(OPTAX.format("constant_schedule(value=0.2)"), None, id="optax-falls"),
    pytest.param(FVCORE.format("LinearParamScheduler(start_value=0,end_value=1)"), 10, id="fvcore-rises"),
    pytest.param(FVCORE.format("LinearParamScheduler(start_value=1,end_value=0)"), None, id="fvcore-falls"),
    pytest.param(
        "phases:phase=linear(label=first,num_warmup_steps=10,for=50),StepLR(step_size=9)",
        10,
        id="labelled-phase",
    ),
    pytest.param(
        "phases:phase=LinearLR(total_iters=20,for=20),StepLR(step_size=9)", 20, id="phase-that-rises"
    ),
    pytest.param("phases:phase=StepLR(step_size=9,for=20),StepLR(step_size=9)", None, id="phase-that-falls"),
]


@pytest.mark.parametrize(("spec", "expected"), SEQUENCES)
def test_the_first_of_several_schedules_is_a_warmup_if_it_only_rises(spec, expected):
    found = resolve(parse(spec), {"lr": 0.1, "steps": 100})
    assert found.schedule.facts(100).warmup_end == expected


PEAKS = {
    "rounding": ("(epoch % 7 == 0) + epoch * 1e-14", 90, 0),
    "rounding-in-columns": ("(epoch % 7 == 0) + epoch * 1e-14", 10_000, 0),
    "no-rounding": ("(epoch % 7 == 0) + epoch * 1e-9", 90, 84),
    "slow-rise": ("1 - (epoch - 50)**2 * 1e-12", 90, 50),
    "slow-rise-in-columns": ("1 - (epoch - 5000)**2 * 1e-15", 10_000, 5000),
    "flat": ("1", 10_000, 0),
}
PEAK_ROWS = [
    pytest.param(timeline_of("torch.CosineAnnealingLR", T_max=30), 11_730, 0, id="drift-of-torch"),
    pytest.param(
        timeline_of("transformers.linear", num_warmup_steps=10**10, num_training_steps=10**12),
        10**12,
        10**10,
        id="long-rise",
    ),
    *(
        pytest.param(timeline_of("torch.LambdaLR", lr_lambda=text), n, at, id=name)
        for name, (text, n, at) in PEAKS.items()
    ),
]


@pytest.mark.parametrize(("timeline", "n", "at"), PEAK_ROWS)
def test_peaks_that_differ_by_rounding_are_one(timeline, n, at):
    assert facts(timeline, n).peak_at == at
    assert facts(scale(timeline, -1.0), n).low_at == at


NONE = Jumps(0, ())
JUMPS = [
    pytest.param(LINES["steps"], 100, NONE, Jumps(2, (45, 90)), id="drops"),
    pytest.param(LINES["steps"], 90, NONE, Jumps(1, (45,)), id="one-at-the-end-is-not-in-the-run"),
    pytest.param(LINES["steps-up-and-down"], 140, Jumps(1, (90,)), Jumps(2, (45, 135)), id="both"),
    pytest.param(LINES["milestones"], 300, NONE, Jumps(3, (5, 6, 200)), id="neighbours"),
    pytest.param(LINES["restarts"], 200, Jumps(4, (10, 30, 70, 150)), NONE, id="restarts"),
    pytest.param(LINES["restored"], 100, Jumps(1, (77,)), NONE, id="a-rise"),
    pytest.param(LINES["warmed"], 120, NONE, Jumps(2, (65, 110)), id="after-a-warmup"),
    pytest.param(LINES["waves"], 400, NONE, NONE, id="waves-have-none"),
    pytest.param(LINES["triangles"], 400, NONE, NONE, id="triangles-have-none"),
    pytest.param(LINES["linear"], 500, NONE, NONE, id="a-bend-is-none"),
]


@pytest.mark.parametrize(("timeline", "n", "restarts", "drops"), JUMPS)
def test_jumps(timeline, n, restarts, drops):
    found = facts(timeline, n)
    assert (found.restarts, found.drops) == (restarts, drops)


def test_the_first_few_jumps_are_named_and_all_counted():
    found = facts(timeline_of("torch.StepLR", step_size=10, gamma=0.9), 1000)
    assert found.drops == Jumps(99, (10, 20, 30, 40, 50))
    assert len(found.drops.ticks) == FEW


def test_too_many_jumps_are_not_counted():
    found = facts(timeline_of("torch.StepLR", step_size=2, gamma=0.9999), 3 * MOST_JUMPS)
    assert (found.drops, found.restarts) == (Jumps(None, ()), Jumps(None, ()))


@pytest.mark.parametrize(
    ("n", "exact"),
    [
        pytest.param(EXACT_MEAN, True, id="exact"),
        pytest.param(2 * EXACT_MEAN + 7, False, id="near"),
        pytest.param(EXACT_MEAN + MIDPOINTS - 1, False, id="near-with-the-largest-rest"),
    ],
)
def test_the_mean(n, exact):
    timeline = timeline_of("transformers.cosine", num_warmup_steps=n // 10, num_training_steps=n)
    found = facts(timeline, n)
    assert found.mean_exact is exact
    assert found.mean == pytest.approx(math.fsum(every(timeline, n)) / n, rel=1e-13 if exact else 2e-6)


def test_facts_of_10_to_the_12_steps():
    found = facts(
        timeline_of("transformers.linear", num_warmup_steps=10**10, num_training_steps=10**12), 10**12
    )
    assert (found.first, found.peak, found.peak_at, found.after) == (0, 0.1, 10**10, 0)
    assert found.last == pytest.approx(0.1 / (10**12 - 10**10))
    assert found.mean == pytest.approx(0.05, rel=1e-8)


def test_what_was_sampled_is_counted():
    noise = Timeline((Phase("free", 0.0, lambda t: np.sin(t * t % 1013.0), Opaque()),))
    assert facts(noise, 30_000_000).sampled == 1024
    assert facts(noise, 1_000_000).sampled == 0


@pytest.mark.parametrize("n", [0, -1])
def test_a_run_has_a_step(n):
    with pytest.raises(ValueError, match=f"^a run has at least one step, got {n}$"):
        facts(LINES["steps"], n)


# --- where the framework stops ---------------------------------------------------------------------------

PAST = "tried to step 11 times, total_steps is 10"
STOPS = [
    pytest.param(timeline_of("torch.OneCycleLR", max_lr=0.1, total_steps=10), 11, PAST, id="OneCycleLR"),
    pytest.param(timeline_of("torch.StepLR", step_size=0), 1, "modulo by zero (step_size=0)", id="StepLR"),
    pytest.param(timeline_of("torch.LambdaLR", lr_lambda="1/(epoch-50)"), 50, "", id="LambdaLR"),
    pytest.param(
        timeline_of("torch.MultiplicativeLR", lr_lambda="1/(epoch-50)"), 50, "", id="MultiplicativeLR"
    ),
    pytest.param(
        timeline_of("torch.LambdaLR", lr_lambda="2**epoch"), 1024, "", id="where-the-power-overflows"
    ),
]


@pytest.mark.parametrize(("timeline", "stop", "why"), STOPS)
@pytest.mark.parametrize("n", [1025, 20_000])
def test_a_run_is_described_up_to_the_stop(timeline, stop, why, n):
    found, values = facts(timeline, n), every(timeline, stop)
    assert found.stop is not None
    assert found.stop[0] == stop
    assert why in found.stop[1]
    assert found.stop[1]
    assert (found.steps, found.after) == (n, None)
    assert (found.last, found.peak, found.low) == pytest.approx(
        (values[-1], values.max(), values.min()), rel=1e-15
    )
    assert found.mean == pytest.approx(math.fsum(values) / stop, rel=1e-13)


PLACES = [pytest.param(*row.values[:2], id=row.id) for row in STOPS]


@pytest.mark.parametrize(("timeline", "stop"), PLACES)
def test_a_run_that_ends_at_the_stop_has_none_inside(timeline, stop):
    found = facts(timeline, stop)
    assert (found.stop, found.after) == (None, None)
    assert found.last == pytest.approx(every(timeline, stop)[-1], rel=1e-15)


@pytest.mark.parametrize(("timeline", "stop"), PLACES)
def test_a_view_is_drawn_up_to_the_stop(timeline, stop):
    line = polyline(timeline, 0, 5000, 700)
    assert line.x[-1] == stop - 1
    low, high = cells(timeline, 5000, 50)
    expected = -(-stop // 100)
    assert np.flatnonzero(np.isnan(low)).tolist() == list(range(expected, 50))
    assert np.isnan(high).sum() == 50 - expected


@pytest.mark.parametrize(("timeline", "stop"), PLACES)
def test_a_view_that_begins_past_the_stop_is_refused(timeline, stop):
    with pytest.raises(ScheduleError) as refusal:
        seen_until(timeline, stop, stop + 10, 5)
    assert refusal.value.step == stop


# --- polylines -------------------------------------------------------------------------------------------


def assert_verticals(line, timeline, jumps):
    """Exactly two points at each jump: the value before, then the value after; one everywhere else."""
    places, counts = np.unique(line.x, return_counts=True)
    assert places[counts == 2].tolist() == jumps
    assert counts.max() <= 2
    for jump in jumps:
        before, after = line.y[line.x == jump]
        assert (before, after) == pytest.approx(timeline(np.array([jump - 1.0, jump])), rel=1e-15)


@pytest.mark.parametrize("timeline", NAMED)
@given(low=st.integers(0, 300), length=st.integers(1, 200))
@example(low=0, length=2)
@settings(max_examples=20)
def test_a_short_run_is_drawn_tick_by_tick(timeline, low, length):
    line = polyline(timeline, low, low + length, 100)
    last_of_each = np.append(np.diff(line.x) > 0, True)
    np.testing.assert_array_equal(line.x[last_of_each], np.arange(low, low + length))
    np.testing.assert_allclose(line.y[last_of_each], timeline(line.x[last_of_each]), rtol=1e-15)
    assert_verticals(line, timeline, timeline.jumps(low, low + length, 100))


@pytest.mark.parametrize("timeline", NAMED)
@given(low=st.integers(0, 100), high=st.integers(300, 500), count=st.integers(5, 60))
@settings(max_examples=20)
def test_a_long_run_is_exact_in_every_column(timeline, low, high, count):
    line = polyline(timeline, low, high, count)
    first, last = columns(low, high, count)
    values = timeline(np.arange(low, high, dtype=float))
    assert line.x.size <= 4 * first.size + 2 * count
    assert np.all(np.diff(line.x) >= 0)
    for a, b in zip(first, last, strict=True):
        drawn = line.y[(a <= line.x) & (line.x <= b) & np.append(np.diff(line.x) > 0, True)]
        there = values[a - low : b - low + 1]
        assert (drawn.min(), drawn.max()) == pytest.approx((there.min(), there.max()), rel=1e-15)
    assert_verticals(line, timeline, timeline.jumps(low, high, count) or [])


def test_the_corners_of_a_staircase():
    line = polyline(LINES["steps"], 0, 100, 700)
    assert_verticals(line, LINES["steps"], [45, 90])
    flat = np.isin(line.x, [44, 45])
    assert line.x[flat].tolist() == [44, 45, 45]
    assert line.y[flat] == pytest.approx([0.1, 0.1, 0.03])


LONG = [
    pytest.param(
        timeline_of("transformers.cosine", num_warmup_steps=10**9, num_training_steps=10**12), id="cosine"
    ),
    pytest.param(timeline_of("torch.CosineAnnealingWarmRestarts", T_0=13), id="dense-restarts"),
    pytest.param(timeline_of("torch.StepLR", step_size=10**10, gamma=0.9), id="staircase"),
    pytest.param(timeline_of("torch.LambdaLR", lr_lambda="1/(1+epoch/1e9)"), id="expression"),
]


@pytest.mark.parametrize("timeline", LONG)
def test_10_to_the_12_steps_are_a_few_thousand_points(timeline):
    line = polyline(timeline, 0, 10**12, 1000)
    assert 1000 < line.x.size <= 6000
    assert (line.x[0], line.x[-1]) == (0, 10**12 - 1)
    once = np.append(np.diff(line.x) > 0, True)
    np.testing.assert_allclose(line.y[once], timeline(line.x[once]), rtol=1e-15)


@pytest.mark.parametrize("timeline", NAMED)
@pytest.mark.parametrize("count", [1, 7, 60])
def test_cells(timeline, count):
    low, high = cells(timeline, 400, count)
    first, _ = columns(0, 400, count)
    np.testing.assert_allclose(low, np.minimum.reduceat(every(timeline, 400), first), rtol=1e-15)
    np.testing.assert_allclose(high, np.maximum.reduceat(every(timeline, 400), first), rtol=1e-15)
