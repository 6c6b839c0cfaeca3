"""DeepSpeed's schedules where the examples do not reach: stairs, poles, short halves, momentum."""

from __future__ import annotations

import numpy as np
import pytest
from every_tick import assert_columns

import lrviz

CYCLE = {"cycle_min_lr": 0.01, "cycle_max_lr": 0.1, "cycle_first_step_size": 20}

SHAPES = {
    "a smooth cycle": ("OneCycle", CYCLE),
    "halves of their own": ("OneCycle", CYCLE | {"cycle_second_step_size": 33}),
    "no second half": ("OneCycle", CYCLE | {"cycle_second_step_size": 0}),
    "a second triangle for one step": ("OneCycle", CYCLE | {"cycle_second_step_size": 7.5}),
    "a first half below one step": ("OneCycle", CYCLE | {"cycle_first_step_size": 0.4}),
    "stairs": ("OneCycle", CYCLE | {"cycle_first_stair_count": 4}),
    "stairs that miss the steps": ("OneCycle", CYCLE | {"cycle_first_stair_count": 3}),
    "stairs up, a slope down": (
        "OneCycle",
        CYCLE | {"cycle_first_stair_count": 5, "cycle_second_stair_count": 0},
    ),
    "a slope up, stairs down": ("OneCycle", CYCLE | {"cycle_second_stair_count": 2}),
    "half a stair": ("OneCycle", CYCLE | {"cycle_first_stair_count": 2.5}),
    "a decay": ("OneCycle", CYCLE | {"decay_step_size": 5, "decay_lr_rate": 0.5}),
    "a decay through a pole": ("OneCycle", CYCLE | {"decay_step_size": 3, "decay_lr_rate": -0.4}),
    "a range test in stairs": (
        "LRRangeTest",
        {"lr_range_test_step_size": 9, "lr_range_test_staircase": True},
    ),
    "a warmup that falls": ("WarmupLR", {"warmup_min_lr": 0.5, "warmup_num_steps": 15}),
    "a total below the warmup": ("WarmupDecayLR", {"total_num_steps": 10, "warmup_num_steps": 30}),
    "a leap at the first step": (
        "WarmupCosineLR",
        {"total_num_steps": 90, "warmup_num_steps": 30, "warmup_min_ratio": 0.6},
    ),
}


@pytest.mark.parametrize(("name", "params"), SHAPES.values(), ids=SHAPES)
def test_the_envelope_is_exact(name, params):
    made = lrviz.schedule(f"deepspeed.{name}", params, lr=0.1, optimizer="adam")
    for line in made.groups[0].values():
        assert_columns(line, 120, 1, 7, 40)


STAIRS = {name: row for name, row in SHAPES.items() if "stairs" in name and "slope" not in name}


@pytest.mark.parametrize(("name", "params"), STAIRS.values(), ids=STAIRS)
def test_every_stair_is_a_jump(name, params):
    made = lrviz.schedule(f"deepspeed.{name}", params, lr=0.1, optimizer="adam")
    for line in made.groups[0].values():
        changes = np.flatnonzero(np.diff(line(np.arange(120.0)))) + 1
        assert line.jumps(0, 120, 1000) == changes.tolist()


@pytest.mark.parametrize(
    ("stairs", "jumps"),
    [
        pytest.param((5, 0), [4, 8, 12, 16, 20], id="the first"),
        pytest.param((0, 2), [21, 31], id="the second"),
        pytest.param((0, 0), [], id="neither"),
        pytest.param((25, 25), [], id="more stairs than steps"),
    ],
)
def test_only_the_half_with_stairs_jumps(stairs, jumps):
    counts = dict(zip(("cycle_first_stair_count", "cycle_second_stair_count"), stairs, strict=True))
    made = lrviz.schedule("deepspeed.OneCycle", CYCLE | counts, lr=0.1)
    assert made.groups[0]["lr"].jumps(0, 60, 1000) == jumps


def test_a_decay_that_meets_its_pole_stops_there():
    params = CYCLE | {"decay_step_size": 1, "decay_lr_rate": -0.25}
    made = lrviz.schedule("deepspeed.OneCycle", params, lr=0.1)
    assert made(43) == pytest.approx(0.04)
    for quantity in made.quantities:
        with pytest.raises(lrviz.ScheduleError) as refusal:
            made(44, quantity)
        assert refusal.value.step == 44


@pytest.mark.parametrize(
    ("optimizer", "params", "quantities"),
    [
        pytest.param("adam", {}, ("lr", "momentum"), id="betas"),
        pytest.param("adam", {"cycle_momentum": False}, ("lr",), id="betas that stay"),
        pytest.param("adagrad", {}, ("lr",), id="no momentum"),
        pytest.param("sgd_momentum", {}, ("lr",), id="a momentum that is no beta"),
    ],
)
def test_the_momentum_is_that_of_betas(optimizer, params, quantities):
    made = lrviz.schedule("deepspeed.OneCycle", CYCLE | params, lr=0.1, optimizer=optimizer)
    assert made.quantities == quantities


def test_the_leap_from_nothing_is_a_jump_only_where_it_is_one():
    for ratio, jumps in ((0.0, []), (0.01, []), (0.9, [1])):
        params = {"total_num_steps": 90, "warmup_num_steps": 30, "warmup_min_ratio": ratio}
        made = lrviz.schedule("deepspeed.WarmupCosineLR", params, lr=0.1)
        assert made.groups[0]["lr"].jumps(0, 90, 10) == jumps
