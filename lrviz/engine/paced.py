"""A timeline on an irregular clock: the ticks of a step depend on the step."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import Breakpoints
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import on_clock
from lrviz.engine.traced import look_up

if TYPE_CHECKING:
    from fractions import Fraction

    from lrviz.engine.breakpoints import Positions
    from lrviz.engine.timeline import Phase, Timeline
    from lrviz.notation.pace import Pace


@dataclass(frozen=True, eq=False)
class Clockwork:
    """A clock in straight pieces, read both ways; piece i begins at step ``starts[i]``, tick ``ticks[i]``.

    From there on it moves by ``moves[i]`` ticks in ``per`` steps.
    """

    starts: Positions
    ticks: Positions
    moves: Positions
    per: float = 1.0

    @classmethod
    def of(cls, pace: Pace) -> Clockwork:
        """The clock of a pace."""
        moves = [piece.ticks for piece in pace.pieces]
        starts, ticks = np.array(pace.starts, dtype=float), np.array(pace.ticks, dtype=float)
        return cls(starts, ticks, np.array(moves, dtype=float))

    def ticks_at(self, steps: Positions) -> Positions:
        """The ticks of steps; of whole ones exact."""
        i = _piece(self.starts, steps)
        ticks, starts, moves = (look_up(table, i) for table in (self.ticks, self.starts, self.moves))
        found: Positions = ticks + (steps - starts) * moves / self.per
        return found

    def steps_at(self, ticks: Positions) -> Positions:
        """The steps of ticks, which may lie between two."""
        i = _piece(self.ticks, ticks)
        found: Positions = self.starts[i] + (ticks - self.ticks[i]) * self.per / self.moves[i]
        return found

    def step_at(self, tick: float) -> float:
        """The step of one tick."""
        return tick if math.isinf(tick) else float(self.steps_at(np.array(tick)))


def _piece(edges: Positions, places: Positions) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """The piece in which each place lies; before the first edge it is the first."""
    return np.maximum(np.searchsorted(edges, places, side="right") - 1, 0)


@dataclass(frozen=True, eq=False)
class Paced(Breakpoints):
    """The turns of a schedule that moves by the clock."""

    inner: Breakpoints
    clock: Clockwork
    start: float = 0.0

    @property
    def jumps(self) -> bool:
        return self.inner.jumps

    def count(self, low: float, high: float) -> float:
        return self.inner.count(*self._ticks(low, high))

    def positions(self, low: float, high: float) -> Positions:
        return self.start + self.clock.steps_at(self.inner.positions(*self._ticks(low, high)))

    def _ticks(self, low: float, high: float) -> tuple[float, float]:
        first, last = self.clock.ticks_at(np.array([low, high]) - self.start).tolist()
        return first, last

    def shift(self, ticks: float) -> Paced:
        return replace(self, start=self.start + ticks)


def run_at(timeline: Timeline, pace: Pace) -> Timeline:
    """The value at step t is that of the tick at which ``pace`` has arrived by then.

    The schedule is asked for that tick alone, not for those that are passed over.
    """
    return _by(Clockwork.of(pace), timeline)


def along(timeline: Timeline, start: int, tick: int, speed: Fraction) -> Timeline:
    """The value at step t is that of tick ``tick + (t - start) * speed``, which may lie between two."""
    starts, ticks, moves = (np.array([float(place)]) for place in (start, tick, speed.numerator))
    return _by(Clockwork(starts, ticks, moves, float(speed.denominator)), timeline)


def _by(clock: Clockwork, timeline: Timeline) -> Timeline:
    phases = tuple(_on(clock, phase) for phase in timeline.phases)
    end = timeline.end if math.isinf(timeline.end) else math.ceil(clock.step_at(timeline.end))
    return timeline.ends_with(phases, end)


def _on(clock: Clockwork, phase: Phase) -> Phase:
    shape = phase.shape
    return replace(
        phase,
        start=clock.step_at(phase.start),
        rate=on_clock(phase.rate, clock.ticks_at, clock.step_at),
        shape=shape.read_at(clock.ticks_at) if isinstance(shape, Opaque) else Paced(shape, clock),
        jumps=tuple(Paced(turns, clock) for turns in phase.jumps),
    )
