"""A schedule is a timeline: named phases, each with a start and a formula over ticks.

A phase is of one of three kinds. *Breakpoints*: any tick can be asked for, and between known turns
the formula is monotone. *Opaque*: any tick can be asked for, nothing is known between ticks
(but there may be interval bounds). *Walk*: each value needs the one before; it is opaque, and
looking at every tick costs nothing extra because every tick is computed anyway.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from lrviz.engine.breakpoints import Breakpoints, Listed
from lrviz.errors import ScheduleError
from lrviz.notation.numbers import LARGEST_WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

TickArray: TypeAlias = "NDArray[np.float64]"
Rates: TypeAlias = "NDArray[np.float64]"
Formula: TypeAlias = "Callable[[TickArray], Rates]"
Kind = Literal["warmup", "rise", "stable", "constant", "decay", "cycle", "hold", "free"]
"""What a phase does: ``stable`` stays at the top, ``constant`` is a schedule that never moves, ``hold`` lies
outside what a schedule describes (before it, after its end), ``free`` is anybody's formula or data."""

LARGEST_TICK = LARGEST_WHOLE
"""Ticks are whole numbers held in float64, exact up to here."""


MONOTONE = Listed()


def on_clock(
    rate: Formula, inner: Callable[[TickArray], TickArray], outer: Callable[[int], float]
) -> Formula:
    """``rate`` at ``inner`` ticks; where it refuses one, the refusal speaks of the ``outer`` tick."""

    def moved(t: TickArray) -> Rates:
        try:
            return rate(inner(t))
        except ScheduleError as error:
            if error.step is None:
                raise
            step = math.ceil(outer(error.step))
            raise ScheduleError(error.message, hint=error.template, step=step) from None

    return moved


@dataclass(frozen=True, eq=False)
class Phase:
    """A named stretch of a schedule, from ``start`` (a tick, maybe fractional) to the next phase.

    ``rate`` maps an array of ticks (float64 holding whole numbers) to the values there. ``jumps``
    are further places where the value jumps, beside those of ``shape``. ``label`` is what people see, the
    kind where there is none: nothing is decided by it.
    """

    kind: Kind
    start: float
    rate: Formula
    shape: Breakpoints = MONOTONE
    jumps: tuple[Breakpoints, ...] = ()
    label: str = ""

    @property
    def name(self) -> str:
        """What the phase is called."""
        return self.label or self.kind

    def breaks(self) -> tuple[Breakpoints, ...]:
        """The turns at which the value jumps."""
        return (self.shape, *self.jumps) if self.shape.jumps else self.jumps

    def shift(self, ticks: float) -> Phase:
        """The same phase, ``ticks`` later, counting from its own 0."""
        return replace(
            self,
            start=self.start + ticks,
            rate=on_clock(self.rate, lambda t: t - ticks, lambda tick: tick + ticks),
            shape=self.shape.shift(ticks),
            jumps=tuple(turns.shift(ticks) for turns in self.jumps),
        )


