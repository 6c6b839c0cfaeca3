"""OLMo-core's schedules whose last steps are a straight line down."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import LR, Factor, Number, Ticks, Warmup, WarmupStart
from lrviz.engine.timeline import Phase, Timeline, constant, value_at_tick
from lrviz.errors import ScheduleError
from lrviz.schedules.olmo_core.shared import STARTER, Timed, check_below, steps_of, warmup_phases
from lrviz.schedules.olmo_core.warmed import CosWithWarmup, Warmed


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
        start = self.start(W)
        before = tuple(phase for phase in phases if phase.start < start)
        if self.D == 0:
            return Timeline(before or phases, max(start, 0.0), "division by zero (a decay of no length)")
        return Timeline((*before, self.line(start, top)))

    def line(self, start: float, top: float) -> Phase:
        """The line from ``top``, as it is from ``start`` on.

        Raises:
            ScheduleError: it would not fall.

        """
        T, D, low = self.T, self.D, self.low
        check_below("decay_min_lr", low, top)
        return Phase("decay", start, lambda g: low + (top - low) * (np.minimum(T - g, D) / D))


@dataclass(frozen=True)
class Stages(Timed):
    """A warmup, and the straight line of the last steps, in steps or as a fraction of ``t_max``."""

    decay: Ticks | None = None
    decay_fraction: Factor | None = 0.1
    warmup_min_lr: WarmupStart = 0.0
    decay_min_lr: LR = 0.0

    @property
    def tail(self) -> Tail:
        """The line at the end."""
        D = steps_of("decay", self.t_max, self.decay, self.decay_fraction)
        return Tail(self.t_max, D, self.decay_min_lr)


@schedule(example={"warmup": 10, "t_max": 100, "decay_fraction": 0.3}, starter=STARTER)
def WSD(group: Group, stages: Stages) -> Timeline:
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
    B, W = group.lr, stages.W
    stable = constant(B, kind="stable", start=W)
    return stages.tail.behind(W, (*warmup_phases(B, W, stages.warmup_min_lr), stable), B)


@schedule(example={"warmup": 10, "t_max": 100}, starter={"warmup_fraction|warmup": "6%"})
def PowerLR(group: Group, stages: Stages, b: Number = -0.51) -> Timeline:
    """A linear warmup, a power of the step, and a straight line at the end.

    Formula: f(g) = w + (B - w) g / W for g <= W; B (g / W)^b; from g = t_max - D on d + (P - d)
    min(t_max - g, D) / D with P = B ((t_max - D) / W)^b. W = warmup or round(t_max warmup_fraction),
    D = decay or round(t_max decay_fraction), w = warmup_min_lr, d = decay_min_lr.
    Edges: as WSD.
    Source: olmo_core 3.0.0 ``PowerLR``.

    Raises:
        ScheduleError: as WSD; b is not negative; no warmup, or no step before the decay.

    """
    B, T, W, tail = group.lr, stages.t_max, stages.W, stages.tail
    if not b < 0:
        raise ScheduleError(f"b must be negative, got {b!r}", hint="<b=-0.51>")
    if not (W > 0 and T > tail.D):
        raise ScheduleError(
            f"division by zero (warmup {W}, decay {tail.D} of {T} steps)",
            hint="give a <warmup> above 0 and a decay shorter than the run",
            step=0,
        )
    power = Phase("decay", W, lambda g: B * (g / W) ** b, label="power decay")
    return tail.behind(W, (*warmup_phases(B, W, stages.warmup_min_lr), power), B * ((T - tail.D) / W) ** b)


@schedule(example={"warmup": 10, "t_max": 100, "decay_fraction": 0.2}, starter=STARTER)
def CosWithWarmupAndLinearDecay(
    group: Group,
    warmed: Warmed,
    cosine_t_max: Ticks | None = None,
    decay: Ticks | None = None,
    decay_fraction: Factor | None = 0.1,
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
    T = warmed.t_max
    cosine = CosWithWarmup(group, warmed if cosine_t_max is None else replace(warmed, t_max=cosine_t_max))
    D = steps_of("decay", T, decay, decay_fraction)
    cut = value_at_tick(cosine, T - D)
    return Tail(T, D, decay_min_lr).behind(0.0, cosine.phases, cut)


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
    W = steps_of("warmup", period_lengths[0], warmup, warmup_fraction)
    phases, begin = warmup_phases(group.lr * factors[0], W, warmup_min_lr), W
    for length, factor in zip(period_lengths, factors, strict=True):
        D, end = steps_of("decay", length, decay, decay_fraction), begin + length - (begin == W) * W
        peak, first = group.lr * factor, begin + (begin > W)
        if not 0 < D <= end - begin:
            text = f"a period of {length} steps has no room for a decay of {D}"
            raise ScheduleError(text, hint="give a shorter decay")
        stable = (constant(peak, kind="stable", start=first),) if end - D > first else ()
        phases += (*stable, Tail(end, D, decay_min_lr).line(max(end - D, first), peak))
        begin = end
    return Timeline((*phases, constant(decay_min_lr, kind="hold", start=begin)))
