"""The first curve on another clock: shifted, faster, held, or with other lengths of warmup and run."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from lrviz.compare.case import Part, Supposed, Weight
from lrviz.compare.cause import Cause
from lrviz.engine.compose import hold, shift, speed_up
from lrviz.engine.paced import along
from lrviz.engine.timeline import Phase, Timeline, constant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.compare.case import Case
    from lrviz.compare.track import Track
    from lrviz.engine.timeline import Rates, TickArray

SLOWEST = 64
"""A curve that is more times as slow or as fast is on no clock that people set by mistake."""
FEW = range(2, 9)
"""Times as fast or as slow that are tried though nothing hints at them."""
HEIGHTS = (0.75, 0.5, 0.25, 0.1, 0.02)
"""Of the way down from the peak: where two curves are asked when they come by."""


def on_another_clock(case: Case) -> Iterator[Supposed]:
    """Everything that may have moved."""
    passings = list(_passings(case))
    yield from _shifted(case, passings)
    yield from _faster(case, passings)
    yield from _held(case)
    yield from _longer(case, passings)
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


def _shifted(case: Case, passings: list[tuple[float, float]]) -> Iterator[Supposed]:
    """A few steps later, while its first value waits, or earlier."""
    one, other = case.one, case.other
    seen = [round(there - here) for here, there in passings]
    for by in dict.fromkeys([1, -1, *seen, other.top_at - one.top_at]):
        if not by or abs(by) >= case.shared / 2:
            continue
        line, causes = shift(one.timeline, by), (Cause("shift", 0, by),)
        low, high = max(0, by), int(min(other.ran, one.bound + by))
        weight = Weight.SHIFT_BY_ONE if abs(by) == 1 else Weight.SHIFT
        if other.ran - high <= max(0, -by):
            waits = Part(Timeline((constant(one.at(0)),)), 0, low)
            yield Supposed(weight, causes, (waits, Part(line, low, high)))
        if by == 1:  # what came before its first step is nobody's
            yield Supposed(weight, causes, (Part(line, low, high),))


def _faster(case: Case, passings: list[tuple[float, float]]) -> Iterator[Supposed]:
    """A number of times as fast or as slow, between the steps of the first or in stairs."""
    one, other = case.one, case.other
    hints = [here / there for here, there in passings if there > 0]
    hints += [a / b for a, b in product(one.tops, other.tops) if a and b]
    hints += [one.steps / other.steps] if one.steps and other.steps else []
    speeds = [Fraction(hint).limit_denominator(SLOWEST) for hint in hints if 1 / SLOWEST <= hint <= SLOWEST]
    for speed in {*speeds, *map(Fraction, FEW), *(Fraction(1, times) for times in FEW)} - {0, 1}:
        if other.ran <= one.bound / speed:
            line = along(one.timeline, 0, 0, speed)
            cause = Cause("speed", speed.denominator, speed.numerator)
            # A faster curve is held against some steps of the slower one, a slower against all of the faster.
            whole = Weight.FASTER if speed.denominator == 1 else Weight.FASTER_BY_A_SHARE
            weight = Weight.SLOWER if speed < 1 else whole
            yield Supposed(weight, (cause,), (Part(line, 0, other.ran),))
            if speed.numerator == 1 and one.moves:
                stairs = hold(one.timeline, speed.denominator)
                cause = Cause("stairs", None, speed.denominator)
                yield Supposed(Weight.STAIRS, (cause,), (Part(stairs, 0, other.ran),))


def _held(case: Case) -> Iterator[Supposed]:
    """On the same way, but each value lasts a while: that of its first step."""
    starts = case.found.first[:2]
    sizes = [case.one.epoch, case.other.epoch, int(np.diff(starts)[0]) if starts.size > 1 else None]
    for size in {size for size in sizes if size and 1 < size < case.shared}:
        line = hold(speed_up(case.one.timeline, size), size)
        yield Supposed(Weight.HELD, (Cause("held", None, size),), (Part(line, 0, case.other.ran),))


def _longer(case: Case, passings: list[tuple[float, float]]) -> Iterator[Supposed]:
    """Another warmup, another total, or both; after the warmup it goes on as before, later, or stretched."""
    one, other = case.one, case.other
    for top, other_top in product(one.tops, other.tops):
        causes = (Cause("warmup", top, other_top),) if top != other_top else ()
        weight = _of_warmup(case, top, other_top) if causes else 0
        for first in _warmups(case, top, other_top):
            if causes:
                for line in (one.timeline, shift(one.timeline, other_top - top)):
                    yield Supposed(weight, causes, (first, Part(line, other_top, other.ran)))
            for total, other_total in _totals(case, top, other_top, passings):
                all_causes = (*causes, Cause("total", total, other_total)) if total != other_total else causes
                speed = Fraction(total - top, other_total - other_top)
                rest = Part(along(one.timeline, other_top, top, speed), other_top, other.ran)
                if all_causes:
                    of_run = Weight.TOTAL_OF_RUN if other_total == other.steps else Weight.TOTAL
                    yield Supposed(weight + of_run, all_causes, (first, rest))
    yield from _ends_later(case)


def _of_warmup(case: Case, top: int, other_top: int) -> int:
    """How much another warmup is: none of a curve that rises to its peak is more than another length."""
    rises = (case.one.top_at and not top) or (case.other.top_at and not other_top)
    if rises:
        return Weight.WARMUP + 1
    return Weight.WARMUP if top and other_top else Weight.WARMUP_OR_NONE


def _warmups(case: Case, top: int, other_top: int) -> Iterator[Part]:
    """The steps before the top: those of the first curve, stretched, or else a straight line."""
    if top and other_top:
        yield Part(along(case.one.timeline, 0, 0, Fraction(top, other_top)), 0, other_top)
    if top != other_top and 2 * other_top <= case.other.ran:  # a line alone is what any two values make
        yield Part(_line(case.other, other_top), 0, other_top)
    if not top and not other_top:
        yield Part(case.one.timeline, 0, 0)


def _line(track: Track, stop: int) -> Timeline:
    """Straight from the first value to that of a step."""
    first, last = track.at(0), track.at(stop)

    def rate(t: TickArray) -> Rates:
        return first + (last - first) * t / max(1, stop)

    return Timeline((Phase("rise", 0.0, rate),))


def _totals(
    case: Case, top: int, other_top: int, passings: list[tuple[float, float]]
) -> Iterator[tuple[int, int]]:
    """How long both may be: as their runs are, or as what they come by on the way down tells."""
    total = case.one.steps
    if total is None or total <= top:
        return
    ends = [total, *([case.other.steps] if case.other.steps else [])]
    for here, there in passings:
        if here > top and there > other_top:
            ends.append(round(other_top + (total - top) * (there - other_top) / (here - top)))
    yield from ((total, end) for end in dict.fromkeys(ends) if end > other_top)


def _ends_later(case: Case) -> Iterator[Supposed]:
    """The end comes later or earlier as it was, after a stretch in which nothing moves."""
    here, there = case.one.steps, case.other.steps
    if here and there and here != there:
        line = shift(case.one.timeline, there - here)
        parts = (Part(line, int(case.found.first[0]), case.other.ran),)
        yield Supposed(Weight.TOTAL_OF_RUN, (Cause("total", here, there),), parts)


def _from_a_step_on(case: Case, passings: list[tuple[float, float]]) -> Iterator[Supposed]:
    """The second is the first up to a step, where it begins anew or stands still for a while."""
    one, other = case.one, case.other
    step = int(case.found.first[0])
    if not 0 < step < other.ran - 1:
        return
    yield Supposed(
        Weight.ANEW, (Cause("anew", None, step),), (Part(shift(one.timeline, step), step, other.ran),)
    )
    stays = Timeline((constant(one.at(step - 1)),))
    for by in {1, *(round(there - here) for here, there in passings if there > step)}:
        if by > 0:
            late = Part(shift(one.timeline, by), min(step + by - 1, other.ran), other.ran)
            yield Supposed(Weight.LATE, (Cause("late", None, by, step),), (Part(stays, step, late.low), late))
