"""Maps folded tick by tick, against the plain loop that a scheduler's step() is."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from every_tick import assert_columns
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import lrviz
from lrviz import ScheduleError
from lrviz.catalogue.arguments import bind
from lrviz.catalogue.build import _frozen
from lrviz.catalogue.group import Group
from lrviz.catalogue.names import find
from lrviz.catalogue.nested import nested
from lrviz.engine.chain import KEEP, apply, chained_walk, in_turn, overwrites, stepped_to_zero
from lrviz.engine.envelope import columns, envelope
from lrviz.engine.timeline import Phase, Timeline
from lrviz.engine.walk import Walk
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve
from lrviz.schedules.torch.sequential import _sequence
from lrviz.schedules.torch.shared import build

AFFINE = st.tuples(st.floats(-1.1, 1.1), st.floats(-1, 1))


def cyclic_maps(pairs):
    """Maps that repeat ``pairs``, one list of (a, b) for each map of a tick."""
    columns_ = [np.array(column) for column in pairs]

    def maps(k):
        return [
            (column[k.astype(int) % len(column), 0], column[k.astype(int) % len(column), 1])
            for column in columns_
        ]

    return maps


def looped(first, pairs, steps):
    """What ``steps`` updates would see, by the loop."""
    values = [first]
    for t in range(1, steps):
        lr = values[-1]
        for column in pairs:
            a, b = column[t % len(column)]
            lr = a * lr + b
        values.append(lr)
    return values


PAIRS = st.lists(st.lists(AFFINE, min_size=1, max_size=7), min_size=1, max_size=3)


# --- affine maps -----------------------------------------------------------------------------------------


@given(affines=st.lists(AFFINE, max_size=6), lr=st.floats(-10, 10))
@settings(max_examples=60)
def test_in_turn_is_one_after_the_other(affines, lr):
    expected = lr
    for affine in affines:
        expected = apply(affine, expected)
    assert apply(in_turn(affines), lr) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_in_turn_keeps_the_order():
    assert in_turn([]) == KEEP
    assert in_turn([(2.0, 0.0), (1.0, 3.0)]) == (2.0, 3.0)
    assert in_turn([(1.0, 3.0), (2.0, 0.0)]) == (2.0, 6.0)


def test_a_part_that_overwrites():
    part = overwrites(Timeline((Phase("rise", 0.0, lambda t: 5.0 + t),)))
    assert (apply(part.first, 99.0), apply(part.entered(), 99.0), part.multiplies) == (5.0, 5.0, False)
    assert stepped_to_zero(part) == (0.0, 5.0)
    (a, b), *_ = part.maps(np.array([3.0, 1.0]))
    np.testing.assert_array_equal(np.stack([a, b]), [[0.0, 0.0], [8.0, 6.0]])


# --- the walk --------------------------------------------------------------------------------------------


@given(first=st.floats(-1, 1), pairs=PAIRS, block=st.sampled_from([1, 7, 64]), seed=st.integers(0, 9))
@settings(max_examples=60)
def test_a_walk_is_the_loop_in_any_order(first, pairs, block, seed):
    small = type("Small", (Walk,), {"BLOCK": block, "KEPT": 2})
    walk = small(first, cyclic_maps(pairs))
    ticks = np.random.default_rng(seed).integers(0, 200, 40)
    expected = np.array(looped(first, pairs, 200))
    for tick in ticks[:10]:
        assert walk(np.array([float(tick)]))[0] == expected[tick]
    np.testing.assert_array_equal(walk(ticks.reshape(8, 5).astype(float)), expected[ticks].reshape(8, 5))
    np.testing.assert_array_equal(walk(np.arange(200.0)), expected)


def test_a_walk_keeps_few_blocks_and_computes_each_once_going_forward():
    asked = []

    class Small(Walk):
        BLOCK, KEPT = 10, 3

    def maps(k):
        asked.append((k[0], k[-1]))
        return [(np.full(k.shape, 0.5), np.ones(k.shape))]

    walk = Small(0.0, maps)
    values = walk(np.arange(100.0))
    assert len(walk._blocks) == Small.KEPT
    assert asked == [(i * 10 + 1.0, i * 10 + 10.0) for i in range(10)]
    walk(np.arange(70.0, 100.0))  # still there
    assert len(asked) == 10
    np.testing.assert_array_equal(walk(np.arange(10.0)), values[:10])  # computed again, from its own start
    assert asked[10:] == [(1.0, 10.0)]


def test_a_long_walk_at_the_real_block_size():
    maps = cyclic_maps([[(0.99999, 1e-6)]])
    walk = Walk(1.0, maps)
    expected = looped(1.0, [[(0.99999, 1e-6)]], 3 * Walk.BLOCK + 5)
    for tick in (3 * Walk.BLOCK + 4, Walk.BLOCK, Walk.BLOCK - 1, Walk.BLOCK + 1, 0, 2 * Walk.BLOCK):
        assert walk(np.array([float(tick)]))[0] == expected[tick]


def test_the_envelope_of_a_walk_is_that_of_every_tick():
    timeline = chained_walk(
        1.0, cyclic_maps([[(-0.999, 0.01), (1.0001, 0.0), (0.5, 0.3)]]), [("free", 0.0, "walk")]
    )
    assert_columns(timeline, 50_000, 321)
    seen = envelope(timeline, *columns(0, 50_000, 321))
    np.testing.assert_array_equal(timeline(seen.high_at.astype(float)), seen.high)


# --- folded ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "hours", "first"),
    [
        pytest.param("MultiplicativeLR:lr_lambda=0.999", "138889", 0.1, id="function"),
        pytest.param("adam:gradient=1", "138889", 0.099999999, id="optimizer"),
        pytest.param(
            "keras.callbacks.LearningRateScheduler:schedule=lr*0.9,interval=step",
            "138889",
            float(np.float32(0.1 * 0.9)),
            id="callback",
        ),
        pytest.param("MultiplicativeLR:lr_lambda=0.999,calls=2", "277778", 0.1, id="several-ticks-in-a-step"),
        pytest.param("phases:phase=[StepLR(step_size=3,for=9),adam(gradient=1)]", "138889", 0.1, id="phase"),
    ],
)
def test_a_walk_too_long_is_refused_before_it_is_begun(spec, hours, first):
    found = resolve(parse(spec), {"lr": 0.1, "steps": 10**15})
    with pytest.raises(ScheduleError, match=f"would take about {hours} hours") as refusal:
        found.schedule.facts(10**15)
    assert refusal.value.hint == "steps=1000000000 is the longest walk"
    assert found.schedule([0])[0] == pytest.approx(first, rel=1e-12)


def test_the_phases_of_a_fold_share_one_walk():
    timeline = chained_walk(
        1.0, cyclic_maps([[(0.5, 0.0)]]), [("stable", 0.0, "left"), ("decay", 3.0, "right")]
    )
    np.testing.assert_array_equal(timeline(np.arange(6.0)), [1, 0.5, 0.25, 0.125, 0.0625, 0.03125])
    assert [(phase.name, phase.start) for phase in timeline.phases] == [("left", 0.0), ("right", 3.0)]


def test_past_its_end_a_fold_asks_nothing_of_its_parts():
    def maps(k):
        assert np.all(k < 20)
        return [(np.ones(k.shape), np.ones(k.shape))]

    timeline = chained_walk(0.0, maps, [("free", 0.0, "fold")], end=20, why="it is over")
    np.testing.assert_array_equal(timeline(np.arange(20.0)), np.arange(20.0))
    with pytest.raises(ScheduleError) as refusal:
        timeline(np.array([20.0]))
    assert (refusal.value.message, refusal.value.step) == ("the schedule stops at tick 20: it is over", 20)


def test_a_fold_that_ends_at_0_is_refused():
    with pytest.raises(ScheduleError) as refusal:
        chained_walk(1.0, cyclic_maps([[KEEP]]), [("free", 0.0, "fold")], end=0, why="it never starts")
    assert (refusal.value.message, refusal.value.step) == ("it never starts", 0)


# --- each class's maps are its curve ---------------------------------------------------------------------

ALONE = [
    pytest.param("StepLR", {"step_size": 7, "gamma": 0.5}, id="StepLR"),
    pytest.param("MultiStepLR", {"milestones": (0, 9, 9, 4)}, id="MultiStepLR"),
    pytest.param("ConstantLR", {"factor": 0.3, "total_iters": 11}, id="ConstantLR"),
    pytest.param("LinearLR", {"start_factor": 0.2, "total_iters": 13}, id="LinearLR"),
    pytest.param("LinearLR", {"total_iters": 0}, id="LinearLR-0"),
    pytest.param("ExponentialLR", {"gamma": -0.9}, id="ExponentialLR"),
    pytest.param("PolynomialLR", {"total_iters": 37, "power": 1.5}, id="PolynomialLR"),
    pytest.param("CosineAnnealingLR", {"T_max": 10, "eta_min": 0.01}, id="CosineAnnealingLR"),
    pytest.param("CosineAnnealingWarmRestarts", {"T_0": 5, "T_mult": 2}, id="WarmRestarts"),
    pytest.param("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 4}, id="CyclicLR"),
    pytest.param("OneCycleLR", {"max_lr": 0.1, "total_steps": 200}, id="OneCycleLR"),
    pytest.param("LambdaLR", {"lr_lambda": "1/(1+epoch)"}, id="LambdaLR"),
    pytest.param("MultiplicativeLR", {"lr_lambda": "0.9 if epoch % 2 else 1.05"}, id="MultiplicativeLR"),
    pytest.param("SWALR", {"swa_lr": 0.02, "anneal_epochs": 12}, id="SWALR"),
]


def part_of(name, params, lr=0.1):
    entry = find(f"torch.{name}")
    made = entry.function(Group((lr,)), **bind(entry, params))
    return made["lr"] if isinstance(made, dict) else made


def stacked(part, ticks):
    with np.errstate(all="ignore"):  # as the walk does
        return [np.stack(pair) for pair in part.maps(ticks)]


@pytest.mark.parametrize(("name", "params"), ALONE)
def test_the_fold_of_a_part_is_its_curve(name, params):
    part = part_of(name, params)
    ticks = np.arange(150.0)
    end = part.timeline.end
    walked = chained_walk(apply(part.first, 0.1), part.maps, [("free", 0.0, name)], end=end)(ticks)
    alone = part.timeline(ticks)
    np.testing.assert_allclose(walked, alone, rtol=0, atol=1e-12 * np.abs(alone).max())


@pytest.mark.parametrize(("name", "params"), ALONE)
def test_maps_do_not_depend_on_how_they_are_asked_for(name, params):
    part = part_of(name, params)
    ticks = np.arange(1.0, 60.0)
    together = stacked(part, ticks)
    for start, stop in pairwise([0, 1, 20, 21, 59]):
        apart = stacked(part, ticks[start:stop])
        for whole, piece in zip(together, apart, strict=True):
            np.testing.assert_array_equal(whole[:, start:stop], piece)


# --- the short cuts: joins and products ------------------------------------------------------------------

TICKS = st.integers(1, 60)
CLOSED = st.one_of(
    st.fixed_dictionaries({"step_size": TICKS, "gamma": st.floats(0.1, 1.1)}).map(lambda p: ("StepLR", p)),
    st.fixed_dictionaries({"start_factor": st.floats(0.1, 1), "total_iters": TICKS}).map(
        lambda p: ("LinearLR", p)
    ),
    st.fixed_dictionaries({"T_max": TICKS, "eta_min": st.floats(0, 0.1)}).map(
        lambda p: ("CosineAnnealingLR", p)
    ),
    st.fixed_dictionaries({"T_0": TICKS, "T_mult": st.integers(1, 2)}).map(
        lambda p: ("CosineAnnealingWarmRestarts", p)
    ),
    st.fixed_dictionaries({"gamma": st.floats(0.9, 1)}).map(lambda p: ("ExponentialLR", p)),
    st.fixed_dictionaries({"factor": st.floats(0.1, 1), "total_iters": TICKS}).map(
        lambda p: ("ConstantLR", p)
    ),
    st.just(("LambdaLR", {"lr_lambda": "1/(1+epoch/9)"})),
)


def assert_folded(whole):
    """Its values are those of its maps, walked step by step."""
    start = float(whole.timeline(np.zeros(1))[0])
    walked = chained_walk(start, whole.maps, [("free", 0.0, "fold")])(np.arange(300.0))
    np.testing.assert_allclose(
        whole.timeline(np.arange(300.0)), walked, rtol=0, atol=1e-12 * np.abs(walked).max()
    )


@pytest.mark.long
@given(parts=st.lists(CLOSED, min_size=2, max_size=4), data=st.data())
@settings(max_examples=120)
def test_a_join_is_the_fold(parts, data):
    size = len(parts) - 1
    milestones = sorted(data.draw(st.lists(st.integers(1, 150), min_size=size, max_size=size)))
    calls = tuple({"schedule": name, "params": params} for name, params in parts)
    members = tuple(nested(find("torch.SequentialLR"), one) for one in calls)
    whole = _sequence(build(Group((0.1,)), members, "SequentialLR"), tuple(milestones), 0)
    assume(len(whole.timeline.phases) > 1)
    assert_folded(whole)


@pytest.mark.long
@given(parts=st.lists(CLOSED, min_size=1, max_size=3))
@settings(max_examples=80)
def test_a_chain_is_the_fold(parts):
    calls = [{"schedule": name, "params": params} for name, params in parts]
    entry = find("torch.ChainedScheduler")
    whole = entry.function(Group((0.1,)), **bind(entry, _frozen({"schedulers": calls})))
    assert_folded(whole)


def test_closed_parts_are_joined_and_others_walked():
    def shapes(*calls):
        params = {"schedulers": calls, "milestones": [10]}
        phases = lrviz.schedule("torch.SequentialLR", params, lr=0.1).groups[0]["lr"].phases
        return [type(phase.shape).__name__ for phase in phases]

    linear, product_ = (
        {"schedule": "LinearLR", "params": {}},
        {"schedule": "MultiplicativeLR", "params": {"lr_lambda": "0.9"}},
    )
    assert shapes(linear, {"schedule": "StepLR", "params": {"step_size": 5}}) == ["Listed", "Periodic"]
    assert shapes(linear, product_) == ["Opaque", "Opaque"]


def test_a_sequence_that_stops_at_its_first_switch():
    params = {
        "schedulers": [
            {"schedule": "StepLR", "params": {"step_size": 5}},
            {"schedule": "LinearLR", "params": {"total_iters": 0}},
        ],
        "milestones": [1],
    }
    timeline = lrviz.schedule("torch.SequentialLR", params, lr=0.1).groups[0]["lr"]
    assert (timeline.end, timeline(np.zeros(1))[0]) == (1.0, 0.1)


def loop_of_a_cosine(half, eta, steps):
    """``CosineAnnealingLR.step()`` of a base LR of 0.1, step by step."""
    lr = 0.1
    yield lr
    for k in range(1, steps):
        if (k - 1 - half) % (2 * half) == 0:
            lr += (0.1 - eta) * (1 - math.cos(math.pi / half)) / 2
        else:
            ratio = (1 + math.cos(math.pi * k / half)) / (1 + math.cos(math.pi * (k - 1) / half))
            lr = ratio * (lr - eta) + eta
        yield lr


@pytest.mark.parametrize("half", [300, 20_000, 100_000])
def test_what_rounding_makes_of_a_trough_stays_as_in_the_loop(half):
    line = lrviz.schedule("torch.CosineAnnealingLR", T_max=half, eta_min=0.01, lr=0.1).groups[0]["lr"]
    expected = np.fromiter(loop_of_a_cosine(half, 0.01, 4 * half), float)
    deviation = np.abs(line(np.arange(4.0 * half)) - expected).max()
    assert deviation <= 8 * half * np.finfo(float).eps * 0.1


def test_a_callback_that_refuses_its_first_epoch_is_made_and_stops_there():
    schedule = lrviz.schedule("keras.callbacks.LearningRateScheduler", {"schedule": "epoch"}, lr=1.0)
    with pytest.raises(lrviz.ScheduleError, match="0 at epoch = 0") as caught:
        schedule([0])
    assert caught.value.step == 0
