"""The first curve on another clock: shifted, faster, held, or with other lengths of warmup and run."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from lrviz.compare.case import Part
from lrviz.compare.cause import Cause
from lrviz.engine.compose import hold, shift
from lrviz.engine.paced import along
from lrviz.engine.timeline import Phase, Timeline, constant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.compare.case import Case
    from lrviz.compare.track import Track
    from lrviz.engine.timeline import Rates, TickArray

Supposed: TypeAlias = "tuple[tuple[Cause, ...], Sequence[Part]]"

SLOWEST = 64
"""A curve that is more times as slow or as fast is on no clock that people set by mistake."""
HEIGHTS = (0.75, 0.5, 0.25)
"""Of the way down from the peak: where two curves are asked when they come by."""


def on_another_clock(case: Case) -> Iterator[Supposed]:
    """Everything that may have moved, the simplest first."""
    passings = list(_passings(case))
    yield from _shifted(case, passings)
    lengths = list(_lengths(case, passings))
    yield from (supposed for supposed in lengths if len(supposed[0]) == 1)
    yield from _faster(case, passings)
    yield from (supposed for supposed in lengths if len(supposed[0]) > 1)
    yield from _from_a_step_on(case, passings)


def _passings(case: Case) -> Iterator[tuple[float, float]]:
    """Where both curves come by the same values on the way down from the top, maybe between two steps."""
    one, other = case.one, case.other
    lowest = case.lowest(other)
    for height in HEIGHTS:
        value = lowest + height * (other.top - lowest)
        here, there = one.passes(value, one.top_at), other.passes(value, other.top_at)
        if here is not None and there is not None:
            yield here, there


def _shifted(case: Case, passings: Sequence[tuple[float, float]]) -> Iterator[Supposed]:
    """A few steps later, while its first value waits, or earlier."""
    one, other = case.one, case.other
    seen = [round(there - here) for here, there in passings]
    for by in dict.fromkeys([1, -1, *seen, other.top_at - one.top_at]):
        if not by or abs(by) >= case.shared / 2:
            continue
        line, cause = shift(one.timeline, by), (Cause("shift", 0, by),)
        low, high = max(0, by), int(min(other.ran, one.bound + by))
        if other.ran - high <= max(0, -by):
            yield cause, [Part(Timeline((constant(one.at(0)),)), 0, low), Part(line, low, high)]
        if by == 1:  # what came before its first step is nobody's
            yield cause, [Part(line, low, high)]


def _faster(case: Case, passings: Sequence[tuple[float, float]]) -> Iterator[Supposed]:
    """A number of times as fast or as slow, between the steps of the first or in stairs."""
    one, other = case.one, case.other
    speeds = [here / there for here, there in passings if there > 0]
    speeds += [a / b for a, b in product(one.tops, other.tops) if a and b]
    speeds += [one.steps / other.steps] if one.steps and other.steps else []
    near = [Fraction(speed).limit_denominator(SLOWEST) for speed in speeds if 1 / SLOWEST <= speed <= SLOWEST]
    for speed in dict.fromkeys([*near, *map(Fraction, range(2, 9)), *(Fraction(1, k) for k in range(2, 9))]):
        if speed in (0, 1):
            continue
        high = min(other.ran, math.ceil(one.bound / speed) if math.isfinite(one.bound) else other.ran)
        if high == other.ran:
            yield (Cause("speed", 1, float(speed)),), [Part(along(one.timeline, 0, 0, speed), 0, high)]
            if speed.numerator == 1:
                held = hold(one.timeline, speed.denominator)
                yield (Cause("stairs", None, speed.denominator),), [Part(held, 0, high)]


def _lengths(case: Case, passings: Sequence[tuple[float, float]]) -> Iterator[Supposed]:
    """Another warmup, another total, or both; after the warmup it goes on as before, later, or stretched."""
    one, other = case.one, case.other
    for top, other_top in product(one.tops, other.tops):
        causes = (Cause("warmup", top, other_top),) if top != other_top else ()
        begun = list(_warmups(case, top, other_top))
        for first in begun:
            if causes:
                yield causes, [first, Part(one.timeline, other_top, other.ran)]
                late = along(one.timeline, other_top, top, Fraction(1))
                yield causes, [first, Part(late, other_top, other.ran)]
            for total, other_total in _totals(case, top, other_top, passings):
                if not causes and total != other_total:
                    end = shift(one.timeline, other_total - total)
                    yield (
                        (Cause("total", total, other_total),),
                        [Part(end, int(case.found.first[0]), other.ran)],
                    )
                speed = Fraction(total - top, other_total - other_top)
                rest = Part(along(one.timeline, other_top, top, speed), other_top, other.ran)
                longer = (Cause("total", total, other_total),) if total != other_total else ()
                if causes or longer:
                    yield (*causes, *longer), [first, rest]


def _warmups(case: Case, top: int, other_top: int) -> Iterator[Part]:
    """The steps before the top: those of the first curve, as many or stretched, or else a straight line."""
    one, other = case.one, case.other
    if top and other_top:
        yield Part(along(one.timeline, 0, 0, Fraction(top, other_top)), 0, other_top)
    if top != other_top:
        yield Part(_line(other, other_top), 0, other_top)
    if not top and not other_top:
        yield Part(one.timeline, 0, 0)


def _line(track: Track, stop: int) -> Timeline:
    """Straight from the first value to that of a step."""
    first, last = track.at(0), track.at(stop)

    def rate(t: TickArray) -> Rates:
        return first + (last - first) * t / max(1, stop)

    return Timeline((Phase("rise", 0.0, rate),))


def _totals(
    case: Case, top: int, other_top: int, passings: Sequence[tuple[float, float]]
) -> Iterator[tuple[int, int]]:
    """How long both may be: as their runs are, or as what they come by on the way down tells."""
    one, other = case.one, case.other
    if one.steps is None:
        return
    ends = [one.steps] if other.steps is None else [one.steps, other.steps]
    found = [(one.steps, end) for end in ends]
    for here, there in passings:
        if here > top and there > other_top:
            speed = (here - top) / (there - other_top)
            found.append((one.steps, round(other_top + (one.steps - top) / speed)))
    yield from (pair for pair in dict.fromkeys(found) if pair[0] > top and pair[1] > other_top)


def _from_a_step_on(case: Case, passings: Sequence[tuple[float, float]]) -> Iterator[Supposed]:
    """The same up to a step, where it begins anew or stands still for a while."""
    one, other = case.one, case.other
    step = int(case.found.first[0])
    if not 0 < step < other.ran - 1:
        return
    yield (Cause("anew", None, step),), [Part(shift(one.timeline, step), step, other.ran)]
    stays = Timeline((constant(one.at(step - 1)),))
    for by in dict.fromkeys([1, *(round(there - here) for here, there in passings if there > step)]):
        if by > 0:
            late = Part(shift(one.timeline, by), min(step + by - 1, other.ran), other.ran)
            yield (Cause("late", None, by, step),), [Part(stays, step, late.low), late]
