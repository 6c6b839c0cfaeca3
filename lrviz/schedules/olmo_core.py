"""OLMo-core: the classes of its ``optim.scheduler``, ai2-olmo-core 3.0.0.

A function of the steps done, which its trainer calls for an update with that update counted: update t has
f(t + 1). With ``units: tokens`` it counts tokens; lrviz takes them in updates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import LR, Factor, FloorRate, Number, Ticks, Total, Warmup, WarmupStart
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import positive
from lrviz.schedules.shapes.cosine import cos01
from lrviz.schedules.shapes.ramps import fall, rise

if TYPE_CHECKING:
    from lrviz.engine.timeline import Rates, TickArray

FRAMEWORK = Framework("olmo_core", "3.0.0")

STARTER = {"warmup_fraction|warmup": "0"}


def _length(name: str, T: float, steps: float | None, fraction: float | None) -> float:
    """So many steps, or that fraction of T in whole steps.

    Raises:
        ScheduleError: not exactly one of the two is given; a fraction outside [0, 1].

    """
    if (steps is None) == (fraction is None):
        raise ScheduleError(
            f"exactly one of {name} and {name}_fraction must be given",
            hint=f"<{name}=100>" if steps is None else f"<{name}_fraction=none>",
        )
    if fraction is None:
        return steps or 0.0
    if not 0 <= fraction <= 1:
        raise ScheduleError(
            f"{name}_fraction must be between 0 and 1, got {fraction!r}", hint=f"<{name}_fraction=0.1>"
        )
    return round(T * fraction)


def _below(name: str, low: float, top: float) -> None:
    if not 0 <= low < top:
        raise ScheduleError(
            f"{name} must be 0 or more and below the LR {top!r}, got {low!r}", hint=f"<{name}=0>"
        )


def _warmup(top: float, W: float, first: float) -> tuple[Phase, ...]:
    if W > 0:
        _below("warmup_min_lr", first, top)
    return rise(first, top, W)


@dataclass(frozen=True)
class Tail:
    """The straight line of the last ``D`` steps before T, which a whole warmup precedes."""

    T: float
    D: float
    low: float

    def start(self, W: float) -> float:
        """The first step after the warmup that is in it."""
        return max(self.T - self.D, math.floor(W) + 1 if W > 0 else 0)

    def behind(self, W: float, phases: tuple[Phase, ...], top: float) -> Timeline:
        """The phases, then the line from ``top``."""
        T, D, low, start = self.T, self.D, self.low, self.start(W)
        before = tuple(phase for phase in phases if phase.start < start)
        if D == 0:
            return Timeline(before or phases, max(start, 0.0), "division by zero (a decay of no length)")
        _below("decay_min_lr", low, top)
        line = Phase("decay", start, lambda g: low + (top - low) * (np.minimum(T - g, D) / D))
        return Timeline((*before, line))


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
    W = _length("warmup", _total(t_max, warmup_fraction), warmup, warmup_fraction)
    return Timeline((*_warmup(B, W, warmup_min_lr), constant(B, kind="stable", start=W)))


def _total(t_max: float | None, fraction: float | None) -> float:
    if t_max is None and fraction is not None:
        raise ScheduleError("warmup_fraction is a part of t_max", hint="give <steps>, or <warmup=100>")
    return t_max or 0.0


@schedule(example={"warmup": 10, "t_max": 100, "decay_fraction": 0.3}, starter=STARTER)
def WSD(
    group: Group,
    t_max: Total,
    warmup: Warmup | None = None,
    warmup_fraction: Factor | None = None,
    decay: Ticks | None = None,
    decay_fraction: Factor | None = 0.1,
    warmup_min_lr: WarmupStart = 0.0,
    decay_min_lr: LR = 0.0,
) -> Timeline:
    """Warmup, stable, decay: straight lines.

    Formula: f(g) = w + (B - w) g / W for g <= W; B; from g = t_max - D on d + (B - d) min(t_max - g, D) / D.
    W = warmup or round(t_max warmup_fraction), D = decay or round(t_max decay_fraction), w = warmup_min_lr,
    d = decay_min_lr.
    Edges: the trainer takes f(t + 1) for update t (lead=1), so the last update has d itself, by default 0.
    decay goes with decay_fraction=none. The warmup cuts the decay, not the decay the warmup. It goes on below
    d after t_max. D = 0 divides by zero at t_max. W = 0 divides by zero at g = 0, which no update has; it is
    B here.
    Source: olmo_core 3.0.0 ``WSD``.

    Raises:
        ScheduleError: not exactly one of warmup and warmup_fraction, or of decay and decay_fraction;
            warmup_min_lr or decay_min_lr is not below B.

    """
    B, T = group.lr, t_max
    W = _length("warmup", T, warmup, warmup_fraction)
    tail = Tail(T, _length("decay", T, decay, decay_fraction), decay_min_lr)
    return tail.behind(W, (*_warmup(B, W, warmup_min_lr), constant(B, kind="stable", start=W)), B)


@schedule(example={"warmup": 10, "t_max": 100}, starter={"warmup_fraction|warmup": "6%"})
def PowerLR(
    group: Group,
    t_max: Total,
    b: Number = -0.51,
    warmup: Warmup | None = None,
    warmup_fraction: Factor | None = None,
    decay: Ticks | None = None,
    decay_fraction: Factor | None = 0.1,
    warmup_min_lr: WarmupStart = 0.0,
    decay_min_lr: LR = 0.0,
) -> Timeline:
    """A linear warmup, a power of the step, and a straight line at the end.

    Formula: f(g) = w + (B - w) g / W for g <= W; B (g / W)^b; from g = t_max - D on d + (P - d)
    min(t_max - g, D) / D with P = B ((t_max - D) / W)^b. W = warmup or round(t_max warmup_fraction),
    D = decay or round(t_max decay_fraction), w = warmup_min_lr, d = decay_min_lr.
    Edges: as WSD.
    Source: olmo_core 3.0.0 ``PowerLR``.

    Raises:
        ScheduleError: as WSD; b is not negative; no warmup, or no step before the decay.

    """
    B, T = group.lr, t_max
    W = _length("warmup", T, warmup, warmup_fraction)
    tail = Tail(T, _length("decay", T, decay, decay_fraction), decay_min_lr)
    if not b < 0:
        raise ScheduleError(f"b must be negative, got {b!r}", hint="<b=-0.51>")
    if not (W > 0 and tail.T > tail.D):
        raise ScheduleError(
            f"division by zero (warmup {W}, decay {tail.D} of {T} steps)",
            hint="give a <warmup> above 0 and a decay shorter than the run",
            step=0,
        )
    power = Phase("decay", W, lambda g: B * (g / W) ** b, label="power decay")
    return tail.behind(W, (*_warmup(B, W, warmup_min_lr), power), B * ((T - tail.D) / W) ** b)


@schedule(example={"warmup": 10, "t_max": 100}, starter=STARTER)
def LinearWithWarmup(
    group: Group,
    t_max: Total,
    alpha_f: FloorRate = 0.1,
    warmup: Warmup | None = None,
    warmup_fraction: Factor | None = None,
    warmup_min_lr: WarmupStart = 0.0,
) -> Timeline:
    """A linear warmup, then a straight line to ``alpha_f`` B, which holds.

    Formula: f(g) = w + (B - w) g / W for g < W; B - (1 - alpha_f) B (g - W) / (t_max - W); alpha_f B from
    t_max on. W = warmup or round(t_max warmup_fraction), w = warmup_min_lr.
    Edges: the trainer takes f(t + 1) for update t (lead=1), so the last one has alpha_f B. t_max is the
    length of the run unless it is given. t_max <= W drops from the warmup to alpha_f B.
    Source: olmo_core 3.0.0 ``LinearWithWarmup``.

    Raises:
        ScheduleError: not exactly one of warmup and warmup_fraction; warmup_min_lr is not below B.

    """
    B, W = group.lr, _length("warmup", t_max, warmup, warmup_fraction)
    return Timeline((*_warmup(B, W, warmup_min_lr), *fall(B, alpha_f * B, W, t_max, lambda u: 1.0 - u)))


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
    W = _length("warmup", _total(t_max, warmup_fraction), warmup, warmup_fraction)

    def root(g: TickArray) -> Rates:
        return floor + (B - floor) * np.sqrt(W / np.maximum(g, 1.0))

    return Timeline((*_warmup(B, W, warmup_min_lr), Phase("decay", W, root)))


@schedule(example={"warmup": 10, "t_max": 100}, starter=STARTER)
def CosWithWarmup(
    group: Group,
    t_max: Total,
    warmup: Warmup | None = None,
    warmup_fraction: Factor | None = None,
    alpha_f: FloorRate = 0.1,
    warmup_min_lr: WarmupStart = 0.0,
) -> Timeline:
    """A linear warmup, then half a cosine to ``alpha_f`` B, which holds.

    Formula: f(g) = w + (B - w) g / W for g < W; alpha_f B + (1 - alpha_f) B (1 + cos(pi u)) / 2 with
    u = (g - W) / (t_max - W); alpha_f B from t_max on. W = warmup or round(t_max warmup_fraction),
    w = warmup_min_lr.
    Edges: as LinearWithWarmup.
    Source: olmo_core 3.0.0 ``CosWithWarmup``.

    Raises:
        ScheduleError: not exactly one of warmup and warmup_fraction; warmup_min_lr is not below B.

    """
    B, W = group.lr, _length("warmup", t_max, warmup, warmup_fraction)
    decay = fall(B, alpha_f * B, W, t_max, cos01, label="cosine decay")
    return Timeline((*_warmup(B, W, warmup_min_lr), *decay))


@schedule(example={"warmup": 10, "t_max": 100}, starter=STARTER)
def HalfCosWithWarmup(
    group: Group,
    t_max: Total,
    warmup: Warmup | None = None,
    warmup_fraction: Factor | None = None,
    alpha_f: FloorRate = 0.1,
    warmup_min_lr: WarmupStart = 0.0,
) -> Timeline:
    """A linear warmup to the middle of a cosine, and the second half of that.

    Formula: f(g) = w + (M - w) g / W for g < W, M = (1 + alpha_f) B / 2; alpha_f B + (1 - alpha_f) B
    (1 + cos(pi (1 + u) / 2)) / 2 with u = (g - W) / (t_max - W); alpha_f B from t_max on. W = warmup or
    round(t_max warmup_fraction), w = warmup_min_lr.
    Edges: B is the peak of the whole cosine and never used. Otherwise as LinearWithWarmup.
    Source: olmo_core 3.0.0 ``HalfCosWithWarmup``.

    Raises:
        ScheduleError: not exactly one of warmup and warmup_fraction; warmup_min_lr is not below M.

    """
    B, W = group.lr, _length("warmup", t_max, warmup, warmup_fraction)
    floor = alpha_f * B
    warmed = _warmup(floor + (B - floor) / 2.0, W, warmup_min_lr)
    decay = fall(B, floor, W, t_max, lambda u: cos01((1.0 + u) / 2.0), label="cosine decay")
    return Timeline((*warmed, *decay))


@schedule(example={"warmup": 10, "t_max": 100, "decay_fraction": 0.2}, starter=STARTER)
def CosWithWarmupAndLinearDecay(
    group: Group,
    t_max: Total,
    warmup: Warmup | None = None,
    warmup_fraction: Factor | None = None,
    alpha_f: FloorRate = 0.1,
    cosine_t_max: Ticks | None = None,
    decay: Ticks | None = None,
    decay_fraction: Factor | None = 0.1,
    warmup_min_lr: WarmupStart = 0.0,
    decay_min_lr: LR = 0.0,
) -> Timeline:
    """CosWithWarmup, cut off near the end and followed by a straight line.

    Formula: f(g) of CosWithWarmup, its t_max being cosine_t_max if that is given; from g = t_max - D on
    d + (C - d) min(t_max - g, D) / D, C = f(t_max - D). D = decay or round(t_max decay_fraction),
    d = decay_min_lr.
    Edges: cosine_t_max is the t_max of the class, t_max the length of the run. decay goes with
    decay_fraction=none. The line may begin in the warmup. The last update has d itself. It goes on below d
    after t_max. D = 0 divides by zero at t_max.
    Source: olmo_core 3.0.0 ``CosWithWarmupAndLinearDecay``.

    Raises:
        ScheduleError: as WSD; decay_min_lr is not below C.

    """
    T = t_max if cosine_t_max is None else cosine_t_max
    cosine = CosWithWarmup(group, T, warmup, warmup_fraction, alpha_f, warmup_min_lr)
    D = _length("decay", t_max, decay, decay_fraction)
    cut = float(cosine(np.array([float(t_max - D)]))[0])
    return Tail(t_max, D, decay_min_lr).behind(0.0, cosine.phases, cut)


@schedule(
    example={"period_lengths": (60, 40), "warmup": 10, "decay_fraction": 0.2},
    starter={"period_lengths": "60%,40%", "warmup_fraction|warmup": "0", "decay_fraction|decay": "10%"},
)
def WSDS(
    group: Group,
    period_lengths: tuple[Ticks, ...],
    period_lr_multipliers: tuple[Factor, ...] | None = None,
    warmup: Warmup | None = None,
    warmup_fraction: Factor | None = None,
    decay: Ticks | None = None,
    decay_fraction: Factor | None = None,
    warmup_min_lr: WarmupStart = 0.0,
    decay_min_lr: LR = 0.0,
) -> Timeline:
    """A warmup, then periods of a stable LR that each end in a decay.

    Formula: f(g) = w + (P_0 - w) g / W for g < W; in period i of L_i steps P_i, and over its last D_i steps
    d + (P_i - d) r / D_i, r the steps left of it; d behind all. The warmup is in the first period. W and w as
    WSD (of L_0), D_i = decay or round(L_i decay_fraction), P_i = B times the i-th of period_lr_multipliers.
    Edges: the trainer takes f(t + 1) for update t (lead=1). The last step of a period has d = decay_min_lr.
    Source: olmo_core 3.0.0 ``WSDS``.

    Raises:
        ScheduleError: as WSD; no periods, not as many multipliers, or a period that is too short.

    """
    factors = period_lr_multipliers or (1.0,) * len(period_lengths)
    if not period_lengths or len(factors) != len(period_lengths):
        text = f"{len(period_lengths)} period_lengths and {len(factors)} period_lr_multipliers"
        raise ScheduleError(text, hint="<period_lengths=600,400>")
    W = _length("warmup", period_lengths[0], warmup, warmup_fraction)
    phases, begin = _warmup(group.lr * factors[0], W, warmup_min_lr), W
    for length, factor in zip(period_lengths, factors, strict=True):
        D, end = _length("decay", length, decay, decay_fraction), begin + length - (begin == W) * W
        peak, first = group.lr * factor, begin + (begin > W)
        if not 0 < D <= end - begin:
            text = f"a period of {length} steps has no room for a decay of {D}"
            raise ScheduleError(text, hint="give a shorter decay")
        stable = (constant(peak, kind="stable", start=first),) if end - D > first else ()
        phases += (*stable, _to(end, D, peak, decay_min_lr, max(end - D, first)))
        begin = end
    return Timeline((*phases, constant(decay_min_lr, kind="hold", start=begin)))


def _to(end: float, D: float, top: float, low: float, start: float) -> Phase:
    """The straight line of the last ``D`` steps before ``end``."""
    _below("decay_min_lr", low, top)
    return Phase("decay", start, lambda g: low + (top - low) * (np.minimum(end - g, D) / D))


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
