"""OLMo-core's warmups that go before one formula, and its exponential rise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import LR, Factor, FloorRate, Total, Warmup, WarmupStart
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.olmo_core.shared import STARTER, Timed, steps_of, warmup_phases
from lrviz.schedules.shapes.checks import positive
from lrviz.schedules.shapes.cosine import cos01
from lrviz.schedules.shapes.ramps import fall

if TYPE_CHECKING:
    from lrviz.engine.timeline import Formula, Rates, TickArray


@dataclass(frozen=True)
class Warmed(Timed):
    """What every schedule with an end takes: a warmup, then a fall to ``alpha_f`` B at ``t_max``."""

    alpha_f: FloorRate = 0.1
    warmup_min_lr: WarmupStart = 0.0

    def fall(self, B: float, top: float, shape: Formula, label: str) -> Timeline:
        """The two, the warmup to ``top``, the fall from B in that shape.

        Raises:
            ScheduleError: the warmup has not one length, or would not start between 0 and ``top``.

        """
        before = warmup_phases(top, self.W, self.warmup_min_lr)
        return Timeline((*before, *fall(B, self.alpha_f * B, self.W, self.t_max, shape, label=label)))


@schedule(example={"warmup": 10}, starter=STARTER)
def ConstantWithWarmup(
    group: Group,
    t_max: Total | None = None,
    warmup: Warmup | None = None,
    warmup_fraction: Factor | None = None,
    warmup_min_lr: WarmupStart = 0.0,
) -> Timeline:
    """A linear warmup, then B.

    Formula: f(g) = w + (B - w) g / W for g <= W, then B. W = warmup or round(t_max warmup_fraction),
    w = warmup_min_lr.
    Edges: the trainer takes f(t + 1) for update t (lead=1). W = 0 divides by zero at g = 0, which no update
    has; it is B here.
    Source: olmo_core 3.0.0 ``ConstantWithWarmup``.

    Raises:
        ScheduleError: not exactly one of warmup and warmup_fraction; warmup_min_lr is not below B.

    """
    B = group.lr
    W = steps_of("warmup", _total(t_max, warmup_fraction), warmup, warmup_fraction)
    return Timeline((*warmup_phases(B, W, warmup_min_lr), constant(B, kind="stable", start=W)))


@schedule(example={"warmup": 10, "t_max": 100}, starter=STARTER)
def LinearWithWarmup(group: Group, warmed: Warmed) -> Timeline:
    """A linear warmup, then a straight line to ``alpha_f`` B, which holds.

    Formula: f(g) = w + (B - w) g / W for g < W; B - (1 - alpha_f) B (g - W) / (t_max - W); alpha_f B from
    t_max on. W = warmup or round(t_max warmup_fraction), w = warmup_min_lr.
    Edges: the trainer takes f(t + 1) for update t (lead=1), so the last one has alpha_f B. t_max is the
    length of the run unless it is given. t_max <= W drops from the warmup to alpha_f B.
    Source: olmo_core 3.0.0 ``LinearWithWarmup``.

    Raises:
        ScheduleError: not exactly one of warmup and warmup_fraction; warmup_min_lr is not below B.

    """
    return warmed.fall(group.lr, group.lr, lambda u: 1.0 - u, "decay")


@schedule(example={"warmup": 10}, starter={"warmup_fraction|warmup": "6%"})
def InvSqrtWithWarmup(
    group: Group,
    t_max: Total | None = None,
    alpha_f: FloorRate = 0.1,
    warmup: Warmup | None = None,
    warmup_fraction: Factor | None = None,
    warmup_min_lr: WarmupStart = 0.0,
) -> Timeline:
    """A linear warmup, then the inverse square root of the step towards ``alpha_f`` B.

    Formula: f(g) = w + (B - w) g / W for g < W, then alpha_f B + (1 - alpha_f) B sqrt(W / g). W = warmup or
    round(t_max warmup_fraction), w = warmup_min_lr.
    Edges: the trainer takes f(t + 1) for update t (lead=1). alpha_f B is never reached; with W = 0 it is
    there at once, and g = 0, which no update has, divides by zero.
    Source: olmo_core 3.0.0 ``InvSqrtWithWarmup``.

    Raises:
        ScheduleError: not exactly one of warmup and warmup_fraction; warmup_min_lr is not below B.

    """
    B, floor = group.lr, alpha_f * group.lr
    W = steps_of("warmup", _total(t_max, warmup_fraction), warmup, warmup_fraction)

    def root(g: TickArray) -> Rates:
        return floor + (B - floor) * np.sqrt(W / np.maximum(g, 1.0))

    return Timeline((*warmup_phases(B, W, warmup_min_lr), Phase("decay", W, root)))


@schedule(example={"warmup": 10, "t_max": 100}, starter=STARTER)
def CosWithWarmup(group: Group, warmed: Warmed) -> Timeline:
    """A linear warmup, then half a cosine to ``alpha_f`` B, which holds.

    Formula: f(g) = w + (B - w) g / W for g < W; alpha_f B + (1 - alpha_f) B (1 + cos(pi u)) / 2 with
    u = (g - W) / (t_max - W); alpha_f B from t_max on. W = warmup or round(t_max warmup_fraction),
    w = warmup_min_lr.
    Edges: as LinearWithWarmup.
    Source: olmo_core 3.0.0 ``CosWithWarmup``.

    Raises:
        ScheduleError: not exactly one of warmup and warmup_fraction; warmup_min_lr is not below B.

    """
    return warmed.fall(group.lr, group.lr, cos01, "cosine decay")


@schedule(example={"warmup": 10, "t_max": 100}, starter=STARTER)
def HalfCosWithWarmup(group: Group, warmed: Warmed) -> Timeline:
    """A linear warmup to the middle of a cosine, and the second half of that.

    Formula: f(g) = w + (M - w) g / W for g < W, M = (1 + alpha_f) B / 2; alpha_f B + (1 - alpha_f) B
    (1 + cos(pi (1 + u) / 2)) / 2 with u = (g - W) / (t_max - W); alpha_f B from t_max on. W = warmup or
    round(t_max warmup_fraction), w = warmup_min_lr.
    Edges: B is the peak of the whole cosine and never used. Otherwise as LinearWithWarmup.
    Source: olmo_core 3.0.0 ``HalfCosWithWarmup``.

    Raises:
        ScheduleError: not exactly one of warmup and warmup_fraction; warmup_min_lr is not below M.

    """
    B, floor = group.lr, warmed.alpha_f * group.lr
    return warmed.fall(B, floor + (B - floor) / 2.0, lambda u: cos01((1.0 + u) / 2.0), "cosine decay")


def _total(t_max: float | None, fraction: float | None) -> float:
    if t_max is None and fraction is not None:
        raise ScheduleError("warmup_fraction is a part of t_max", hint="give <steps=1000>, or <warmup=100>")
    return t_max or 0.0


@schedule(example={"t_max": 100})
def ExponentialScheduler(group: Group, t_max: Total, lr_min: LR = 1e-9) -> Timeline:
    """An exponential rise from ``lr_min`` to B, which holds.

    Formula: f(g) = m (B / m)^(g / t_max), m = lr_min; B from t_max on.
    Edges: the trainer takes f(t + 1) for update t (lead=1).
    Source: olmo_core 3.0.0 ``ExponentialScheduler``.

    Raises:
        ScheduleError: lr_min is not positive.

    """
    positive("ExponentialScheduler", lr_min=lr_min)
    rising = Phase("rise", 0.0, lambda g: lr_min * (group.lr / lr_min) ** (g / t_max))
    return Timeline((rising, constant(group.lr, kind="hold", start=t_max)))
