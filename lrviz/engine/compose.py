"""Timelines made of timelines: shifted, joined end to end, multiplied, run on another clock."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from lrviz.engine.breakpoints import Periodic
from lrviz.engine.envelope import phase_bounds
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import (
    MONOTONE,
    Formula,
    Phase,
    Rates,
    TickArray,
    Timeline,
    on_clock,
)
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


LOOKED_AT = 1024
"""Ticks at which the first of several schedules is looked at."""
WALKED = 1 << 20
"""A longer walk is not made only to see whether it rises."""
AT_ONCE = 1 << 16
"""Ticks between steps that are looked at together."""
Sequenced = TypeVar("Sequenced", bound=Timeline)


def shift(timeline: Timeline, ticks: float) -> Timeline:
    """The timeline started ``ticks`` later."""
    phases = tuple(phase.shift(ticks) for phase in timeline.phases)
    return timeline.ends_with(phases, timeline.end + ticks)


def ahead(timeline: Timeline, ticks: int) -> Timeline:
    """The timeline from ``ticks`` on: that tick is its first."""
    moved = shift(timeline, -ticks)
    begun = sum(phase.start <= 0 for phase in moved.phases[1:])
    first, *others = moved.phases[begun:]
    return moved.ends_with((replace(first, start=0.0), *others), max(moved.end, 0.0))


def join(timelines: list[Timeline], boundaries: Sequence[float]) -> Timeline:
    """Timeline i takes over at ``boundaries[i - 1]`` (ascending) and counts from its own 0."""
    phases: list[Phase] = []
    soonest = Timeline(())
    starts: list[float] = [0, *boundaries]
    stops: list[float] = [*boundaries, math.inf]
    for timeline, start, stop in zip(timelines, starts, stops, strict=True):
        if stop <= max(start, 0):
            continue
        part = shift(timeline, start)
        begun = sum(phase.start <= start for phase in part.phases[1:])
        first, *others = part.phases[begun:]
        phases += [replace(first, start=float(start)), *(p for p in others if p.start < stop)]
        if part.end < min(stop, soonest.end):
            soonest = part
    return soonest.ends_with(tuple(phases), soonest.end)


def lead(sequence: Sequenced) -> Sequenced:
    """The schedules one after another, the first one a warmup if it only rises, or waits below the second."""
    first, *others = sequence.phases
    if first.kind in {"warmup", "hold"} or not others or not _rises(sequence, math.ceil(others[0].start)):
        return sequence
    return replace(sequence, phases=(replace(first, kind="warmup", label=first.name), *others))


def _rises(sequence: Timeline, stop: int) -> bool:
    if sequence.walks and stop > WALKED:
        return False
    try:
        values = sequence(
            np.append(np.linspace(0, float(stop - 1), min(stop, LOOKED_AT)).round(), float(stop))
        )
    except ScheduleError:
        return False
    return bool(np.all(np.diff(values[:-1]) >= 0) and values[-2:].max() > values[0])


def cap(timeline: Timeline, last: int, label: str = "held") -> Timeline:
    """The timeline up to tick ``last``, whose value stays: a phase of that label."""
    if last >= timeline.end:
        return timeline

    def stays(t: TickArray) -> Rates:
        return np.full(t.shape, timeline(np.array([float(last)]))[0])

    shape = Opaque(walk=True) if timeline.walks else MONOTONE
    before = [phase for phase in timeline.phases if phase.start < last] or [timeline.phases[0]]
    return Timeline((*before, Phase("hold", float(last), stays, shape, label=label)))


def scale(timeline: Timeline, factor: float, plus: float = 0.0) -> Timeline:
    """``plus + factor`` times the values; the turns stay where they are."""

    def of(phase: Phase) -> Phase:
        rate = phase.rate
        return replace(phase, rate=lambda t: plus + factor * rate(t), shape=phase.shape.scale(factor, plus))

    return replace(timeline, phases=tuple(map(of, timeline.phases)))


def product(factors: list[Timeline]) -> Timeline:
    """The product of all factors, tick by tick; named by the last factor's phases."""
    starts = sorted({phase.start for factor in factors for phase in factor.phases[1:]} | {0.0})
    first = min(factors, key=lambda factor: factor.end)
    return first.ends_with(tuple(_times(factors, start) for start in starts), first.end)


def _times(factors: list[Timeline], start: float) -> Phase:
    parts = [[p for p in f.phases if p.start <= start or p is f.phases[0]][-1] for f in factors]

    def rate(ticks: TickArray) -> Rates:
        value = np.ones(ticks.shape)
        for part in parts:
            value = value * part.rate(ticks)
        return value

    def bounds(low: TickArray, high: TickArray) -> tuple[Rates, Rates]:
        least = greatest = np.ones(low.shape)
        for part in parts:
            a, b = phase_bounds(part, low, high)
            corners = np.stack([least * a, least * b, greatest * a, greatest * b])
            least, greatest = corners.min(axis=0), corners.max(axis=0)
        return least, greatest

    jumps = tuple(turns for part in parts for turns in part.breaks())
    walk = any(part.shape.walk for part in parts)
    refuses = not all(part.shape.skips for part in parts)
    return Phase(parts[-1].kind, start, rate, Opaque(bounds, walk, refuses), jumps, parts[-1].label)


def hold(timeline: Timeline, size: int) -> Timeline:
    """One tick lasts ``size`` steps: the value at step t is that of tick t // size."""

    def slower(phase: Phase) -> Phase:
        start = math.ceil(phase.start) * size
        rate = on_clock(phase.rate, lambda t: t // size, lambda tick: tick * size)
        jumps = (Periodic(size, start=start, jumps=True),)
        return replace(phase, start=start, rate=rate, shape=phase.shape.hold(size), jumps=jumps)

    return timeline.ends_with(tuple(map(slower, timeline.phases)), timeline.end * size)


def speed_up(timeline: Timeline, ticks: int) -> Timeline:
    """One step makes ``ticks`` ticks: the value at step t is that of tick ``ticks * t``."""

    def faster(phase: Phase) -> Phase:
        rate = phase.rate if phase.shape.skips else _called(phase.rate, ticks)
        return replace(
            phase,
            start=phase.start / ticks,
            rate=on_clock(rate, lambda t: t * ticks, lambda tick: tick / ticks),
            shape=phase.shape.speed_up(ticks),
            jumps=tuple(turns.speed_up(ticks) for turns in phase.jumps),
        )

    end = timeline.end if math.isinf(timeline.end) else math.ceil(timeline.end / ticks)
    return timeline.ends_with(tuple(map(faster, timeline.phases)), end)


def _called(rate: Formula, ticks: int) -> Formula:
    """A function is called at every tick on the way to the last one of a step, and may refuse any of them."""
    before, steps = np.arange(1.0 - ticks, 0.0), max(1, AT_ONCE // ticks)

    def last_of_all(t: TickArray) -> Rates:
        for first in range(0, t.size, steps):
            passed = t.ravel()[first : first + steps, None] + before
            rate(np.maximum(passed, 0.0).ravel())
        return rate(t)

    return last_of_all


def join_quantities(parts: list[Mapping[str, Timeline]], ends: list[int]) -> dict[str, Timeline]:
    """Every quantity that all parts move; part i + 1 begins at ``ends[i]``."""
    shared = [quantity for quantity in parts[0] if all(quantity in part for part in parts)]
    return {quantity: lead(join([part[quantity] for part in parts], ends)) for quantity in shared}
