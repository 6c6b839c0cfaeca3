"""Effective rates of adaptive optimizers: their closed forms, their streams of gradients, their refusals.

That they are torch's own numbers is proven by the live comparison, live_adaptive.py.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import lrviz
from lrviz import ScheduleError
from lrviz.schedules.adaptive.run import Run, counted
from lrviz.schedules.adaptive.stream import BLOCK

STEPS = np.arange(200)
T = STEPS.astype(float)
NAMES = ["adagrad", "rmsprop", "adadelta", "adam", "adamw"]


def made(name, lr=0.1, metrics=None, **params):
    return lrviz.schedule(f"adaptive.{name}", params, lr=lr, metrics=metrics)


# --- closed forms under a constant gradient --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "params", "rate"),
    [
        pytest.param("adagrad", {}, 0.1 / (np.sqrt(4 * (T + 1)) + 1e-10), id="adagrad"),
        pytest.param(
            "adagrad",
            {"lr_decay": 0.5, "initial_accumulator_value": 3.0},
            0.1 / (1 + T / 2) / (np.sqrt(3 + 4 * (T + 1)) + 1e-10),
            id="adagrad that also decays",
        ),
        pytest.param("rmsprop", {"alpha": 0.9}, 0.1 / (2 * np.sqrt(1 - 0.9 ** (T + 1)) + 1e-8), id="rmsprop"),
        pytest.param("adam", {}, np.full(200, 0.1 / (2 + 1e-8)), id="adam"),
        pytest.param("adam", {"amsgrad": True, "eps": 2.0}, 0.1 / (2 + 2.0) + 0 * T, id="adam, large eps"),
        pytest.param("adamw", {"weight_decay": 0.5, "start": 7.0}, 0.1 / (2 + 1e-8) + 0 * T, id="adamw"),
    ],
)
def test_the_rate_under_a_constant_gradient(name, params, rate):
    schedule = made(name, gradient="2", **params)
    np.testing.assert_allclose(schedule(STEPS), rate, rtol=1e-12)
    np.testing.assert_allclose(schedule(STEPS, "update"), 2 * rate, rtol=1e-12)


def test_adadelta_is_a_fixed_point_of_its_own_sizes():
    rho, eps = 0.9, 1e-6
    rates, d, v = [], 0.0, 0.0
    for _ in STEPS:
        v = rho * v + (1 - rho) * 4
        rates.append(math.sqrt(d + eps) / math.sqrt(v + eps))
        d = rho * d + (1 - rho) * (rates[-1] * 2) ** 2
    np.testing.assert_allclose(made("adadelta", lr=1.0, gradient="2")(STEPS), rates, rtol=1e-13)


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adadelta"])
def test_the_update_is_the_rate_times_the_gradient(name):
    schedule = made(name, gradient="math.sin(t)", noise=0.3)
    normals = np.random.default_rng([0, 0]).standard_normal(200)
    gradients = np.sin(T) + 0.3 * normals
    np.testing.assert_allclose(schedule(STEPS, "update"), schedule(STEPS) * gradients, rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_the_rate_is_proportional_to_the_lr(name):
    one, two = made(name, lr=[0.1, 0.2], gradient="0.9**t", noise=0.1)(STEPS)
    np.testing.assert_allclose(two, 2 * one, rtol=1e-14)


def test_adagrad_only_falls_and_adam_recovers_when_gradients_shrink():
    shrinking = "1 if t < 100 else 1e-3"
    assert np.all(np.diff(made("adagrad", gradient=shrinking)(STEPS)) <= 0)
    rates = made("adam", gradient=shrinking, betas=(0.9, 0.9))(STEPS)
    assert rates[-1] > 50 * rates[99]


def test_momentum_moves_the_update_and_not_the_rate():
    plain, moved = made("rmsprop"), made("rmsprop", momentum=0.9)
    np.testing.assert_array_equal(plain(STEPS), moved(STEPS))
    assert moved(199, "update") == pytest.approx(10 * plain(199, "update"), rel=0.2)


def test_weight_decay_pulls_the_gradient_of_a_parameter_that_stands_off():
    far = made("adagrad", weight_decay=1.0, start=100.0)
    assert far(0) == pytest.approx(0.1 / 101)
    assert made("adagrad", weight_decay=1.0, start=0.0)(0) == made("adagrad")(0)


# --- edges -----------------------------------------------------------------------------------------------


def test_dead_gradients_without_eps_divide_by_zero_as_torch_does():
    schedule = made("adagrad", gradient="0 if t < 3 else 1", eps=0.0)
    assert schedule([2, 3]).tolist() == [math.inf, 0.1]
    assert np.isnan(schedule(2, "update"))


def test_the_count_of_updates_stays_where_float32_does():
    assert [counted(0.0), counted(2.0**24 - 1), counted(2.0**24)] == [1.0, 2.0**24, 2.0**24]


@pytest.mark.parametrize("name", NAMES)
def test_a_walk_in_small_blocks_is_the_same(name, monkeypatch):
    params = {"gradient": "math.cos(t/3)", "noise": 0.5}
    whole = made(name, **params)(STEPS)
    monkeypatch.setattr(Run, "BLOCK", 16)
    monkeypatch.setattr(Run, "KEPT", 2)
    small = made(name, **params)
    assert float(small(150)) == whole[150]
    np.testing.assert_array_equal(small(STEPS), whole)


# --- streams ---------------------------------------------------------------------------------------------


def test_noise_is_drawn_block_by_block_and_by_seed():
    wide = np.arange(BLOCK - 2, BLOCK + 2)
    drawn = [np.random.default_rng([3, block]).standard_normal(BLOCK) for block in (0, 1)]
    schedule = made("adagrad", gradient="0", noise=2.0, seed=3)
    sums = np.cumsum(4 * np.concatenate(drawn)[: BLOCK + 2] ** 2)
    np.testing.assert_allclose(schedule(wide), 0.1 / np.sqrt(sums[wide]), rtol=1e-9)
    assert schedule(5) != made("adagrad", gradient="0", noise=2.0, seed=4)(5)


@pytest.mark.parametrize("gradient", [(1.0, -2.0, 0.5), ["1.0", "-2", "0.5"], "recorded"])
def test_recorded_gradients_end_where_they_run_out(gradient):
    schedule = made("adagrad", gradient=gradient, metrics=(1.0, -2.0, 0.5))
    np.testing.assert_allclose(schedule([0, 1, 2]), 0.1 / np.sqrt([1, 5, 5.25]))
    with pytest.raises(ScheduleError, match="only 3 gradients were given") as refusal:
        schedule(3)
    assert refusal.value.step == 3


def test_an_expression_may_refuse_a_tick():
    with pytest.raises(ScheduleError) as refusal:
        made("adam", gradient="1/(t - 50)")(STEPS)
    assert refusal.value.step == 50


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        pytest.param("adagrad", {"eps": -1.0}, "adagrad: eps must not be negative, got -1.0", id="eps"),
        pytest.param("adam", {"noise": -1.0}, "gradient: noise must not be negative, got -1.0", id="noise"),
        pytest.param("adadelta", {"rho": 1.5}, "adadelta: rho must be between 0 and 1, got 1.5", id="rho"),
        pytest.param(
            "adam",
            {"betas": (0, 0.9)},
            "adam: betas must be two floats from 0 to below 1, got (0, 0.9)",
            id="a whole beta, as torch",
        ),
        pytest.param(
            "adam",
            {"gradient": "recorded"},
            "gradient=recorded takes the numbers of a file, and none was given",
            id="no file",
        ),
        pytest.param(
            "adam", {"gradient": ("a",)}, "gradients are numbers, got ('a',)", id="a gradient of words"
        ),
        pytest.param("adam", {"gradient": ()}, "only 0 gradients were given", id="no gradient"),
    ],
)
def test_what_is_refused(name, params, message):
    with pytest.raises(ScheduleError) as refusal:
        made(name, **params)
    assert refusal.value.message == message
