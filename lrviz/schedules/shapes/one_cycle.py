"""The phases of one cycle over a run, as torch and mmengine compute them alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import Kind, Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.catalogue.group import Group

Levels = Callable[[], Sequence[float]]
"""Where each phase starts and the last one ends, read when they are needed."""


def check_share(schedule: str, pct_start: float) -> None:
    """Refuse a share that is no float in [0, 1]: the frameworks insist on one.

    Raises:
        ScheduleError: it is an int, or lies outside.

    """
    if isinstance(pct_start, int) or not 0 <= pct_start <= 1:
        raise ScheduleError(
            f"{schedule}: pct_start must be a float between 0 and 1, got {pct_start!r}",
            hint="<pct_start=0.3>",
        )


def phase_ends(T: float, pct_start: float, *, three_phase: bool) -> list[float]:
    """The tick at which each phase ends."""
    return [pct_start * T - 1, *([2 * pct_start * T - 2] if three_phase else []), T - 1.0]


def levels_of(group: Group, *, three_phase: bool) -> Levels:
    """Those that a group holds: the last OneCycleLR that is built on it writes them for all."""

    def levels() -> list[float]:
        start, most, least = group.state["one_cycle"]
        return [start, most, *([start] if three_phase else []), least]

    return levels


def annealed(ends: list[float], levels: Levels, T: float, strategy: str) -> Timeline:
    """Phase i goes from levels[i] at ends[i - 1] (0 for the first) to levels[i + 1] at ends[i].

    It is refused past T, and where a phase of no length divides by zero, which may be at tick 0 already.
    """
    labels = ["warmup", "annealing"] if len(ends) == 2 else ["warmup", "cooldown", "annihilation"]
    phases: list[Phase] = []
    stop, why = math.floor(T) + 1.0, f"tried to step {math.floor(T) + 1} times, total_steps is {T}"
    for i, end in enumerate(ends):
        start = ends[i - 1] if i else 0.0
        first = max(0, math.floor(max(ends[:i])) + 1) if i else 0
        last = T if end == ends[-1] and i == len(ends) - 1 else math.floor(end)
        if first > last:
            continue
        if end == start and first < stop:
            stop, why = float(first), f"division by zero (a phase of no length ends at tick {end})"
        kind: Kind = "decay" if i else "warmup"
        rate = _anneal(start, end, i, levels, strategy)
        phases.append(Phase(kind, float(first), rate, Listed((T - 1.0,)), label=labels[i]))
    return Timeline(tuple(phases), stop, why)


def _anneal(start: float, end: float, i: int, levels: Levels, strategy: str) -> Callable[[TickArray], Rates]:
    def rate(t: TickArray) -> Rates:
        before, after = levels()[i : i + 2]
        u = (t - start) / (end - start) if end != start else np.zeros(t.shape)
        if strategy == "cos":
            return after + (before - after) / 2.0 * (np.cos(math.pi * u) + 1.0)
        return (after - before) * u + before

    return rate