@dataclass(frozen=True, eq=False)
class Timeline:
    """Phases in the order of their starts; the first covers everything before the second.

    ``end`` is the first tick the framework refuses, and ``why`` what it says there; one that ``gives_out``
    has no more data from there on, and nothing is raised. ``length`` is how many ticks the framework itself
    says it has. ``notes`` say what of its arguments the framework accepts and never uses.
    """

    phases: tuple[Phase, ...]
    end: float = math.inf
    why: str = ""
    length: float | None = None
    gives_out: bool = False
    notes: tuple[str, ...] = ()

    def __call__(self, ticks: TickArray) -> Rates:
        """The values at ``ticks``, in any order, of the same shape.

        Raises:
            ScheduleError: a tick at or past ``end``; ``step`` is ``end``.

        """
        if ticks.size and ticks.max() >= self.end:
            if self.walks:
                self(np.array([self.end - 1.0]))  # a walk may stop sooner, which only walking tells
            raise self.refusal()
        traced: Any = ticks
        with np.errstate(all="ignore"):
            if hasattr(traced, "branch"):  # ticks that remember what is made of them
                parts = [(phase.start, phase.name, phase.rate) for phase in self.phases]
                written: Rates = traced.branch(parts)
                return written
            if len(self.phases) == 1:
                return np.asarray(self.phases[0].rate(ticks), dtype=np.float64)
            if ticks.ndim == 1 and bool(np.all(ticks[1:] >= ticks[:-1])):
                return self._sorted(ticks)
            order = np.argsort(ticks, axis=None)
            values = np.empty(ticks.size)
            values[order] = self._sorted(ticks.ravel()[order])
            return values.reshape(ticks.shape)

    def ends_with(self, phases: tuple[Phase, ...], end: float) -> Timeline:
        """Other phases, on which it ends at ``end`` as it does here."""
        return Timeline(phases, end, self.why, gives_out=self.gives_out)

    @property
    def walks(self) -> bool:
        """Whether each value of some phase needs the one before."""
        return any(phase.shape.walk for phase in self.phases)

    def _sorted(self, ticks: TickArray) -> Rates:
        """Ascending ticks: each phase computes one slice."""
        values = np.empty(ticks.shape)
        cuts = [0, *np.searchsorted(ticks, [phase.start for phase in self.phases[1:]]), ticks.size]
        for phase, first, last in zip(self.phases, cuts, cuts[1:], strict=False):
            if first < last:
                values[first:last] = phase.rate(ticks[first:last])
        return values

    def refusal(self) -> ScheduleError:
        """The error of asking for ``end`` or later."""
        tick = math.ceil(self.end)
        text = f"the schedule stops at tick {tick}: {self.why}"
        return ScheduleError(text, hint="give fewer <steps>", step=tick)

    def spans(self, low: int, high: int) -> Iterator[tuple[Phase, int, int]]:
        """(phase, first, stop) of every phase that has whole ticks in [low, high)."""
        nexts = [phase.start for phase in self.phases[1:]] + [math.inf]
        for i, (phase, following) in enumerate(zip(self.phases, nexts, strict=True)):
            if i and phase.start >= high:
                return
            first = low if i == 0 else max(low, math.ceil(phase.start))
            stop = high if math.isinf(following) else min(high, math.ceil(following))
            if first < stop:
                yield phase, first, stop

    def jumps(self, low: int, high: int, most: int) -> list[int] | None:
        """The ticks in (low, high) whose value is no continuation of the one before.

        Returns None where there may be more than ``most``.
        """
        ticks: list[int] = []
        previous: Phase | None = None
        for phase, first, stop in self.spans(low, high):
            if previous is not None and _breaks(previous, phase, first):
                ticks.append(first)
            for turns in phase.breaks():
                if turns.count(first, stop) > most:
                    return None
                places = turns.positions(first, stop)
                ticks += _landed(phase, places[places > phase.start], first, stop)
            previous = phase
        return sorted(set(ticks) - {low})


def _landed(phase: Phase, places: NDArray[np.float64], first: int, stop: int) -> list[int]:
    """The tick at which each turn is felt: the first one from it on, or the next where rounding delays it."""
    whole = np.round(places)
    ticks = np.where(np.abs(places - whole) < 1e-6, whole, np.ceil(places))
    ticks = ticks[(ticks > first) & (ticks < stop)]
    with np.errstate(all="ignore"):
        before, now, then = (np.nan_to_num(_going_on(phase, ticks + shift)) for shift in (-1, 0, 1))
    step, next_step = np.abs(now - before), np.abs(then - now)
    delayed = step < next_step / 20
    landed = ticks + delayed
    felt = (np.where(delayed, next_step, step) > 0) & (landed < stop)
    return [int(tick) for tick in landed[felt]]


def _going_on(phase: Phase, ticks: TickArray) -> Rates:
    """The values, from where the phase refuses on the last one before."""
    try:
        return phase.rate(ticks)
    except ScheduleError as error:
        if error.step is None:
            raise
        return phase.rate(np.minimum(ticks, error.step - 1.0))


def _breaks(left: Phase, right: Phase, tick: int) -> bool:
    """Whether the value jumps at ``tick``, where one phase ends and the other begins.

    It does if the left formula, continued, misses the right one, or jumps as well, by more than either moves
    in a tick.
    """
    at = float(tick)
    try:
        with np.errstate(all="ignore"):
            before, last, continued = left.rate(np.array([max(at - 2, 0.0), max(at - 1, 0.0), at]))
            after, following = right.rate(np.array([at, at + 1]))
    except ScheduleError:
        return False
    step = abs(after - last)
    usual = max(abs(last - before), abs(following - after))
    return bool(
        step > 1e-9 * max(abs(last), abs(after))
        and step > 3 * usual
        and (abs(after - continued) > step / 3 or _jumps_at(left, tick))
    )


def _jumps_at(phase: Phase, tick: int) -> bool:
    """Whether the phase, continued, would jump there: one that is held for several ticks does at its end."""
    places = [turns.positions(tick - 1, tick) for turns in phase.breaks()]
    return any(bool(np.any(at > tick - 1)) for at in places)


def value_at_tick(formula: Formula, tick: float) -> float:
    """What a formula, or a timeline, gives at one tick."""
    return float(formula(np.array([float(tick)]))[0])


def constant(value: float, *, kind: Kind = "constant", start: float = 0.0, label: str = "") -> Phase:
    """The phase that stays at ``value``."""
    return Phase(kind, start, lambda t: np.full(t.shape, float(value)), label=label)


def trend(first: float, last: float) -> Kind:
    """What a phase from one value straight to another does."""
    return "rise" if last > first else "decay"
