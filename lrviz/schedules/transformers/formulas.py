"""Names of ``get_scheduler`` that are a formula of the step."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, FloorRate, Number, Ticks, Total, Warmup
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.engine.timeline import constant as flat
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.cosine import cos01, half_waves


def warmed(B: float, W: float, *phases: Phase, end: float = math.inf, why: str = "") -> Timeline:
    """B * t / max(1, W) for t < W, then the phases."""
    warmup = [Phase("warmup", 0.0, lambda t: B * (t / max(1.0, W)))] if W > 0 else []
    if end <= 0:
        raise ScheduleError(why, hint="give the parameter another value", step=0)
    return Timeline((*warmup, *phases), end, why)


@schedule(
    example={},
    ignores=("num_warmup_steps", "num_training_steps", "scheduler_specific_kwargs"),
    aliases=("get_constant_schedule",),
)
def constant(
    group: Group, num_warmup_steps: Warmup | None = None, num_training_steps: Total | None = None
) -> Timeline:
    """B at every step.

    Formula: lr(t) = B.
    Edges: ``get_scheduler`` accepts a warmup, a total and further arguments and ignores them.
    Source: transformers 5.23.0 ``get_constant_schedule``.
    """
    return Timeline((flat(group.lr),))


@schedule(
    example={"num_warmup_steps": 10},
    ignores=("num_training_steps", "scheduler_specific_kwargs"),
    starter={"num_warmup_steps": "0"},
    aliases=("get_constant_schedule_with_warmup",),
)
def constant_with_warmup(
    group: Group, num_warmup_steps: Warmup, num_training_steps: Total | None = None
) -> Timeline:
    """A linear warmup from 0, then B.

    Formula: lr(t) = B t / max(1, W) for t < W, then B.
    Edges: lr(0) = 0, lr(W) = B.
    Source: transformers 5.23.0 ``get_constant_schedule_with_warmup``.
    """
    return warmed(group.lr, num_warmup_steps, flat(group.lr, kind="stable", start=num_warmup_steps))


@schedule(
    example={"num_warmup_steps": 10, "num_training_steps": 100},
    starter={"num_warmup_steps": "0"},
    aliases=("get_linear_schedule_with_warmup",),
)
def linear(group: Group, num_warmup_steps: Warmup, num_training_steps: Total) -> Timeline:
    """A linear warmup from 0, then a straight line to 0.

    Formula: lr(t) = B max(0, (T - t) / max(1, T - W)) for t >= W.
    Edges: 0 at t = T; the last update T - 1 still has B / (T - W). With T <= W the ramp runs to
    W - 1 and then falls to 0: B itself is never used.
    Source: transformers 5.23.0 ``get_linear_schedule_with_warmup``.
    """
    B, W, T = group.lr, num_warmup_steps, num_training_steps
    return warmed(B, W, Phase("decay", W, lambda t: B * np.maximum(0.0, (T - t) / max(1.0, T - W))))


def _wave(group: Group, W: float, T: float, num_cycles: float, floor: float = 0.0) -> Phase:
    B, D = group.lr, max(1.0, T - W)
    half = D / (2.0 * num_cycles) if num_cycles else math.inf

    def rate(t: TickArray) -> Rates:
        factor = 0.5 * (1.0 + np.cos(math.pi * num_cycles * 2.0 * ((t - W) / D)))
        return B * np.maximum(0.0, factor * (1.0 - floor) + floor)

    return Phase("decay", W, rate, half_waves(half, W), label="cosine decay")


@schedule(
    example={"num_warmup_steps": 10, "num_training_steps": 100},
    starter={"num_warmup_steps": "0"},
    aliases=("get_cosine_schedule_with_warmup",),
)
def cosine(
    group: Group, num_warmup_steps: Warmup, num_training_steps: Total, num_cycles: Number = 0.5
) -> Timeline:
    """A linear warmup from 0, then a cosine wave; 0.5 cycles are half a wave, B to 0.

    Formula: lr(t) = B max(0, (1 + cos(2 pi num_cycles p)) / 2), p = (t - W) / max(1, T - W), t >= W.
    Edges: not clamped after T: it rises again. With T = W it swings with a period of 2 steps.
    Source: transformers 5.23.0 ``get_cosine_schedule_with_warmup``.
    """
    phase = _wave(group, num_warmup_steps, num_training_steps, num_cycles)
    return warmed(group.lr, num_warmup_steps, phase)


@schedule(
    example={"num_warmup_steps": 10, "num_training_steps": 100, "num_cycles": 3},
    starter={"num_warmup_steps": "0"},
    aliases=("get_cosine_with_hard_restarts_schedule_with_warmup",),
)
def cosine_with_restarts(
    group: Group, num_warmup_steps: Warmup, num_training_steps: Total, num_cycles: Number = 1
) -> Timeline:
    """A linear warmup from 0, then ``num_cycles`` full cosine decays, each from B towards 0.

    Formula: lr(t) = B (1 + cos(pi ((num_cycles p) mod 1))) / 2, p = (t - W) / max(1, T - W); 0 for p >= 1.
    Edges: 0 is never reached inside a cycle; a restart is at B where the float product is whole.
    Source: transformers 5.23.0 ``get_cosine_with_hard_restarts_schedule_with_warmup``.
    """
    B, W, D = group.lr, num_warmup_steps, max(1.0, num_training_steps - num_warmup_steps)

    def rate(t: TickArray) -> Rates:
        return B * np.maximum(0.0, cos01((num_cycles * ((t - W) / D)) % 1.0))

    length = D / abs(num_cycles) if num_cycles else 0.0
    turns = Periodic(length, start=W, jumps=True) if length else half_waves(0)
    return warmed(
        B,
        W,
        Phase("cycle", W, rate, turns, label="cosine cycles"),
        flat(0.0, kind="hold", label="after the end", start=W + D),
    )


@schedule(
    example={"num_warmup_steps": 10, "num_training_steps": 100, "power": 2.0},
    starter={"num_warmup_steps": "0"},
    aliases=("get_polynomial_decay_schedule_with_warmup",),
)
def polynomial(
    group: Group,
    num_warmup_steps: Warmup,
    num_training_steps: Total,
    lr_end: Floor = 1e-7,
    power: Number = 1.0,
) -> Timeline:
    """A linear warmup from 0, then a polynomial from B to ``lr_end``, which then holds.

    Formula: lr(t) = B ((D - lr_end) (1 - (t - W) / (T - W))^power + lr_end) / D for W <= t <= T, then
    B lr_end / D, with D the default LR of the optimizer.
    Edges: ``lr_end`` is reached by groups whose LR is D; the others end at B lr_end / D. T = W divides
    by zero at t = W; with T < W the warmup is followed by lr_end.
    Source: transformers 5.23.0 ``get_polynomial_decay_schedule_with_warmup``.

    Raises:
        ScheduleError: ``lr_end`` is not below the default LR.

    """
    B, W, T, D = group.lr, num_warmup_steps, num_training_steps, group.default_lr
    if not lr_end < D:
        raise ScheduleError(
            f"lr_end must be smaller than the optimizer's LR {D!r}, got {lr_end!r}",
            hint=f"give lr_end a value below {D!r}, or a larger <lr>",
        )

    def rate(t: TickArray) -> Rates:
        remaining = 1.0 - (t - W) / (T - W)
        return B * (((D - lr_end) * remaining**power + lr_end) / D)

    after = flat(
        B * (lr_end / D), kind="hold", label="after the end", start=math.floor(T) + 1 if T >= W else W
    )
    decay = [Phase("decay", W, rate)] if T >= W else []
    end = W if T == W else T if power < 0 and T > W else math.inf
    return warmed(
        B, W, *decay, after, end=end, why=f"division by zero (num_training_steps={T}, num_warmup_steps={W})"
    )


@schedule(
    example={"num_warmup_steps": 10},
    ignores=("num_training_steps",),
    starter={"num_warmup_steps": "0"},
    aliases=("get_inverse_sqrt_schedule",),
)
def inverse_sqrt(
    group: Group,
    num_warmup_steps: Warmup,
    num_training_steps: Total | None = None,
    timescale: Ticks | None = None,
) -> Timeline:
    """A linear warmup from 0, then B over the square root of the step.

    Formula: lr(t) = B / sqrt((t + timescale - W) / timescale) for t >= W; timescale is W, or 10000 if W is 0.
    Edges: with W = 0 the curve is almost flat for thousands of steps. A timescale of 0 divides by zero at W.
    Source: transformers 5.23.0 ``get_inverse_sqrt_schedule``.
    """
    B, W = group.lr, num_warmup_steps
    scale = (W or 10_000) if timescale is None else timescale
    phase = Phase("decay", W, lambda t: B * (1.0 / np.sqrt((t + (scale - W)) / scale)))
    end = math.inf if scale > 0 else W - scale
    return warmed(B, W, phase, end=end, why=f"division by zero (timescale={scale})")


def _floor_rate(group: Group, min_lr: float | None, min_lr_rate: float | None) -> float:
    if min_lr is not None and min_lr_rate is not None:
        raise ScheduleError("only one of min_lr and min_lr_rate may be given", hint="drop one of the two")
    if min_lr is not None:
        return min_lr / group.default_lr
    if min_lr_rate is None:
        raise ScheduleError(
            "one of min_lr and min_lr_rate is needed", hint="give min_lr=1e-5 or min_lr_rate=0.1"
        )
    return min_lr_rate


@schedule(
    example={"num_warmup_steps": 10, "num_training_steps": 100, "min_lr_rate": 0.1},
    starter={"num_warmup_steps": "0", "min_lr|min_lr_rate": "0.1"},
    aliases=("get_cosine_with_min_lr_schedule_with_warmup",),
)
def cosine_with_min_lr(
    group: Group,
    num_warmup_steps: Warmup,
    num_training_steps: Total,
    num_cycles: Number = 0.5,
    min_lr: Floor | None = None,
    min_lr_rate: FloorRate | None = None,
) -> Timeline:
    """A linear warmup from 0, then a cosine wave that ends at a floor.

    Formula: lr(t) = B max(0, c (1 - r) + r) for t >= W, c the wave of cosine, r = min_lr_rate or
    min_lr / D, D the default LR of the optimizer.
    Edges: the warmup starts at 0, not at the floor. Rises again after T. A floor above B rises.
    Source: transformers 5.23.0 ``get_cosine_with_min_lr_schedule_with_warmup``.

    Raises:
        ScheduleError: neither or both of ``min_lr`` and ``min_lr_rate``.

    """
    rate = _floor_rate(group, min_lr, min_lr_rate)
    phase = _wave(group, num_warmup_steps, num_training_steps, num_cycles, rate)
    return warmed(group.lr, num_warmup_steps, phase)


@schedule(
    example={"num_warmup_steps": 10, "num_training_steps": 100, "min_lr_rate": 0.1},
    starter={"num_warmup_steps": "0", "min_lr|min_lr_rate": "0.1"},
    aliases=("get_cosine_with_min_lr_schedule_with_warmup_lr_rate",),
)
def cosine_warmup_with_min_lr(
    group: Group,
    num_warmup_steps: Warmup,
    num_training_steps: Total,
    num_cycles: Number = 0.5,
    min_lr: Floor | None = None,
    min_lr_rate: FloorRate | None = None,
    warmup_lr_rate: Factor | None = None,
) -> Timeline:
    """As cosine_with_min_lr, one step ahead: the first update has B / W, the last one the floor.

    Formula: lr(t) = B (t + 1) / max(1, W) for t < W, or B (w + (1 - w) t / max(1, W - 1)) with
    w = warmup_lr_rate; then the wave at p = (t - W + 1) / max(1, T - W).
    Edges: the floor is reached at t = T - 1, the last update; then it rises.
    Source: transformers 5.23.0 ``get_cosine_with_min_lr_schedule_with_warmup_lr_rate``.

    Raises:
        ScheduleError: neither or both of ``min_lr`` and ``min_lr_rate``.

    """
    B, W, T, w = group.lr, num_warmup_steps, num_training_steps, warmup_lr_rate
    floor = _floor_rate(group, min_lr, min_lr_rate)
    ahead = _wave(group, W - 1, T - 1, num_cycles, floor)
    ramp = Phase(
        "warmup",
        0.0,
        (lambda t: B * ((t + 1.0) / max(1.0, W)))
        if w is None
        else (lambda t: B * (w + (1.0 - w) * t / max(1.0, W - 1))),
    )
    decay = replace(ahead, start=W)
    return Timeline((ramp, decay) if W > 0 else (decay,))
