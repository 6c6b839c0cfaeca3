"""Schedulers of NeMo's WarmupHoldPolicy: a warmup, B for a while, a decay to T, the lowest LR afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, Number, Ticks, Total, Warmup
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.schedules.nemo.shared import annealed, behind_warmup, ramp, stretch, zero

EXAMPLE = {"warmup_steps": 10, "hold_steps": 20, "max_steps": 100}


@dataclass(frozen=True)
class Held:
    """A warmup up to W, B up to H; H is 0 where nothing is said of it, not W."""

    B: float
    W: float
    H: float

    @property
    def start(self) -> int:
        """The first update after both."""
        return max(behind_warmup(self.W), math.ceil(self.H))

    def phases(self) -> tuple[Phase, ...]:
        """The two, as far as there are such."""
        held = behind_warmup(self.W)
        return (
            *ramp(self.B, self.W),
            *((constant(self.B, kind="stable", start=held),) if held < self.start else ()),
        )


@dataclass(frozen=True)
class HoldPolicy:
    """What every scheduler with a hold takes: both stretches in steps or as a ratio of ``max_steps``."""

    max_steps: Total
    warmup_steps: Warmup | None = None
    warmup_ratio: Factor | None = None
    hold_steps: Ticks | None = None
    hold_ratio: Factor | None = None
    min_lr: Floor = 0.0

    def held(self, lr: float) -> Held:
        """The warmup to an LR, and its hold.

        Raises:
            ScheduleError: one of them has steps and a ratio.

        """
        W = stretch("warmup", self.warmup_steps, self.warmup_ratio, self.max_steps)
        length = stretch("hold", self.hold_steps, self.hold_ratio, self.max_steps)
        has_hold = self.hold_steps is not None or self.hold_ratio is not None
        return Held(lr, W, length + W if has_hold else 0)


@schedule(example={**EXAMPLE, "min_lr": 0.01})
def WarmupHoldPolicy(group: Group, policy: HoldPolicy) -> Timeline:
    """A linear warmup that skips 0, then B; after the end of the run ``min_lr``.

    Formula: lr(t) = B (t + 1) / (W + 1) for t <= W, B for t < H, and on up to T = max_steps; then min_lr. W
    is warmup_steps, or the whole part of warmup_ratio T, or 0; H is W plus hold_steps, or plus the whole part
    of hold_ratio T, or 0 where neither is given.
    Edges: a hold that is longer than the run goes on until H, and min_lr comes then.
    Source: nemo 3.0.0 ``WarmupHoldPolicy``.

    Raises:
        ScheduleError: steps and ratio of one stretch.

    """
    held = policy.held(group.lr)
    stable = constant(held.B, kind="stable", start=behind_warmup(held.W))
    end = max(policy.max_steps, math.ceil(held.H) - 1)
    return annealed(ramp(held.B, held.W), stable, end, policy.min_lr)


@schedule(example={**EXAMPLE, "min_lr": 0.01})
def WarmupHoldAnnealLinear(group: Group, policy: HoldPolicy) -> Timeline:
    """A linear warmup that skips 0, B for a while, then a straight line to ``min_lr``.

    Formula: warmup and hold as in WarmupHoldPolicy; then B - (B - min_lr) (t - H) / (T - H) up to
    T = max_steps, then min_lr.
    Edges: where neither hold_steps nor hold_ratio is given H is 0: the line then starts at t = 0, and the LR
    drops after the warmup. A hold that ends at T divides by zero there.
    Source: nemo 3.0.0 ``WarmupHoldAnnealLinear``.

    Raises:
        ScheduleError: steps and ratio of one stretch, or a division by zero at once.

    """
    held, T, low = policy.held(group.lr), policy.max_steps, policy.min_lr
    B, H = held.B, held.H
    decay = Phase("decay", held.start, lambda t: B - (B - low) * ((t - H) / (T - H)))
    end, why = zero(T - H, max_steps=T, hold_until=H)
    return annealed(held.phases(), decay, T, low, end=end, why=why)


@schedule(example={**EXAMPLE, "min_lr": 0.01})
def WarmupHoldAnnealOneMinusSquareRoot(group: Group, policy: HoldPolicy) -> Timeline:
    """A linear warmup that skips 0, B for a while, then 1 minus a square root, cut at ``min_lr``.

    Formula: warmup and hold as in WarmupHoldPolicy; then max(min_lr, B (1 - sqrt((t - H) / (T - H)))) up to
    T = max_steps, then min_lr.
    Edges: as of WarmupHoldAnnealLinear; min_lr is a floor here, the root aims at 0.
    Source: nemo 3.0.0 ``WarmupHoldAnnealOneMinusSquareRoot``.

    Raises:
        ScheduleError: steps and ratio of one stretch, or a division by zero at once.

    """
    held, T, low = policy.held(group.lr), policy.max_steps, policy.min_lr
    B, H = held.B, held.H
    decay = Phase("decay", held.start, lambda t: np.maximum(low, B * (1.0 - np.sqrt((t - H) / (T - H)))))
    end, why = zero(T - H, max_steps=T, hold_until=H)
    return annealed(held.phases(), decay, T, low, end=end, why=why)


@schedule(example={**EXAMPLE, "power": 2.0})
def PolynomialHoldDecayAnnealing(
    group: Group, policy: HoldPolicy, *, power: Number = 1.0, cycle: bool = False
) -> Timeline:
    """A linear warmup that skips 0, B for a while, then a polynomial to ``min_lr``.

    Formula: warmup and hold as in WarmupHoldPolicy; then min_lr + (B - low) (1 - u)^power up to
    T = max_steps, u = min(1, (t - H) / D), D = T - max(W, H); then min_lr.
    Edges: where neither hold_steps nor hold_ratio is given H is 0 and D is T - W: the polynomial then starts
    at t = 0, so that the LR drops after the warmup and is at min_lr W updates before T. Only there cycle
    matters: u is (t - H) / (k D) in the k-th stretch of D. A hold that ends at T, and a negative power where
    u is 1, divide by zero.
    Source: nemo 3.0.0 ``PolynomialHoldDecayAnnealing``.

    Raises:
        ScheduleError: steps and ratio of one stretch, or a division by zero at once.

    """
    held, T, low = policy.held(group.lr), policy.max_steps, policy.min_lr
    B, H = held.B, held.H
    D = T - max(held.W, H)

    def rate(t: TickArray) -> Rates:
        times = np.maximum(1.0, np.ceil((t - H) / D)) if cycle else 1.0
        done = (t - H) / (D * times) if cycle else np.minimum(t - H, D) / D
        return (B - low) * (1.0 - done) ** power + low

    end, why = zero(D, max_steps=T, hold_until=H)
    if power < 0 and D > 0:
        end, why = _full(held.start, H, D, cycle=cycle), f"division by zero (power={power})"
    phase = Phase("decay", held.start, rate)
    if cycle and D > 0:
        phase = Phase("decay", held.start, rate, Periodic(D, start=H, jumps=True))
    return annealed(held.phases(), phase, T, low, end=end, why=why)


def _full(start: int, H: float, D: float, *, cycle: bool) -> float:
    """The first update at which all of a decay over D, from H on, is done."""
    if not cycle:
        return max(start, math.ceil(H + D))
    full = H + D * max(1, math.ceil((start - H) / D))
    return full if float(full).is_integer() else math.inf
