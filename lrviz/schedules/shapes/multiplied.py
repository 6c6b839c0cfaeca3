"""Schedulers that multiply the LR they find, as torch and mmengine compute them alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from lrviz.engine.breakpoints import Listed, Periodic
from lrviz.engine.chain import Maps, Pairs
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline


@dataclass(frozen=True)
class Multiplied:
    """What such a scheduler does to a base LR alone, and the maps of its steps on whatever it finds."""

    timeline: Timeline
    maps: Maps


def times(factors: Rates) -> Pairs:
    """The maps lr -> factor * lr."""
    return [(factors, np.zeros(factors.shape))]


def step(B: float, step_size: float, gamma: float) -> Multiplied:
    """Times ``gamma`` at whole multiples of ``step_size``; a size of 0 divides by zero at the next tick."""
    every = abs(Fraction(step_size).numerator)
    if every == 0:
        held = Phase("decay", 0.0, lambda t: np.full(t.shape, B), label="step")
        return Multiplied(
            Timeline((held,), 1, "modulo by zero (step_size=0)"), lambda k: times(np.ones(k.shape))
        )
    turns = Periodic(every, jumps=True, monotone=gamma >= 0)
    phase = Phase("decay", 0.0, lambda t: B * gamma ** (t // every), turns, label="step")
    return Multiplied(Timeline((phase,)), lambda k: times(np.where((k % every == 0) & (k > 0), gamma, 1.0)))


def multi_step(B: float, milestones: Sequence[float], gamma: float) -> Multiplied:
    """Times ``gamma`` at each milestone; those that are negative or fractional are never met."""
    acting = sorted(float(m) for m in milestones if m >= 0 and float(m).is_integer())
    counts = Counter(acting)

    def rate(t: TickArray) -> Rates:
        passed: TickArray = np.searchsorted(acting, t, side="right").astype(np.float64)
        return B * float(gamma) ** passed

    def maps(k: TickArray) -> Pairs:
        factors = np.ones(k.shape)
        for place, count in counts.items():
            factors = np.where(k == place, gamma**count, factors)
        return times(factors)

    return Multiplied(
        Timeline((Phase("decay", 0.0, rate, Listed(tuple(acting), jumps=True), label="step"),)), maps
    )


def exponential(B: float, gamma: float) -> Multiplied:
    """Times ``gamma`` at every tick; what an ordinary step to tick 0 does is the caller's to say."""
    turns = Periodic(1, monotone=False) if gamma < 0 else Listed()
    phase = Phase("decay", 0.0, lambda t: B * float(gamma) ** t, turns, label="exponential decay")
    return Multiplied(Timeline((phase,)), lambda k: times(np.full(k.shape, float(gamma))))


def constant(B: float, factor: float, until: float) -> Multiplied:
    """Times ``factor`` at tick 0, and times its inverse at ``until`` if a later tick meets it."""
    restored = until > 0 and float(until).is_integer()
    phases = [Phase("constant", 0.0, lambda t: np.full(t.shape, B * factor))]
    if restored:
        phases.append(Phase("hold", float(until), lambda t: np.full(t.shape, B), label="restored"))

    def maps(k: TickArray) -> Pairs:
        restoring = 1.0 / factor if factor else 1.0
        return times(np.where(k == 0, factor, np.where(k == until, restoring, 1.0)))

    end = float(until) if factor == 0 and restored else math.inf
    return Multiplied(Timeline(tuple(phases), end, "division by zero (factor=0)"), maps)
