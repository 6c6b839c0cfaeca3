"""From the LR to lr_min in cycles: CosineLRScheduler, TanhLRScheduler, PolyLRScheduler."""

from __future__ import annotations

import math

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import (
    Number,
)
from lrviz.engine.timeline import Rates, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.timm.cycles import Cycles
from lrviz.schedules.timm.shared import Scheduler, Timed


def _done(ticks: TickArray, length: TickArray, k: float) -> Rates:
    """The part of a cycle that is done, by k-decay; nan where Python raises."""
    whole = length ** float(k)
    part = ticks ** float(k) / whole
    return np.where(np.isfinite(part) & np.isfinite(whole), part, math.nan)


@schedule(example={"t_initial": 90, "warmup_t": 10, "warmup_prefix": True, "t_in_epochs": False})
def CosineLRScheduler(
    group: Group,
    cycles: Cycles,
    k_decay: Number = 1.0,
    *,
    shared: Timed,
) -> Timeline:
    """A cosine from the LR to ``lr_min``, after a linear warmup, once or in cycles.

    Formula: w + t (B - w) / W for t < W = warmup_t, w = warmup_lr_init; then lr_min + (h - lr_min) (1 +
    cos(pi u^k / L^k)) / 2, u ticks into cycle i of L = t_initial cycle_mul^i ticks, h = B cycle_decay^i, k =
    k_decay. After cycle_limit cycles lr_min. Within noise_range_t lr (1 + n), n = randn noise_std from a
    generator seeded with noise_seed + t, drawn again until it is below noise_pct. All times the group's
    lr_scale.
    Edges: the cosine counts from t = 0 unless ``warmup_prefix`` is set: the warmup eats its beginning, and
    the LR jumps at W. t_in_epochs: only step() moves it, and step_update() nothing; else the other way round.
    The float logarithm that finds the cycle may slip at its start. Cycles of cycle_mul below 1 come to an
    end, and timm raises there.
    Source: timm 1.0.31 ``CosineLRScheduler``.

    Raises:
        ScheduleError: ``t_initial`` is not positive, ``lr_min`` is negative, or initialize=False.

    """
    cycles.check("CosineLRScheduler")
    low = cycles.lr_min
    timm = Scheduler("CosineLRScheduler", group, shared, cycles.warmup_prefix)

    def fall(height: Rates, ticks: TickArray, length: TickArray) -> Rates:
        wave: Rates = 1 + np.cos(math.pi * _done(ticks, length, k_decay))
        return low + 0.5 * (height - low) * wave

    return timm.timeline(cycles.main("cosine", group.lr, fall, smooth=k_decay >= 0))


@schedule(example={"t_initial": 90, "warmup_t": 10, "warmup_prefix": True, "t_in_epochs": False})
def TanhLRScheduler(
    group: Group,
    cycles: Cycles,
    lb: Number = -7.0,
    ub: Number = 3.0,
    *,
    shared: Timed,
) -> Timeline:
    """A hyperbolic tangent from the LR towards ``lr_min``, after a linear warmup, once or in cycles.

    Formula: lr_min + (h - lr_min) (1 - tanh(lb (1 - u / L) + ub u / L)) / 2, u ticks into cycle i of L =
    t_initial cycle_mul^i ticks, h = B cycle_decay^i; after cycle_limit cycles lr_min. Warmup, noise and
    lr_scale as CosineLRScheduler.
    Edges: a cycle ends at (1 - tanh(ub)) / 2 of its height, .00247 by default, and jumps to lr_min. The first
    LR is B, not the value at tanh(lb). Without ``warmup_prefix`` the warmup aims at the value at warmup_t, so
    there is no jump. t_in_epochs: only step() moves it, else only step_update().
    Source: timm 1.0.31 ``TanhLRScheduler``.

    Raises:
        ScheduleError: ``lb`` is not below ``ub``, ``t_initial`` is not positive, ``lr_min``, ``cycle_limit``,
            ``warmup_t`` or ``warmup_lr_init`` is negative, or initialize=False.

    """
    W, low = shared.warmup_t, cycles.lr_min
    cycles.check(
        "TanhLRScheduler", warmup_t=W, warmup_lr_init=shared.warmup_lr_init, cycle_limit=cycles.cycle_limit
    )
    if lb >= ub:
        raise ScheduleError(f"TanhLRScheduler: lb must be below ub, got {lb!r} and {ub!r}", hint="lb=-7,ub=3")
    timm = Scheduler("TanhLRScheduler", group, shared, cycles.warmup_prefix)

    def fall(height: Rates, ticks: TickArray, length: TickArray) -> Rates:
        done = ticks / length
        wave: Rates = 1 - np.tanh(lb * (1.0 - done) + ub * done)
        return low + 0.5 * (height - low) * wave

    main = cycles.main("tanh", group.lr, fall, always=False)
    aims_at_curve = bool(W) and not cycles.warmup_prefix
    return timm.timeline(main, main.at(W) if aims_at_curve else None)


@schedule(
    example={"t_initial": 90, "power": 2.0, "warmup_t": 10, "warmup_prefix": True, "t_in_epochs": False}
)
def PolyLRScheduler(
    group: Group,
    cycles: Cycles,
    power: Number = 0.5,
    k_decay: Number = 1.0,
    *,
    shared: Timed,
) -> Timeline:
    """A polynomial from the LR to ``lr_min``, after a linear warmup, once or in cycles.

    Formula: lr_min + (h - lr_min) (1 - u^k / L^k)^power, u ticks into cycle i of L = t_initial cycle_mul^i
    ticks, h = B cycle_decay^i, k = k_decay; after cycle_limit cycles lr_min. Warmup, noise and lr_scale as
    CosineLRScheduler.
    Edges: power is 0.5, a square root, unless given. The polynomial counts from t = 0 unless
    ``warmup_prefix`` is set. Where rounding puts u just past L, a fractional power makes the LR a complex
    number: lrviz stops there. t_in_epochs: only step() moves it, else only step_update().
    Source: timm 1.0.31 ``PolyLRScheduler``.

    Raises:
        ScheduleError: ``t_initial`` is not positive, ``lr_min`` is negative, or initialize=False.

    """
    cycles.check("PolyLRScheduler")
    low = cycles.lr_min
    timm = Scheduler("PolyLRScheduler", group, shared, cycles.warmup_prefix)

    def fall(height: Rates, ticks: TickArray, length: TickArray) -> Rates:
        done = _done(ticks, length, k_decay)
        left = np.where(np.isnan(done), math.nan, (1 - done) ** float(power))
        return low + (height - low) * left

    return timm.timeline(cycles.main("polynomial decay", group.lr, fall, smooth=k_decay >= 0))
