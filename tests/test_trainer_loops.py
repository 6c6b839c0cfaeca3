"""Schedules of trainers that no package index has, against their loops written once more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from every_tick import assert_columns
from hypothesis import assume, given, note
from hypothesis import strategies as st

import lrviz
from lrviz import ScheduleError

TOLERANCE = 1e-12  # of the curve's maximum


def half_cosine(u):
    return 0.5 * (1 + math.cos(math.pi * u))


def nanogpt(peak, lr_decay_iters, warmup_iters, min_lr):
    for it in range(lr_decay_iters + 3):
        if it < warmup_iters:
            yield peak * (it + 1) / (warmup_iters + 1)
        elif it > lr_decay_iters:
            yield min_lr
        else:
            done = (it - warmup_iters) / (lr_decay_iters - warmup_iters)
            yield min_lr + half_cosine(done) * (peak - min_lr)


def modded_nanogpt(peak, num_iterations, cooldown_frac):
    for step in range(num_iterations):
        x = step / num_iterations
        w = (1 - x) / cooldown_frac
        yield peak if x < 1 - cooldown_frac else peak * (w * 1.0 + (1 - w) * 0.1)


def dinov2(peak, final_value, total_iters, warmup_iters, start_warmup_value, freeze_iters, lr_scale):
    n = total_iters - warmup_iters - freeze_iters
    yield from [0.0] * freeze_iters
    yield from lr_scale * np.linspace(start_warmup_value, peak, warmup_iters)
    yield from (lr_scale * (final_value + (peak - final_value) * half_cosine(i / n)) for i in range(n))
    yield from [lr_scale * final_value] * 3


def mae(peak, epochs, warmup_epochs, min_lr, accum_iter, data_loader_len, steps_per_epoch, lr_scale):
    assert steps_per_epoch == data_loader_len // accum_iter
    for epoch in range(epochs):
        for i in range(data_loader_len):
            if i % accum_iter == 0:
                x = i / data_loader_len + epoch
                if x < warmup_epochs:
                    lr = peak * x / warmup_epochs
                else:
                    done = (x - warmup_epochs) / (epochs - warmup_epochs)
                    lr = min_lr + (peak - min_lr) * half_cosine(done)
            if (i + 1) % accum_iter == 0:
                yield lr * lr_scale


def batches(accum_iter, whole, rest):
    """An epoch of ``whole`` updates and some batches more."""
    return {
        "accum_iter": accum_iter,
        "data_loader_len": whole * accum_iter + rest % accum_iter,
        "steps_per_epoch": whole,
    }


LRS, SCALES, SPANS = st.floats(1e-6, 10), st.floats(0.01, 1), st.integers(0, 60)
CASES = [
    pytest.param(
        nanogpt,
        "nanogpt.get_lr",
        st.fixed_dictionaries(
            {"lr_decay_iters": st.integers(0, 120), "warmup_iters": st.integers(0, 130), "min_lr": LRS}
        ).filter(lambda run: run["lr_decay_iters"] != run["warmup_iters"]),
        id="nanoGPT",
    ),
    pytest.param(
        modded_nanogpt,
        "modded_nanogpt.get_lr",
        st.fixed_dictionaries({"num_iterations": st.integers(1, 300), "cooldown_frac": st.floats(0.01, 1.5)}),
        id="modded-nanogpt",
    ),
    pytest.param(
        dinov2,
        "dinov2.CosineScheduler",
        st.fixed_dictionaries(
            {
                "final_value": LRS,
                "total_iters": st.integers(0, 180),
                "warmup_iters": SPANS,
                "start_warmup_value": LRS,
                "freeze_iters": SPANS,
                "lr_scale": SCALES,
            }
        ).filter(lambda run: run["freeze_iters"] + run["warmup_iters"] <= run["total_iters"]),
        id="DINO",
    ),
    pytest.param(
        mae,
        "mae.adjust_learning_rate",
        st.builds(
            lambda run, epoch: run | epoch,
            st.fixed_dictionaries(
                {
                    "epochs": st.integers(1, 9),
                    "warmup_epochs": st.one_of(st.integers(0, 10), st.floats(0, 10)),
                    "min_lr": LRS,
                    "lr_scale": SCALES,
                }
            ),
            st.builds(batches, st.integers(1, 8), st.integers(1, 30), st.integers(0, 7)),
        ),
        id="MAE",
    ),
]


@pytest.mark.parametrize(("loop", "name", "params"), CASES)
@given(data=st.data())
def test_it_is_what_the_loop_does_and_turns_where_it_says(loop, name, params, data):
    peak, given_ = data.draw(LRS), data.draw(params)
    note(given_)
    want = np.array(list(loop(peak, **given_)))
    assume(want.size)
    made = lrviz.schedule(name, given_, lr=peak)
    got = made(np.arange(want.size))
    assert np.abs(got - want).max() <= TOLERANCE * np.abs(want).max()
    assert_columns(made.groups[0]["lr"], want.size, 7)


@pytest.mark.parametrize(
    ("name", "params", "step", "message"),
    [
        pytest.param(
            "nanogpt.get_lr",
            {"lr_decay_iters": 20, "warmup_iters": 20},
            20,
            "division by zero (warmup_iters=20, lr_decay_iters=20)",
            id="a warmup as long as the decay",
        ),
        pytest.param(
            "modded_nanogpt.get_lr",
            {"num_iterations": 50},
            50,
            "training is over after 50 iterations",
            id="after the last iteration",
        ),
        pytest.param(
            "mae.adjust_learning_rate",
            {"steps_per_epoch": 4, "epochs": 3, "warmup_epochs": 1},
            12,
            "training is over after 3 epochs of 4 updates",
            id="after the last epoch",
        ),
    ],
)
def test_where_it_stops(name, params, step, message):
    made = lrviz.schedule(name, params, lr=0.1)
    made(step - 1)
    with pytest.raises(ScheduleError) as refusal:
        made(step)
    assert refusal.value.step == step
    assert refusal.value.message.endswith(message)


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        pytest.param(
            "dinov2.CosineScheduler",
            {"total_iters": 20, "warmup_iters": 15, "freeze_iters": 6, "final_value": 0.0},
            "total_iters=20 has no room for warmup_iters=15 and freeze_iters=6",
            id="a warmup longer than the run",
        ),
        pytest.param(
            "mae.adjust_learning_rate",
            {"steps_per_epoch": 13, "accum_iter": 8, "data_loader_len": 117},
            "117 batches make 14 updates of 8 each, not steps_per_epoch=13",
            id="another number of updates",
        ),
        pytest.param(
            "nanogpt.get_lr",
            {"lr_decay_iters": 0, "warmup_iters": 0},
            "division by zero (warmup_iters=0, lr_decay_iters=0)",
            id="no update at all",
        ),
    ],
)
def test_what_is_refused(name, params, message):
    with pytest.raises(ScheduleError) as refusal:
        lrviz.schedule(name, params, lr=0.1)
    assert refusal.value.message.endswith(message)
    assert refusal.value.hint
