"""Schedulers of NeMo's WarmupPolicy: a warmup, a decay from W to T, the lowest LR afterwards."""

from __future__ import annotations

import math

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, Number, Total, Warmup
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.schedules.nemo.shared import annealed, behind_warmup, ramp, stretch, zero

EXAMPLE = {"warmup_steps": 10, "max_steps": 100}


@schedule(example={**EXAMPLE, "min_lr": 0.01})
def WarmupPolicy(
    group: Group,
    *,
    max_steps: Total | None = None,
    warmup_steps: Warmup | None = None,
    warmup_ratio: Factor | None = None,
    min_lr: Floor = 0.0,
) -> Timeline:
    """A linear warmup that skips 0, then B; after the end of the run ``min_lr``.

    Formula: lr(t) = B (t + 1) / (W + 1) for t <= W, then B up to T = max_steps, then min_lr. W is
    warmup_steps, or the whole part of warmup_ratio T, or 0.
    Edges: B is reached at t = W, not before. min_lr is used by updates after T only, which a run of T updates
    has not.
    Source: nemo 3.0.0 ``WarmupPolicy``.

    Raises:
        ScheduleError: warmup_steps and warmup_ratio, or a ratio without max_steps.

    """
    B, W = group.lr, stretch("warmup", warmup_steps, warmup_ratio, max_steps)
    stable = constant(B, kind="stable", start=behind_warmup(W))
    if max_steps is None:
        return Timeline((*ramp(B, W), stable))
    return annealed(ramp(B, W), stable, max_steps, min_lr)


@schedule(example=EXAMPLE)
def WarmupAnnealing(
    group: Group,
    *,
    max_steps: Total,
    warmup_steps: Warmup | None = None,
    warmup_ratio: Factor | None = None,
    min_lr: Floor = 0.0,
) -> Timeline:
    """A linear warmup that skips 0, then a straight line to ``min_lr``.

    Formula: lr(t) = B (t + 1) / (W + 1) for t <= W; min_lr + (1 - (t - W) / (T - W)) (D - min_lr) up to
    T = max_steps, D being the default LR of the optimizer, which is its first group's; then min_lr. W as in
    WarmupPolicy.
    Edges: every param group falls from the LR of the first one, whatever its own. Without a warmup T = 0
    divides by zero; with T <= W there is no decay.
    Source: nemo 3.0.0 ``WarmupAnnealing``.

    Raises:
        ScheduleError: warmup_steps and warmup_ratio, or a division by zero at once.

    """
    W, T = stretch("warmup", warmup_steps, warmup_ratio, max_steps), max_steps
    fall = group.lrs[0] - min_lr
    decay = Phase("decay", behind_warmup(W), lambda t: min_lr + (1.0 - (t - W) / (T - W)) * fall)
    end, why = zero(T - W, max_steps=T, warmup_steps=W)
    return annealed(ramp(group.lr, W), decay, T, min_lr, end=end, why=why)


@schedule(example={**EXAMPLE, "min_lr": 0.01})
def SquareAnnealing(
    group: Group,
    *,
    max_steps: Total,
    warmup_steps: Warmup | None = None,
    warmup_ratio: Factor | None = None,
    min_lr: Floor = 1e-5,
) -> Timeline:
    """A linear warmup that skips 0, then a parabola that is cut at ``min_lr``.

    Formula: lr(t) = B (t + 1) / (W + 1) for t <= W; max(min_lr, B ((T - t) / (T - W))^2) up to T = max_steps;
    then min_lr. W as in WarmupPolicy.
    Edges: min_lr is 1e-5 here unless it is given, and is a floor: the parabola aims at 0. A floor above B is
    reached at once.
    Source: nemo 3.0.0 ``SquareAnnealing``.

    Raises:
        ScheduleError: warmup_steps and warmup_ratio, or a division by zero at once.

    """
    B, W, T = group.lr, stretch("warmup", warmup_steps, warmup_ratio, max_steps), max_steps

    def rate(t: TickArray) -> Rates:
        return np.maximum(min_lr, B * (((T - W) - (t - W)) / (T - W)) ** 2)

    end, why = zero(T - W, max_steps=T, warmup_steps=W)
    return annealed(ramp(B, W), Phase("decay", behind_warmup(W), rate), T, min_lr, end=end, why=why)


