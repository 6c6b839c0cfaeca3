"""Schedulers over ``where``, the fraction of the run that is done, and their timelines over updates."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace

from lrviz.catalogue.group import Group
from lrviz.engine.breakpoints import Listed, Periodic
from lrviz.engine.timeline import LARGEST_TICK, MONOTONE, Kind, Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError

EPSILON = 1e-6
"""Added to ``where`` before it is compared: a step comes that much of the run early."""

Reached = Callable[[float], bool]


@dataclass(frozen=True)
class Piece:
    """A stretch of a scheduler.

    ``value`` and ``shape`` are its formula and turns. ``begins`` and ``raises`` say whether a where has
    reached it, or is refused by it; once true they stay so.
    """

    kind: Kind
    value: Callable[[TickArray], Rates]
    shape: Listed | Periodic = MONOTONE
    raises: Reached = lambda _: False
    why: str = ""
    begins: Reached = lambda _: True
    label: str = ""

    def within(self, start: float, size: float, begins: Reached) -> Piece:
        """The piece in a part of the run from ``start`` on, ``size`` long, once that part has begun."""
        value, raises, own = self.value, self.raises, self.begins
        return replace(
            self,
            value=lambda where: value((where - start) / size),
            shape=stretched(self.shape, start, size),
            raises=lambda where: raises((where - start) / size),
            begins=lambda where: begins(where) and own((where - start) / size),
        )


@dataclass(frozen=True)
class Course:
    """A scheduler over the updates of a run, and what it is over where."""

    timeline: Timeline
    pieces: tuple[Piece, ...]


def stretched(turns: Listed | Periodic, start: float, size: float) -> Listed | Periodic:
    """The turns of a clock that begins at ``start`` and is ``size`` times as slow."""
    if isinstance(turns, Listed):
        return replace(turns, places=start + size * turns.ascending)
    return replace(turns, every=size * turns.every, start=start + size * turns.start)


def course(group: Group, max_iter: int, *pieces: Piece) -> Course:
    """The group's LR times the scheduler, at where = t / max_iter.

    Raises:
        ScheduleError: ``max_iter`` is not positive.

    """
    if max_iter <= 0:
        raise ScheduleError(f"max_iter must be greater than 0, got {max_iter!r}", hint="<max_iter=90000>")
    starts = [_first(piece.begins, max_iter) for piece in pieces]
    phases, end, why = [], math.inf, ""
    for i, (piece, start) in enumerate(zip(pieces, starts, strict=True)):
        stop = min(starts[i + 1 :], default=math.inf)
        if start >= stop:
            continue
        phases.append(_phase(group.lr, max_iter, piece, start))
        refused = max(start, _first(piece.raises, max_iter))
        if refused < min(stop, end):
            end, why = refused, piece.why
    return Course(Timeline(tuple(phases), end, why), pieces)


def _phase(B: float, max_iter: int, piece: Piece, start: float) -> Phase:
    def rate(t: TickArray) -> Rates:
        return B * piece.value(t / max_iter)

    return Phase(piece.kind, start, rate, stretched(piece.shape, 0.0, max_iter), label=piece.label)


def _first(reached: Reached, max_iter: int) -> float:
    """The first update at which it is true."""
    ticks = range(LARGEST_TICK)
    found = bisect_left(ticks, True, key=lambda t: reached(t / max_iter))
    return found if found < len(ticks) else math.inf
