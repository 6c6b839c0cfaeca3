"""NeMo's schedulers after the Transformer, the Squeezeformer and T5."""

from __future__ import annotations

import math

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, Number, Ticks, Total, Warmup
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.nemo.hold import HoldPolicy
from lrviz.schedules.nemo.shared import annealed, lowest, stretch
from lrviz.schedules.shapes.checks import positive


@schedule(
    example={"d_model": 176, "warmup_steps": 10, "min_lr": 1e-3},
    ignores=("max_steps",),
    starter={"d_model": "512", "warmup_ratio|warmup_steps": "6%"},
)
def NoamAnnealing(
    group: Group,
    *,
    d_model: Number,
    max_steps: Total | None = None,
    warmup_steps: Warmup | None = None,
    warmup_ratio: Factor | None = None,
    min_lr: Floor = 0.0,
) -> Timeline:
    """A linear warmup, then the inverse square root of the update (the Transformer's schedule).

    Formula: lr(t) = B d_model^-0.5 min(n^-0.5, n W^-1.5) with n = max(1, t), after the warmup at least
    min_lr. W is warmup_steps, or the whole part of warmup_ratio max_steps, or 0, which leaves
    B d_model^-0.5 n^-0.5.
    Edges: B, the optimizer's LR, is a factor: the peak is B / sqrt(d_model W), at t = W. Updates 0 and 1 have
    the same LR. max_steps is only what warmup_ratio is a share of, nothing ends there. min_lr must not be
    above B, though the peak may be below it.
    Source: nemo 3.0.0 ``NoamAnnealing``.

    Raises:
        ScheduleError: d_model not above 0, a min_lr above B, warmup_steps and warmup_ratio, or a ratio
            without max_steps.

    """
    positive("NoamAnnealing", d_model=d_model)
    W = stretch("warmup", warmup_steps, warmup_ratio, max_steps)
    if lowest(group) < min_lr:
        raise ScheduleError(
            f"min_lr must not be above the LR {lowest(group)!r}, got {min_lr!r}", hint="<min_lr=0>", step=0
        )
    scale: float = group.lr * d_model**-0.5

    def decaying(t: TickArray) -> Rates:
        return np.maximum(min_lr, scale / np.sqrt(np.maximum(1.0, t)))

    def rising(t: TickArray) -> Rates:
        n = np.maximum(1.0, t)
        steep: float = W**-1.5
        return scale * np.minimum(1.0 / np.sqrt(n), n * steep)

    if W < 1:
        return Timeline((Phase("decay", 0.0, decaying),))
    return Timeline((Phase("warmup", 0.0, rising), Phase("decay", math.floor(W) + 1, decaying)))


@schedule(
    example={"warmup_steps": 10, "hold_steps": 20, "max_steps": 100, "decay_rate": 1.0},
    starter={"warmup_ratio|warmup_steps": "6%"},
)
def NoamHoldAnnealing(group: Group, policy: HoldPolicy, *, decay_rate: Factor = 0.5) -> Timeline:
    """A linear warmup that skips 0, B for a while, then a power of the update (the Squeezeformer's schedule).

    Formula: warmup and hold as in WarmupHoldPolicy, h being the length of the hold; then
    max(min_lr, B max(1, W^decay_rate) / max(1, (t - h)^decay_rate)) up to T = max_steps, then min_lr.
    Edges: unlike in NoamAnnealing B is the peak. Without a warmup it stops where the hold ends.
    Source: nemo 3.0.0 ``NoamHoldAnnealing``.

    Raises:
        ScheduleError: steps and ratio of one stretch, neither a warmup nor a hold, or a power beyond float64.

    """
    held, T, low = policy.held(group.lr), policy.max_steps, policy.min_lr
    B, W, h = held.B, held.W, held.H - held.W if held.H > 0 else 0
    warmed = B * _warmed(W, decay_rate)

    def rate(t: TickArray) -> Rates:
        passed: Rates = np.maximum(1.0, (t - h) ** float(decay_rate))
        return np.maximum(low, warmed / passed)

    end = -math.inf if W == 0 else math.inf
    why = "the Noam scheduler has no warmup steps"
    return annealed(held.phases(), Phase("decay", held.start, rate), T, low, end=end, why=why)


def _warmed(W: float, decay_rate: float) -> float:
    """max(1, W^decay_rate); without a warmup the framework stops before it asks.

    Raises:
        ScheduleError: it is beyond float64.

    """
    if W == 0:
        return 1.0
    try:
        _ = float(W) ** float(decay_rate)  # soon told, where whole numbers would be counted out
        return float(max(1.0, W**decay_rate))
    except OverflowError as error:
        raise ScheduleError(f"{W} ** {decay_rate}: {error}", hint="<decay_rate=0.5>") from None


@schedule(example={"constant_steps": 20, "max_steps": 100}, starter={"constant_steps": "6%"})
def T5InverseSquareRootAnnealing(*, max_steps: Total, constant_steps: Ticks, min_lr: Floor = 0.0) -> Timeline:
    """Constant for some steps, then the inverse square root of the update, whatever the optimizer's LR is.

    Formula: lr(t) = 1 / sqrt(constant_steps) for t <= constant_steps, 1 / sqrt(t) up to T = max_steps, then
    min_lr.
    Edges: the LR of the optimizer is not looked at: 10,000 constant steps are an LR of 0.01. NeMo's
    constant_ratio is of no use, its constructor takes the root of constant_steps all the same. min_lr is no
    floor before T.
    Source: nemo 3.0.0 ``T5InverseSquareRootAnnealing``.

    Raises:
        ScheduleError: constant_steps not above 0.

    """
    positive("T5InverseSquareRootAnnealing", constant_steps=constant_steps)
    flat = constant(1.0 / constant_steps**0.5, kind="warmup")
    decay = Phase("decay", math.floor(constant_steps) + 1, lambda t: 1.0 / np.sqrt(t))
    return annealed((flat,), decay, max_steps, min_lr)
