"""The envelope is that of every tick, however few ticks were looked at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import lrviz
from lrviz import ScheduleError
from lrviz.engine.breakpoints import Periodic, beside
from lrviz.engine.compose import product, scale
from lrviz.engine.envelope import EVERY_TICK, columns, envelope
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, Timeline

pytestmark = pytest.mark.long

TOLERANCE = 1e-12
QUARTER_PIXEL = 1 / 2000


def timeline_of(name, params, lr=0.1):
    switch = {} if "Cyc" not in name else {"cycle_momentum": False}
    return lrviz.schedule(name, {**params, **switch}, lr=lr).groups[0]["lr"]


def brute(timeline, first, last):
    values = timeline(np.arange(first[0], last[-1] + 1, dtype=float))
    return np.minimum.reduceat(values, first - first[0]), np.maximum.reduceat(values, first - first[0])


def assert_held(timeline, seen, first, last):
    """Each extreme stands in its interval, at the tick that is named."""
    for at, value in ((seen.low_at, seen.low), (seen.high_at, seen.high)):
        assert np.all((first <= at) & (at <= last))
        np.testing.assert_allclose(timeline(at.astype(float)), value, rtol=1e-15)  # as numpy's power rounds


def assert_exact(timeline, low, high, count, tolerance=TOLERANCE):
    first, last = columns(low, high, count)
    seen = envelope(timeline, first, last)
    least, greatest = brute(timeline, first, last)
    slack = tolerance * np.abs([*least, *greatest]).max(initial=0, where=np.isfinite([*least, *greatest]))
    np.testing.assert_allclose(seen.low, least, rtol=0, atol=slack)
    np.testing.assert_allclose(seen.high, greatest, rtol=0, atol=slack)
    assert not seen.sampled.any()
    assert_held(timeline, seen, first, last)


# --- random parameters -----------------------------------------------------------------------------------

TICKS = st.one_of(st.integers(1, 100), st.integers(1, 100_000))
REAL_TICKS = st.one_of(TICKS, st.floats(0.5, 1e4))
FACTOR = st.floats(0.01, 1)
RATE = st.floats(0, 1)
CYCLES = st.one_of(st.just(0.5), st.integers(1, 500), st.floats(0.01, 3), st.floats(-3, -0.01))
GROWTH = st.one_of(st.floats(0.9, 1.0001), st.floats(-1, 1.2), st.sampled_from([0, 1]))


def torch(name, **params):
    return st.fixed_dictionaries(params).map(lambda chosen: (f"torch.{name}", chosen))


@st.composite
def warmed(draw, name, **params):
    """A schedule of transformers, whose run is maybe shorter than its warmup (whole then)."""
    warmup = draw(st.one_of(st.just(0), TICKS))
    total = {"num_training_steps": draw(TICKS)} if name not in NO_TOTAL else {}
    chosen = draw(st.fixed_dictionaries(params))
    return f"transformers.{name}", {"num_warmup_steps": warmup, **total, **chosen}


NO_TOTAL = ("constant", "constant_with_warmup", "inverse_sqrt")
EASE = st.sampled_from(["linear", "cosine", "1-sqrt"])
DOWN = st.one_of(st.none(), REAL_TICKS)
CYCLIC = {"base_lr": RATE, "max_lr": RATE, "step_size_up": REAL_TICKS, "step_size_down": DOWN}

FAMILIES = {
    "constant": warmed("constant"),
    "constant_with_warmup": warmed("constant_with_warmup"),
    "linear": warmed("linear"),
    "cosine": warmed("cosine", num_cycles=CYCLES),
    "cosine_with_restarts": warmed("cosine_with_restarts", num_cycles=CYCLES),
    "polynomial": warmed("polynomial", power=st.floats(0, 4), lr_end=st.floats(0, 0.09)),
    "inverse_sqrt": warmed("inverse_sqrt", timescale=st.one_of(st.none(), TICKS)),
    "cosine_with_min_lr": warmed("cosine_with_min_lr", num_cycles=CYCLES, min_lr_rate=st.floats(0, 1.5)),
    "cosine_warmup_with_min_lr": warmed(
        "cosine_warmup_with_min_lr", num_cycles=CYCLES, min_lr_rate=RATE, warmup_lr_rate=RATE
    ),
    "warmup_stable_decay": warmed(
        "warmup_stable_decay",
        num_decay_steps=REAL_TICKS,
        min_lr_ratio=st.floats(0, 1.3),
        num_cycles=CYCLES,
        warmup_type=EASE,
        decay_type=EASE,
    ),
    "StepLR": torch("StepLR", step_size=REAL_TICKS, gamma=GROWTH),
    "MultiStepLR": torch(
        "MultiStepLR", milestones=st.lists(st.one_of(TICKS, st.floats(-3, 99)), max_size=6), gamma=GROWTH
    ),
    "ConstantLR": torch("ConstantLR", factor=FACTOR, total_iters=REAL_TICKS),
    "LinearLR": torch("LinearLR", start_factor=FACTOR, end_factor=RATE, total_iters=REAL_TICKS),
    "ExponentialLR": torch("ExponentialLR", gamma=GROWTH),
    "PolynomialLR": torch("PolynomialLR", total_iters=REAL_TICKS, power=st.floats(0, 4)),
    "SWALR": torch("SWALR", swa_lr=RATE, anneal_epochs=TICKS),
    "CosineAnnealingLR": torch("CosineAnnealingLR", T_max=REAL_TICKS, eta_min=RATE),
    "WarmRestarts": torch(
        "CosineAnnealingWarmRestarts", T_0=TICKS, T_mult=st.sampled_from([1, 1, 2, 3]), eta_min=RATE
    ),
    "CyclicLR": torch("CyclicLR", **CYCLIC, mode=st.sampled_from(["triangular", "triangular2"])),
    "CyclicLR-falling": torch(
        "CyclicLR", **CYCLIC, mode=st.just("exp_range"), gamma=st.floats(2, 6).map(lambda x: 1 - 10**-x)
    ),
    "CyclicLR-growing": torch(
        "CyclicLR", **CYCLIC, mode=st.just("exp_range"), gamma=st.floats(5, 7).map(lambda x: 1 + 10**-x)
    ),
    "OneCycleLR": torch(
        "OneCycleLR",
        max_lr=FACTOR,
        total_steps=TICKS,
        pct_start=RATE,
        anneal_strategy=st.sampled_from(["cos", "linear"]),
        three_phase=st.booleans(),
        div_factor=st.floats(0.5, 30),
        final_div_factor=st.floats(0.5, 1e4),
    ),
}


def calls(*names):
    return st.one_of([FAMILIES[name] for name in names]).map(
        lambda spec: {"schedule": spec[0].removeprefix("torch."), "params": spec[1]}
    )


@st.composite
def sequence(draw):
    """Schedulers that a SequentialLR enters at their closed forms, so that their curves are joined."""
    parts = draw(
        st.lists(calls("StepLR", "LinearLR", "CosineAnnealingLR", "WarmRestarts"), min_size=2, max_size=3)
    )
    milestones = draw(st.lists(TICKS, min_size=len(parts) - 1, max_size=len(parts) - 1))
    return "torch.SequentialLR", {"schedulers": parts, "milestones": sorted(milestones)}


FAMILIES["SequentialLR"] = sequence()


def built(data, family):
    name, params = data.draw(FAMILIES[family])
    try:
        return timeline_of(name, params)
    except ScheduleError:  # a phase of no length, T <= W of a polynomial: refused, so nothing to draw
        reject()


@pytest.mark.parametrize("family", [pytest.param(name, id=name) for name in FAMILIES])
@given(
    data=st.data(),
    high=st.one_of(st.integers(1, 1000), st.integers(1, 300_000)),
    count=st.integers(1, 2000),
    skipped=RATE,
)
@settings(max_examples=15)
def test_random_parameters(family, data, high, count, skipped):
    timeline = built(data, family)
    high = int(min(high, timeline.end))
    try:
        assert_exact(timeline, int(skipped * (high - 1)), high, count)
    except ScheduleError as refusal:  # only its values tell where it stops, as torch that divides by 0
        if refusal.step is None:
            raise
        reject()


@pytest.mark.parametrize("family", [pytest.param(name, id=name) for name in FAMILIES])
@given(data=st.data())
@settings(max_examples=10)
def test_one_direction_between_turns(family, data):
    timeline = built(data, family)
    for phase, first, stop in timeline.spans(0, int(min(timeline.end, 100_000))):
        if phase.shape.count(first, stop) > 4 * (stop - first) + 8:
            continue  # no turns are known, or more than there are ticks: every tick is looked at
        looked_at = beside(phase.shape.positions(first - 2.0, stop + 2.0))
        with np.errstate(all="ignore"):
            values = phase.rate(np.arange(first, stop, dtype=float))
        values = values[np.cumprod(np.isfinite(values)) > 0]  # growth may leave float64
        change = np.diff(values)
        marks = np.unique(np.clip(looked_at, first, stop) - first)
        cuts = np.unique(np.append(0, marks[marks < change.size]))
        if change.size:
            slack = TOLERANCE * np.abs(values).max()
            rises, falls = (np.add.reduceat(way, cuts) for way in (change > slack, change < -slack))
            assert not np.any((rises > 0) & (falls > 0)), phase.name


# --- dense cycles and long runs --------------------------------------------------------------------------


def waves(up, down, growth):
    """Triangles whose peaks grow or fall, written without the schedules' own code."""
    size = up + down

    def rate(t):
        u = t % size
        return np.where(u <= up, u / up, (size - u) / down) * growth ** (t // size)

    return Timeline((Phase("cycle", 0.0, rate, Periodic(size, (0.0, up), jumps=True)),))


@pytest.mark.parametrize("count", [100, 700, 2000])
@pytest.mark.parametrize(
    ("up", "down"), [pytest.param(1, 1, id="2"), pytest.param(3, 4, id="7"), pytest.param(1, 39, id="40")]
)
@pytest.mark.parametrize(
    "growth",
    [
        pytest.param(1.0, id="steady"),
        pytest.param(1 - 1e-5, id="falling"),
        pytest.param(1 + 1e-5, id="growing"),
    ],
)
@pytest.mark.parametrize("low", [0, 17])
def test_dense_cycles(up, down, growth, count, low):
    assert_exact(waves(up, down, growth), low, 1_000_000, count)


DENSE = [
    pytest.param("torch.CosineAnnealingLR", {"T_max": 3}, id="CosineAnnealingLR"),
    pytest.param("torch.CosineAnnealingLR", {"T_max": 5.37}, id="CosineAnnealingLR-fraction"),
    pytest.param("torch.CosineAnnealingWarmRestarts", {"T_0": 7}, id="WarmRestarts"),
    pytest.param("torch.StepLR", {"step_size": 3, "gamma": 0.99999}, id="StepLR"),
    pytest.param("torch.StepLR", {"step_size": 3, "gamma": -1}, id="StepLR-alternating"),
    pytest.param("torch.ExponentialLR", {"gamma": -0.99999}, id="ExponentialLR-alternating"),
    pytest.param(
        "torch.CyclicLR",
        {"base_lr": 0.1, "max_lr": 1.0, "step_size_up": 9, "mode": "exp_range", "gamma": 1.00001},
        id="CyclicLR-growing",
    ),
    pytest.param(
        "transformers.cosine",
        {"num_warmup_steps": 101, "num_training_steps": 1_000_101, "num_cycles": 50_000},
        id="cosine",
    ),
]


@pytest.mark.parametrize("count", [100, 2000])
@pytest.mark.parametrize(("name", "params"), DENSE)
def test_dense_schedules(name, params, count):
    assert_exact(timeline_of(name, params), 0, 1_000_000, count)


@pytest.mark.parametrize("count", [100, 2000])
@pytest.mark.parametrize(
    "params",
    [
        pytest.param({"first_decay_steps": 20}, id="dense"),
        pytest.param({"first_decay_steps": 3, "m_mul": 1.00001, "alpha": 0.1}, id="dense-growing"),
        pytest.param({"first_decay_steps": 3, "m_mul": 0.999, "alpha": 0.1}, id="dense-falling"),
        pytest.param({"first_decay_steps": 50, "t_mul": 1.5, "m_mul": 0.9}, id="geometric"),
    ],
)
def test_float32_cycles(params, count):
    timeline = timeline_of(
        "keras.CosineDecayRestarts", {"initial_learning_rate": 0.1, "t_mul": 1.0, **params}, lr=None
    )
    assert_exact(timeline, 0, 1_000_000, count, tolerance=1e-6)


def test_float32_cycles_where_ticks_themselves_are_rounded():
    params = {"initial_learning_rate": 0.1, "first_decay_steps": 40, "t_mul": 1.0}
    timeline = timeline_of("keras.CosineDecayRestarts", params, lr=None)
    assert_exact(timeline, 2**24, 2**24 + 10_000, 100, tolerance=1e-6)


LONG = [
    pytest.param("timm.CosineLRScheduler", {"t_initial": 10**12}, TOLERANCE, id="half-a-wave"),
    pytest.param("torch.CosineAnnealingWarmRestarts", {"T_0": 7}, TOLERANCE, id="period-7"),
    pytest.param("torch.CosineAnnealingWarmRestarts", {"T_0": 10, "T_mult": 2}, TOLERANCE, id="geometric"),
    pytest.param("torch.StepLR", {"step_size": 10**11}, TOLERANCE, id="steps"),
    pytest.param(
        "transformers.linear",
        {"num_warmup_steps": 1000, "num_training_steps": 10**12},
        TOLERANCE,
        id="linear",
    ),
    pytest.param(
        "torch.CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 20}, QUARTER_PIXEL, id="triangles"
    ),
    pytest.param("torch.LambdaLR", {"lr_lambda": "1/(1+epoch/1e9)"}, QUARTER_PIXEL, id="expression"),
]


@pytest.mark.parametrize(("name", "params", "tolerance"), LONG)
def test_a_run_of_10_to_the_12(name, params, tolerance):
    timeline = timeline_of(name, params)
    first, last = columns(0, 10**12, 1000)
    seen = envelope(timeline, first, last)
    assert not seen.sampled.any()
    assert_held(timeline, seen, first, last)
    slack = tolerance * (seen.high.max() - seen.low.min())
    for i in (0, 1, 500, 998, 999):
        for start in (first[i], (first[i] + last[i]) // 2, last[i] - 100_000):
            values = timeline(np.arange(start, start + 100_001, dtype=float))
            assert seen.low[i] <= values.min() + slack
            assert seen.high[i] >= values.max() - slack


# --- rough phases ----------------------------------------------------------------------------------------

EXPRESSIONS = [
    pytest.param("0.999999**epoch", id="decay"),
    pytest.param("0.5*(1+cos(pi*epoch/1e7))", id="waves"),
    pytest.param("min(1,epoch/1e6)*0.9999999**epoch", id="warmup-and-decay"),
    pytest.param("1/(1+epoch//30000000)", id="steps"),
    pytest.param("0.1 if epoch < 50000000 else 0.02", id="branch"),
]


def assert_near(timeline, steps, chosen):
    """A quarter of a pixel off the truth at most, in the columns ``chosen``."""
    first, last = columns(0, steps, 400)
    seen = envelope(timeline, first, last)
    assert not seen.sampled.any()
    assert_held(timeline, seen, first, last)
    slack = QUARTER_PIXEL * (seen.high.max() - seen.low.min())
    for i in chosen:
        least, greatest = brute(timeline, first[i : i + 1], last[i : i + 1])
        assert least[0] <= seen.low[i] <= least[0] + slack
        assert greatest[0] - slack <= seen.high[i] <= greatest[0]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions_by_their_bounds(text):
    assert_near(timeline_of("torch.LambdaLR", {"lr_lambda": text}), 5 * EVERY_TICK, (0, 37, 200, 399))


def test_product_of_cycles_and_an_expression():
    factor = timeline_of("torch.LambdaLR", {"lr_lambda": "0.99999999**epoch"}, lr=1.0)
    timeline = scale(product([waves(300_000, 100_000, 1.0), factor]), 0.4, 0.1)
    assert_near(timeline, 5 * EVERY_TICK, (0, 1, 123, 399))


def test_product_of_dense_growing_cycles():
    timeline = product([waves(3, 4, 1 + 1e-8), waves(1, 1, 1.0)])
    assert_near(timeline, 2 * EVERY_TICK, (0, 200, 399))


def noise(t):
    return np.sin(t * t % 1013.0)


UNKNOWN = Timeline((Phase("free", 0.0, noise, Opaque()),))


@pytest.mark.parametrize(
    "timeline",
    [pytest.param(UNKNOWN, id="alone"), pytest.param(product([UNKNOWN, waves(3, 4, 1.0)]), id="product")],
)
def test_what_is_sampled_says_so(timeline):
    first, last = columns(0, EVERY_TICK + 10_000_000, 100)
    seen = envelope(timeline, first, last)
    assert seen.sampled.all()
    assert_held(timeline, seen, first, last)


@pytest.mark.parametrize(
    "timeline",
    [pytest.param(UNKNOWN, id="alone"), pytest.param(product([UNKNOWN, waves(3, 4, 1.0)]), id="product")],
)
def test_noise_is_looked_at_tick_by_tick_where_that_is_few(timeline):
    assert_exact(timeline, 5, 300_000, 321)


def test_turns_too_dense_and_uneven_to_list_are_sampled():
    uneven = Timeline((Phase("free", 0.0, noise, Periodic(1, monotone=False)),))
    first, last = columns(0, EVERY_TICK + 10_000_000, 100)
    assert envelope(uneven, first, last).sampled.all()


@pytest.mark.parametrize(
    ("name", "params", "end"),
    [
        pytest.param("torch.OneCycleLR", {"max_lr": 0.1, "total_steps": 10}, 11, id="OneCycleLR"),
        pytest.param("torch.StepLR", {"step_size": 0}, 1, id="StepLR"),
        pytest.param("torch.ConstantLR", {"factor": 0, "total_iters": 7}, 7, id="ConstantLR"),
    ],
)
def test_past_the_end_is_refused(name, params, end):
    timeline = timeline_of(name, params)
    assert_exact(timeline, 0, end, 5)
    said = f"the schedule stops at tick {end}: {timeline.why}"
    for asked in (lambda: envelope(timeline, *columns(0, end + 1, 5)), lambda: timeline(np.array([end / 1]))):
        with pytest.raises(ScheduleError) as refusal:
            asked()
        assert (refusal.value.step, refusal.value.message) == (end, said)
