"""Axolotl: the schedules that its trainer has beside those of transformers, 0.19.0.

Over the optimizer update t, in float64. ``cosine_min_lr_ratio`` alone is transformers.cosine_with_min_lr with
that min_lr_rate, ``one_cycle`` is torch.OneCycleLR with the warmup's share of the run as pct_start.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np

from lrviz.catalogue.arguments import call
from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import START, Framework, schedule
from lrviz.catalogue.roles import LR, Factor, Floor, FloorRate, Number, Role, Total, Warmup, WholeTicks
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.chain import Chainable
from lrviz.engine.compose import ahead, product
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant, value_at_tick
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import positive
from lrviz.schedules.shapes.cosine import half_waves
from lrviz.schedules.shapes.ramps import rex, rise
from lrviz.schedules.transformers import formulas

FRAMEWORK = Framework("axolotl", "0.19.0", inert={"last_epoch": START}, holds=("transformers", "torch"))


@schedule(
    example={"num_warmup_steps": 20, "num_training_steps": 100},
    starter={"num_warmup_steps": "6%"},
    aliases=("get_cosine_schedule_with_quadratic_warmup",),
)
def cosine_quadratic_warmup(
    group: Group, num_warmup_steps: Warmup, num_training_steps: Total, num_cycles: Number = 0.5
) -> Timeline:
    """A warmup that rises with the square of the step, then a cosine wave: lr_quadratic_warmup.

    Formula: lr(t) = B (t / max(1, W))^2 for t < W, then transformers' cosine.
    Edges: cosine_min_lr_ratio is not looked at. Not clamped after T: it rises again.
    Source: axolotl 0.19.0 ``get_cosine_schedule_with_quadratic_warmup``.
    """
    B, W = group.lr, num_warmup_steps
    cosine = formulas.cosine(group, num_warmup_steps, num_training_steps, num_cycles)
    *warmup, wave = cosine.phases
    return Timeline((*(replace(line, rate=lambda t: B * (t / W) ** 2) for line in warmup), wave))


@schedule(
    example={
        "num_warmup_steps": 10,
        "num_training_steps": 100,
        "constant_lr_ratio": 0.8,
        "min_lr_ratio": 0.2,
    },
    starter={"num_warmup_steps": "0", "constant_lr_ratio": "0.8", "min_lr_ratio": "0.1"},
    aliases=("get_cosine_schedule_with_warmup_decay_constant",),
)
def cosine_min_lr_constant(
    group: Group,
    num_warmup_steps: Warmup,
    num_training_steps: Total,
    constant_lr_ratio: Factor,
    min_lr_ratio: FloorRate,
    num_cycles: Number = 0.5,
) -> Timeline:
    """A linear warmup, a cosine over a part of the run, and its floor: cosine_constant_lr_ratio.

    Formula: lr(t) = B t / max(1, W) for t < W, then B (max(0, (1 - r) (1 + cos(2 pi num_cycles p)) / 2) + r)
    with p = (t - W) / max(1, C - W) up to t = C = int(T constant_lr_ratio), where it stays;
    r = min_lr_ratio.
    Edges: with C < W it stays where a wave of 2 steps would be at C: at B or at r B.
    Source: axolotl 0.19.0 ``get_cosine_schedule_with_warmup_decay_constant``; Gupta et al. 2023.
    """
    B, W, r = group.lr, num_warmup_steps, min_lr_ratio
    C = int(num_training_steps * constant_lr_ratio)
    D = max(1.0, float(C - W))  # older numpy makes no float of a huge whole number

    def rate(t: TickArray) -> Rates:
        wave = 0.5 * (1.0 + np.cos(math.pi * num_cycles * 2.0 * ((t - W) / D)))
        return B * (np.maximum(0.0, (1.0 - r) * wave) + r)

    half = D / (2.0 * num_cycles) if num_cycles else math.inf
    decay = [Phase("decay", W, rate, half_waves(half, W), label="cosine decay")] if C > W else []
    last = value_at_tick(rate, C)
    return formulas.warmed(B, W, *decay, constant(last, kind="hold", label="floor", start=max(W, C)))


@schedule(example={"total_steps": 100, "num_warmup_steps": 10})
def RexLR(
    group: Group,
    total_steps: Total,
    num_warmup_steps: Warmup = 0,
    min_lr: Floor = 0.0,
    max_lr: LR | None = None,
) -> Timeline:
    """A linear warmup, then the reflected exponential, each one step ahead.

    Formula: lr(t) = B n / W for n = t + 1 <= W, then B (r + (1 - r) z / (0.1 + 0.9 z)) with
    z = (T - n) / (T - W) and r = min_lr / max_lr; min_lr from n = T on. T = total_steps,
    W = num_warmup_steps; max_lr is the default LR unless it is given.
    Edges: the first update has B / W, the last one min_lr. Groups whose LR is not max_lr fall towards
    another floor, and end at min_lr.
    Source: axolotl 0.19.0 ``RexLR``; Chen et al. 2021.

    Raises:
        ScheduleError: min_lr is above max_lr, the warmup longer than the run, or max_lr 0.

    """
    B, T, W, top = group.lr, total_steps, num_warmup_steps, group.default_lr if max_lr is None else max_lr
    if min_lr > top:
        raise ScheduleError(f"RexLR: min_lr {min_lr!r} is above max_lr {top!r}", hint="<min_lr=0>")
    if W > T:
        raise ScheduleError(f"RexLR: a warmup of {W} steps, {T} in all", hint="give a shorter <warmup>")
    if top == 0:
        raise ScheduleError("RexLR: division by zero (max_lr is 0)", hint="<lr=1e-3>", step=0)
    r = min_lr / top

    def rate(t: TickArray) -> Rates:
        return B * (r + (1.0 - r) * rex((t + 1.0 - W) / (T - W)))

    decay = [Phase("decay", W, rate)] if T - 1 > W else []
    after = constant(min_lr, kind="hold", label="after the end", start=max(W, T - 1))
    return Timeline((*rise(B / W if W else B, B + B / W if W else B, W), *decay, after))


@dataclass(frozen=True)
class Restarts:
    """What such a restart does to any LR: every R steps w of warmup, and a of annealing before them."""

    R: int
    w: int
    a: int
    floor: float

    def factors(self) -> Timeline:
        """The factors of the steps."""
        turns = Periodic(self.R, (0.0, float(self.w), max(float(self.R - self.a), 0.0)))
        restarts = Periodic(self.R, start=float(self.R), jumps=True)
        return Timeline((Phase("cycle", 0.0, self.factor, turns, (restarts,), "restarts"),))

    def factor(self, n: TickArray) -> Rates:
        """The factor of step n: 1 before the first annealing."""
        place = n % self.R
        falling = np.where(place > self.R - self.a, np.minimum(1.0, (self.R - place) / self.a), 1.0)
        share = np.where(place < self.w, np.minimum(1.0, place / self.w), falling)
        return np.where(n < self.R - self.a, 1.0, share * (1.0 - self.floor) + self.floor)


@schedule(
    example={
        "inner_schedule": {
            "schedule": "transformers.cosine",
            "params": {"num_warmup_steps": 10, "num_training_steps": 100},
        },
        "jagged_restart_steps": 25,
        "jagged_restart_warmup_steps": 5,
    },
)
def JaggedLRRestartScheduler(
    group: Group,
    inner_schedule: Annotated[Any, Role.SCHEDULES],
    jagged_restart_steps: WholeTicks,
    jagged_restart_warmup_steps: WholeTicks,
    jagged_restart_anneal_steps: WholeTicks = 1,
    min_lr_scale: FloorRate = 0.001,
) -> Timeline:
    """Any schedule with a short warmup at each restart of ReLoRA, one step ahead.

    Formula: lr(t) = s(n) ((1 - m) c + m), n = t + 1, p = n mod R: c = p / w for p < w, (R - p) / a for
    p > R - a, else 1, and 1 before n = R - a. R = jagged_restart_steps, w = jagged_restart_warmup_steps,
    a = jagged_restart_anneal_steps, m = min_lr_scale.
    Edges: the warmup at a restart starts at m, not at 0, and there is none at the start of the run. a = 1 is
    no annealing. Built on RexLR, which is a step ahead itself, n = t + 2.
    Source: axolotl 0.19.0 ``JaggedLRRestartScheduler``.

    Raises:
        ScheduleError: restarts, their warmup or annealing take no step, or what the schedule inside raises.

    """
    R, w, a = jagged_restart_steps, jagged_restart_warmup_steps, jagged_restart_anneal_steps
    positive(
        "JaggedLRRestartScheduler",
        jagged_restart_steps=R,
        jagged_restart_warmup_steps=w,
        jagged_restart_anneal_steps=a,
    )
    if inner_schedule.entry.framework.name == "torch":
        inner = call(inner_schedule, Chainable, group=group).timeline
    else:
        inner = call(inner_schedule, Timeline, group=group)
    steps_ahead = 2 if inner_schedule.entry.name == "RexLR" else 1
    return product([ahead(Restarts(R, w, a, min_lr_scale).factors(), steps_ahead), ahead(inner, 1)])
