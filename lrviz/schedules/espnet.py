"""ESPnet2: the schedulers that its trainer steps after each update, 202511.

``warmuplr`` is paper.noam with model_size=1 and a factor of lr sqrt(warmup_steps), ``noamlr`` is paper.noam
with lr as its factor. Those of torch are stepped once per epoch, but for its cyclic ones.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import START, Framework, schedule
from lrviz.catalogue.roles import LR, BaseLR, EpochSteps, Factor, Floor, Ticks, Total, Warmup, WarmupFraction
from lrviz.engine.breakpoints import Listed, Periodic
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import not_negative, positive

if TYPE_CHECKING:
    from collections.abc import Sequence

FRAMEWORK = Framework("espnet", "202511", inert={"last_epoch": START})


@schedule(example={"max_steps": 100})
def TristageLR(
    group: Group,
    max_steps: Total = 25_000,
    warmup_ratio: WarmupFraction = 0.1,
    hold_ratio: Factor = 0.4,
    decay_ratio: Factor = 0.5,
    init_lr_scale: Factor = 0.01,
    final_lr_scale: Factor = 0.01,
) -> Timeline:
    """A linear warmup, the LR for a while, an exponential decay; each one step ahead.

    Formula: with n = min(t + 1, M), lr(t) = B (i + (1 - i) n / W) for n < W, B for n < W + H, then
    B f^((n - W - H) / (M - W - H)). M = int(max_steps), W = int(M warmup_ratio), H = int(M hold_ratio),
    i = init_lr_scale, f = final_lr_scale.
    Edges: the last update has f B, which stays. The ratios must sum to 1: another warmup needs another hold.
    Source: espnet 202511 ``TristageLR``.

    Raises:
        ScheduleError: a ratio is negative, or they do not sum to 1; a scale is outside (0, 1].

    """
    not_negative("TristageLR", warmup_ratio=warmup_ratio, hold_ratio=hold_ratio, decay_ratio=decay_ratio)
    total = warmup_ratio + hold_ratio + decay_ratio
    if not math.isclose(total, 1.0):
        half = f"{(1.0 - warmup_ratio) / 2:.12g}"
        raise ScheduleError(
            f"TristageLR: the three ratios must sum to 1, got {total!r}",
            hint=f"<hold_ratio={half},decay_ratio={half}>"
            if warmup_ratio < 1.0
            else "give a shorter <warmup>",
        )
    for name, value in {"init_lr_scale": init_lr_scale, "final_lr_scale": final_lr_scale}.items():
        if not 0.0 < value <= 1.0:
            raise ScheduleError(
                f"TristageLR: {name} must be above 0 and at most 1, got {value!r}", hint=f"<{name}=0.01>"
            )
    B, M, i = group.lr, int(max_steps), init_lr_scale
    W, H = int(M * warmup_ratio), int(M * hold_ratio)
    held = M - W - H
    slope = math.log(final_lr_scale) / held if held else 0.0

    def decay(t: TickArray) -> Rates:
        return B * np.exp(slope * (np.minimum(t + 1.0, M) - W - H))

    phases = [
        Phase("warmup", 0.0, lambda t: i * B + (B - i * B) / W * (t + 1.0)),
        constant(B, kind="stable", start=max(W - 1, 0)),
        Phase("decay", max(W + H - 1, W - 1, 0), decay),
    ]
    return Timeline(_lasting(phases))


def _lasting(phases: Sequence[Phase]) -> tuple[Phase, ...]:
    """Those that do not end where they begin."""
    stops = [*(phase.start for phase in phases[1:]), math.inf]
    return tuple(phase for phase, stop in zip(phases, stops, strict=True) if phase.start < stop)


@schedule(
    example={"warmup_steps": 20, "steps_per_epoch": 10, "step_size": 2},
    starter={"warmup_steps": "6%"},
)
def WarmupStepLR(
    group: Group,
    warmup_steps: Warmup = 25_000,
    steps_per_epoch: EpochSteps = 10_000,
    step_size: Ticks = 1,
    gamma: Factor = 0.1,
) -> Timeline:
    """A linear warmup, then the LR times ``gamma`` every ``step_size`` epochs.

    Formula: with n = t + 1, lr(t) = B n / W for n <= W = warmup_steps, then
    B gamma^((n // E - W // E) // step_size), E = steps_per_epoch.
    Edges: epochs are counted from the one in which the warmup ends, step_size of them; the step before an
    epoch has its LR already.
    Source: espnet 202511 ``WarmupStepLR``.

    Raises:
        ScheduleError: no warmup, no steps in an epoch or a step_size of 0, which divide by zero.

    """
    B, W, E = group.lr, warmup_steps, steps_per_epoch
    positive("WarmupStepLR", warmup_steps=W, steps_per_epoch=E, step_size=step_size)
    before = W // E

    def rate(t: TickArray) -> Rates:
        return B * float(gamma) ** (((t + 1.0) // E - before) // step_size)

    drops = Periodic(E * step_size, start=before * E - 1.0, jumps=True, monotone=gamma >= 0)
    decay = Phase("decay", math.floor(W), rate, drops, label="step")
    return Timeline(_lasting([Phase("warmup", 0.0, lambda t: B * (t + 1.0) / W), decay]))


@schedule(example={"warmup_steps_list": (0, 10, 30), "warmup_lr_list": (0.0, 0.01, 0.1)})
def PiecewiseLinearWarmupLR(
    group: Group,
    warmup_steps_list: tuple[Ticks, ...] = (0, 25_000),
    warmup_lr_list: tuple[LR, ...] = (0.0, 0.001),
) -> Timeline:
    """A warmup through points, then the inverse square root of the step.

    Formula: with n = t + 1, lr(t) lies on the straight lines through the points for n <= W, the last of
    warmup_steps_list, then B sqrt(W / n).
    Edges: the points are LRs and have nothing to do with B: where the last is not B it jumps after W.
    Source: espnet 202511 ``PiecewiseLinearWarmupLR``.

    Raises:
        ScheduleError: there are no points, not as many LRs as steps, or steps that do not ascend.

    """
    B, steps, lrs = group.lr, warmup_steps_list, warmup_lr_list
    if not steps or len(steps) != len(lrs) or any(b <= a for a, b in pairwise(steps)):
        raise ScheduleError(
            f"warmup_steps_list {steps} must ascend and be as long as warmup_lr_list {lrs}",
            hint="<warmup_steps_list=[0,1000],warmup_lr_list=[0,0.001]>",
        )
    W = steps[-1]
    places = Listed(tuple(float(step) - 1.0 for step in steps))
    warmup = Phase("warmup", 0.0, lambda t: np.interp(t + 1.0, steps, lrs), places, label="through points")
    decay = Phase("decay", max(0, math.floor(W)), lambda t: B * W**0.5 * (t + 1.0) ** -0.5)
    return Timeline(_lasting([warmup, decay]))


@schedule(
    example={"max_lr": 0.1, "min_lr": 0.001, "total_steps": 100, "warmup_steps": 10, "warm_from_zero": True},
    starter={"min_lr": "1e-6"},
)
def ExponentialDecayWarmup(
    group: Group,
    max_lr: BaseLR,
    min_lr: Floor,
    total_steps: Total,
    warmup_steps: Warmup = 0,
    warm_from_zero: bool = False,
) -> Timeline:
    """A linear or no warmup, then an exponential decay from ``max_lr`` to ``min_lr``.

    Formula: lr(t) = max_lr (t + 1) / W for 0 < t < W with warm_from_zero, else the group's own LR; from
    t = W on max_lr (min_lr / max_lr)^((t - W) / (T - W)).
    Edges: the first update has 0 with warm_from_zero, even without a warmup, and max_lr without. It goes on
    below min_lr after T = total_steps.
    Source: espnet 202511 ``ExponentialDecayWarmup``.

    Raises:
        ScheduleError: the warmup is not shorter than the run, or an LR is not above 0.

    """
    W, T = warmup_steps, total_steps
    if not W < T:
        raise ScheduleError(f"a warmup of {W} steps, {T} in all", hint="give a shorter <warmup>")
    positive("ExponentialDecayWarmup", max_lr=max_lr, min_lr=min_lr)
    slope = math.log(min_lr / max_lr)
    first = constant(0.0 if warm_from_zero else max_lr, kind="warmup" if warm_from_zero else "hold")
    if warm_from_zero:
        second = Phase("warmup", 1.0, lambda t: max_lr * ((t + 1.0) / W))
    else:
        second = constant(group.lr, kind="hold", start=1.0, label="the group's LR")
    decay = Phase("decay", max(W, 1), lambda t: max_lr * np.exp(slope * (t - W) / (T - W)))
    return Timeline(_lasting([first, second, decay]))
