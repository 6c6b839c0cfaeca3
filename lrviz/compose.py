"""Timelines made of timelines: shifted, joined end to end, multiplied tick by tick."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lrviz.envelope import phase_bounds
from lrviz.timeline import Phase, Rates, Rough, Ticks, Timeline


def shift(timeline: Timeline, ticks: float) -> Timeline:
    """The timeline started ``ticks`` later."""
    phases = tuple(phase.shifted(ticks) for phase in timeline.phases)
    return Timeline(phases, timeline.end + ticks, timeline.why)


def join(timelines: list[Timeline], boundaries: list[int]) -> Timeline:
    """Timeline i takes over at ``boundaries[i - 1]`` (ascending) and counts from its own 0."""
    phases: list[Phase] = []
    end, why = math.inf, ""
    starts = [0, *boundaries]
    stops: list[float] = [*boundaries, math.inf]
    for timeline, start, stop in zip(timelines, starts, stops, strict=True):
        if stop <= max(start, 0):
            continue
        part = shift(timeline, start)
        first, *others = part.phases
        phases += [replace(first, start=float(start)), *(p for p in others if p.start < stop)]
        if part.end < min(stop, end):
            end, why = part.end, part.why
    return Timeline(tuple(phases), end, why)


def product(factors: list[Timeline], *, scale: float = 1.0, plus: float = 0.0) -> Timeline:
    """``plus + scale`` times the values of all factors, tick by tick; named by the last factor's phases."""
    starts = sorted({phase.start for factor in factors for phase in factor.phases[1:]} | {0.0})
    first = min(factors, key=lambda factor: factor.end)
    return Timeline(tuple(_times(factors, start, scale, plus) for start in starts), first.end, first.why)


def _times(factors: list[Timeline], start: float, scale: float, plus: float) -> Phase:
    parts = [[p for p in f.phases if p.start <= start or p is f.phases[0]][-1] for f in factors]

    def rate(ticks: Ticks) -> Rates:
        value = np.full(ticks.shape, scale)
        for part in parts:
            value = value * part.rate(ticks)
        return plus + value

    def bounds(low: Ticks, high: Ticks) -> tuple[Rates, Rates]:
        least = greatest = np.full(low.shape, scale)
        for part in parts:
            a, b = phase_bounds(part, low, high)
            corners = np.stack([least * a, least * b, greatest * a, greatest * b])
            least, greatest = corners.min(axis=0), corners.max(axis=0)
        return plus + least, plus + greatest

    jumps = tuple(turns for part in parts for turns in part.breaks())
    walk = any(isinstance(part.shape, Rough) and part.shape.walk for part in parts)
    return Phase(parts[-1].name, start, rate, Rough(bounds, walk, jumps))