@schedule(example={**EXAMPLE, "min_lr": 0.01})
def SquareRootAnnealing(
    group: Group,
    *,
    max_steps: Total,
    warmup_steps: Warmup | None = None,
    warmup_ratio: Factor | None = None,
    min_lr: Floor = 0,
) -> Timeline:
    """A linear warmup that skips 0, then the square root of what is left of the run, cut at ``min_lr``.

    Formula: lr(t) = B (t + 1) / (W + 1) for t <= W; max(min_lr, B sqrt((T - t) / T)) up to T = max_steps;
    then min_lr. W as in WarmupPolicy.
    Edges: the root is of the whole run, not of what follows the warmup: the LR drops after t = W, from B to
    B sqrt((T - W - 1) / T).
    Source: nemo 3.0.0 ``SquareRootAnnealing``.

    Raises:
        ScheduleError: warmup_steps and warmup_ratio, or a division by zero at once.

    """
    B, W, T = group.lr, stretch("warmup", warmup_steps, warmup_ratio, max_steps), max_steps
    decay = Phase("decay", behind_warmup(W), lambda t: np.maximum(min_lr, B * np.sqrt((T - t) / T)))
    end, why = zero(T, max_steps=T)
    return annealed(ramp(B, W), decay, T, min_lr, end=end, why=why)


@schedule(example=EXAMPLE)
def InverseSquareRootAnnealing(
    group: Group,
    *,
    max_steps: Total,
    warmup_steps: Warmup | None = None,
    warmup_ratio: Factor | None = None,
    min_lr: Floor = 0.0,
) -> Timeline:
    """A linear warmup that skips 0, then B over the square root of the update.

    Formula: lr(t) = B (t + 1) / (W + 1) for t <= W; B / sqrt((t + 1) / (W + 1)) up to T = max_steps; then
    min_lr. W as in WarmupPolicy.
    Edges: min_lr is no floor before T: there the LR jumps to it, down or up. Without a warmup it is
    B / sqrt(t + 1).
    Source: nemo 3.0.0 ``InverseSquareRootAnnealing``.

    Raises:
        ScheduleError: warmup_steps and warmup_ratio, or a warmup of -1 steps or less.

    """
    B, W = group.lr, stretch("warmup", warmup_steps, warmup_ratio, max_steps)
    decay = Phase("decay", behind_warmup(W), lambda t: B / np.sqrt((t + 1.0) / (W + 1.0)))
    end, why = zero(max(W + 1.0, 0.0), warmup_steps=W)
    return annealed(ramp(B, W), decay, max_steps, min_lr, end=end, why=why)


@schedule(example={**EXAMPLE, "power": 2.0})
def PolynomialDecayAnnealing(
    group: Group,
    *,
    max_steps: Total,
    warmup_steps: Warmup | None = None,
    warmup_ratio: Factor | None = None,
    min_lr: Floor = 0.0,
    power: Number = 1.0,
    cycle: bool = False,
) -> Timeline:
    """A linear warmup that skips 0, then a polynomial to ``min_lr``.

    Formula: lr(t) = B (t + 1) / (W + 1) for t <= W; min_lr + (B - min_lr) (1 - (t - W) / (T - W))^power up to
    T = max_steps; then min_lr. W as in WarmupPolicy.
    Edges: cycle changes nothing, as T is the end of the first cycle. A negative power rises, and divides by
    zero at T.
    Source: nemo 3.0.0 ``PolynomialDecayAnnealing``.

    Raises:
        ScheduleError: warmup_steps and warmup_ratio, or a division by zero at once.

    """
    B, W, T = group.lr, stretch("warmup", warmup_steps, warmup_ratio, max_steps), max_steps

    def rate(t: TickArray) -> Rates:
        return (B - min_lr) * (1.0 - (t - W) / (T - W)) ** power + min_lr

    end, why = zero(T - W, max_steps=T, warmup_steps=W)
    if power < 0:
        end, why = min(end, T if float(T).is_integer() else math.inf), f"division by zero (power={power})"
    return annealed(ramp(B, W), Phase("decay", behind_warmup(W), rate), T, min_lr, end=end, why=why)
