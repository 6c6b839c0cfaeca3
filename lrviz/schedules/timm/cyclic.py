"""From the LR to lr_min in cycles: CosineLRScheduler, TanhLRScheduler, PolyLRScheduler."""

from __future__ import annotations

import math

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import (
    LR,
    ByEpoch,
    Factor,
    Floor,
    GroupScale,
    InFront,
    Number,
    Total,
    Warmup,
    WholeCount,
)
from lrviz.engine.timeline import Rates, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import not_negative, positive
from lrviz.schedules.timm.cycles import Cyclic
from lrviz.schedules.timm.noise import Noise
from lrviz.schedules.timm.shared import Caller, NoiseRange, Scheduler


def _done(ticks: TickArray, length: TickArray, k: float) -> Rates:
    """The part of a cycle that is done, by k-decay; nan where Python raises."""
    whole = length ** float(k)
    part = ticks ** float(k) / whole
    return np.where(np.isfinite(part) & np.isfinite(whole), part, math.nan)


@schedule(example={"t_initial": 90, "warmup_t": 10, "warmup_prefix": True, "t_in_epochs": False})
def CosineLRScheduler(
    group: Group,
    t_initial: Total,
    lr_min: Floor = 0.0,
    cycle_mul: Factor = 1.0,
    cycle_decay: Factor = 1.0,
    cycle_limit: Number = 1,
    warmup_t: Warmup = 0,
    warmup_lr_init: LR = 0.0,
    warmup_prefix: InFront = False,
    t_in_epochs: ByEpoch = True,
    noise_range_t: NoiseRange | None = None,
    noise_pct: Number = 0.67,
    noise_std: Number = 1.0,
    noise_seed: WholeCount | None = 42,
    k_decay: Number = 1.0,
    initialize: bool = True,
    stepped_by: Caller | None = None,
    lr_scale: GroupScale = 1.0,
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
    positive("CosineLRScheduler", t_initial=t_initial)
    not_negative("CosineLRScheduler", lr_min=lr_min)
    noise = Noise(noise_range_t, noise_pct, noise_std, noise_seed)
    timm = Scheduler(
        "CosineLRScheduler",
        group,
        warmup_t,
        warmup_lr_init,
        warmup_prefix,
        noise,
        t_in_epochs,
        stepped_by,
        initialize,
        lr_scale,
    )

    def fall(height: Rates, ticks: TickArray, length: TickArray) -> Rates:
        wave: Rates = 1 + np.cos(math.pi * _done(ticks, length, k_decay))
        return lr_min + 0.5 * (height - lr_min) * wave

    cycles = Cyclic("cosine", t_initial, cycle_mul, cycle_decay, cycle_limit, smooth=k_decay >= 0)
    return timm.timeline(cycles.main(group.lr, lr_min, fall))


@schedule(example={"t_initial": 90, "warmup_t": 10, "warmup_prefix": True, "t_in_epochs": False})
def TanhLRScheduler(
    group: Group,
    t_initial: Total,
    lb: Number = -7.0,
    ub: Number = 3.0,
    lr_min: Floor = 0.0,
    cycle_mul: Factor = 1.0,
    cycle_decay: Factor = 1.0,
    cycle_limit: Number = 1,
    warmup_t: Warmup = 0,
    warmup_lr_init: LR = 0.0,
    warmup_prefix: InFront = False,
    t_in_epochs: ByEpoch = True,
    noise_range_t: NoiseRange | None = None,
    noise_pct: Number = 0.67,
    noise_std: Number = 1.0,
    noise_seed: WholeCount | None = 42,
    initialize: bool = True,
    stepped_by: Caller | None = None,
    lr_scale: GroupScale = 1.0,
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
    positive("TanhLRScheduler", t_initial=t_initial)
    not_negative(
        "TanhLRScheduler",
        lr_min=lr_min,
        cycle_limit=cycle_limit,
        warmup_t=warmup_t,
        warmup_lr_init=warmup_lr_init,
    )
    if lb >= ub:
        raise ScheduleError(f"TanhLRScheduler: lb must be below ub, got {lb!r} and {ub!r}", hint="lb=-7,ub=3")
    noise = Noise(noise_range_t, noise_pct, noise_std, noise_seed)
    timm = Scheduler(
        "TanhLRScheduler",
        group,
        warmup_t,
        warmup_lr_init,
        warmup_prefix,
        noise,
        t_in_epochs,
        stepped_by,
        initialize,
        lr_scale,
    )

    def fall(height: Rates, ticks: TickArray, length: TickArray) -> Rates:
        done = ticks / length
        wave: Rates = 1 - np.tanh(lb * (1.0 - done) + ub * done)
        return lr_min + 0.5 * (height - lr_min) * wave

    cycles = Cyclic("tanh", t_initial, cycle_mul, cycle_decay, cycle_limit, always=False)
    main = cycles.main(group.lr, lr_min, fall)
    aims_at_curve = bool(warmup_t) and not warmup_prefix
    return timm.timeline(main, main.at(warmup_t) if aims_at_curve else None)


@schedule(
    example={"t_initial": 90, "power": 2.0, "warmup_t": 10, "warmup_prefix": True, "t_in_epochs": False}
)
def PolyLRScheduler(
    group: Group,
    t_initial: Total,
    power: Number = 0.5,
    lr_min: Floor = 0.0,
    cycle_mul: Factor = 1.0,
    cycle_decay: Factor = 1.0,
    cycle_limit: Number = 1,
    warmup_t: Warmup = 0,
    warmup_lr_init: LR = 0.0,
    warmup_prefix: InFront = False,
    t_in_epochs: ByEpoch = True,
    noise_range_t: NoiseRange | None = None,
    noise_pct: Number = 0.67,
    noise_std: Number = 1.0,
    noise_seed: WholeCount | None = 42,
    k_decay: Number = 1.0,
    initialize: bool = True,
    stepped_by: Caller | None = None,
    lr_scale: GroupScale = 1.0,
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
    positive("PolyLRScheduler", t_initial=t_initial)
    not_negative("PolyLRScheduler", lr_min=lr_min)
    noise = Noise(noise_range_t, noise_pct, noise_std, noise_seed)
    timm = Scheduler(
        "PolyLRScheduler",
        group,
        warmup_t,
        warmup_lr_init,
        warmup_prefix,
        noise,
        t_in_epochs,
        stepped_by,
        initialize,
        lr_scale,
    )

    def fall(height: Rates, ticks: TickArray, length: TickArray) -> Rates:
        done = _done(ticks, length, k_decay)
        left = np.where(np.isnan(done), math.nan, (1 - done) ** float(power))
        return lr_min + (height - lr_min) * left

    cycles = Cyclic("polynomial decay", t_initial, cycle_mul, cycle_decay, cycle_limit, smooth=k_decay >= 0)
    return timm.timeline(cycles.main(group.lr, lr_min, fall))
