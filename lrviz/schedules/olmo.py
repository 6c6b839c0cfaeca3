"""OLMo: the schedules that the ``scheduler`` of its config names, ai2-olmo 0.6.0.

A function of the steps done, which its trainer calls for an update with that update counted: update t has
f(t + 1). With ``units: tokens`` it counts tokens; lrviz takes them in updates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import FloorRate, Ticks, Total, Warmup, WarmupStart
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.cosine import cos01
from lrviz.schedules.shapes.ramps import fall, rise

if TYPE_CHECKING:
    from lrviz.engine.timeline import Formula, Rates, TickArray

FRAMEWORK = Framework("olmo", "0.6.0")


def _warmup(B: float, W: float, warmup_min_lr: float | None) -> tuple[Phase, ...]:
    """The warmup, from a tenth of B unless another LR is given.

    Raises:
        ScheduleError: it would not start between 0 and B.

    """
    first = B * 0.1 if warmup_min_lr is None else warmup_min_lr
    if W > 0 and not 0 <= first < B:
        raise ScheduleError(
            f"the warmup must start at 0 or more and below the LR {B!r}, got warmup_min_lr={warmup_min_lr!r}",
            hint="<warmup_min_lr=0>",
        )
    return rise(first, B, W)


@dataclass(frozen=True)
class Warmed:
    """What every schedule with an end takes: a warmup, then a fall to ``alpha_f`` B at ``t_max``."""

    max_steps: Total
    t_warmup: Warmup = 100
    t_max: Ticks | None = None
    alpha_f: FloorRate = 0.1
    warmup_min_lr: WarmupStart | None = None

    def fall(self, B: float, shape: Formula, label: str) -> Timeline:
        """The two, the fall in that shape.

        Raises:
            ScheduleError: the warmup would not start between 0 and B.

        """
        T = self.max_steps if self.t_max is None else self.t_max
        before = _warmup(B, self.t_warmup, self.warmup_min_lr)
        return Timeline((*before, *fall(B, self.alpha_f * B, self.t_warmup, T, shape, label=label)))


@schedule(example={"t_warmup": 10})
def constant_with_warmup(
    group: Group, t_warmup: Warmup = 100, warmup_min_lr: WarmupStart | None = None
) -> Timeline:
    """A linear warmup, then B.

    Formula: f(g) = w + (B - w) g / W for g < W = t_warmup, then B; w = warmup_min_lr, or B / 10.
    Edges: the trainer takes f(t + 1) for update t (lead=1). The warmup starts at a tenth of B unless
    warmup_min_lr is given.
    Source: olmo 0.6.0 ``ConstantWithWarmupScheduler``.

    Raises:
        ScheduleError: warmup_min_lr is negative, or not below B.

    """
    B, W = group.lr, t_warmup
    return Timeline((*_warmup(B, W, warmup_min_lr), constant(B, kind="stable", start=max(W, 0))))


@schedule(example={"t_warmup": 10, "max_steps": 100})
def cosine_with_warmup(group: Group, warmed: Warmed) -> Timeline:
    """A linear warmup, then half a cosine to ``alpha_f`` B, which holds.

    Formula: f(g) = w + (B - w) g / W for g < W = t_warmup; then alpha_f B + (1 - alpha_f) B
    (1 + cos(pi (g - W) / (T - W))) / 2 up to T = t_max or max_steps, and alpha_f B from there on;
    w = warmup_min_lr, or B / 10.
    Edges: the trainer takes f(t + 1) for update t (lead=1), so the last one has alpha_f B. The warmup starts
    at a tenth of B unless warmup_min_lr is given. T <= W drops from the warmup to alpha_f B.
    Source: olmo 0.6.0 ``CosWithWarmup``.

    Raises:
        ScheduleError: warmup_min_lr is negative, or not below B.

    """
    return warmed.fall(group.lr, cos01, "cosine decay")


@schedule(example={"t_warmup": 10, "max_steps": 100})
def linear_with_warmup(group: Group, warmed: Warmed) -> Timeline:
    """A linear warmup, then a straight line to ``alpha_f`` B, which holds.

    Formula: f(g) = w + (B - w) g / W for g < W = t_warmup; then B - (1 - alpha_f) B (g - W) / (T - W) up to
    T = t_max or max_steps, and alpha_f B from there on; w = warmup_min_lr, or B / 10.
    Edges: as cosine_with_warmup.
    Source: olmo 0.6.0 ``LinearWithWarmup``.

    Raises:
        ScheduleError: warmup_min_lr is negative, or not below B.

    """
    return warmed.fall(group.lr, lambda u: 1.0 - u, "decay")


@schedule(example={"t_warmup": 10, "max_steps": 100})
def cosine_linear_envelope(group: Group, warmed: Warmed) -> Timeline:
    """A linear warmup, then a cosine times a straight line to ``alpha_f`` B, which holds.

    Formula: f(g) = w + (B - w) g / W for g < W = t_warmup; then alpha_f B + (1 - u) (1 - alpha_f) B
    (1 + cos(pi u)) / 2 with u = (g - W) / (T - W) up to T = t_max or max_steps, and alpha_f B from there on;
    w = warmup_min_lr, or B / 10.
    Edges: as cosine_with_warmup.
    Source: olmo 0.6.0 ``CosLinearEnvelope``.

    Raises:
        ScheduleError: warmup_min_lr is negative, or not below B.

    """
    return warmed.fall(group.lr, lambda u: (1.0 - u) * cos01(u), "cosine decay")


@schedule(example={"t_warmup": 10})
def inverse_sqrt_with_warmup(
    group: Group, t_warmup: Warmup = 100, warmup_min_lr: WarmupStart | None = None
) -> Timeline:
    """A linear warmup, then B over the square root of the step.

    Formula: f(g) = w + (B - w) g / W for g < W = t_warmup, then B sqrt(W / g); w = warmup_min_lr, or B / 10.
    Edges: the trainer takes f(t + 1) for update t (lead=1). It has no end and no floor.
    Source: olmo 0.6.0 ``InvSqrtWithWarmup``.

    Raises:
        ScheduleError: warmup_min_lr is negative, or not below B; t_warmup is not above 0, which divides by
            zero at first and is 0 from then on.

    """
    B, W = group.lr, t_warmup
    return Timeline((*_warmup(B, W, warmup_min_lr), Phase("decay", W, _inverse_sqrt(B, W))))


def _inverse_sqrt(B: float, W: float) -> Formula:
    if not W > 0:
        raise ScheduleError(f"division by zero (t_warmup={W})", hint="<t_warmup=100>", step=0)
    return lambda g: B * np.sqrt(W / np.maximum(W, g))


@schedule(example={"t_warmup": 10, "max_steps": 100})
def max_scheduler(group: Group, warmed: Warmed) -> Timeline:
    """The larger one of cosine_with_warmup and inverse_sqrt_with_warmup.

    Formula: f(g) = w + (B - w) g / W for g < W = t_warmup, then the maximum of the two.
    Edges: the cosine first, the square root near its end and from then on. Otherwise as these two.
    Source: olmo 0.6.0 ``MaxScheduler``.

    Raises:
        ScheduleError: as inverse_sqrt_with_warmup.

    """
    B, W = group.lr, warmed.t_warmup
    cosine, root = cosine_with_warmup(group, warmed), _inverse_sqrt(B, W)

    def greater(g: TickArray) -> Rates:
        return np.maximum(cosine(g), root(g))

    return Timeline((*_warmup(B, W, warmed.warmup_min_lr), Phase("decay", W, greater)))
