"""What sets two curves apart: every supposition is held against all steps, and the first that holds is said.

Only numbers are looked at, never what made them. A supposition makes of the first curve one that should be
the second: scaled, cut off, shifted, on another clock.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from lrviz.compare.case import Case, Part
from lrviz.compare.cause import Cause
from lrviz.compare.clocks import on_another_clock
from lrviz.engine.compose import scale
from lrviz.engine.timeline import Timeline, constant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.compare.clocks import Supposed

FEWEST = 3
"""Steps that must differ before a number that is fitted to one of them explains the others."""
FLOAT32 = 2.0**-23
"""How far apart neighbours in float32 are, as a share of them."""


def causes_of(case: Case) -> tuple[Cause, ...]:
    """Why the second curve is not the first; nothing where nothing supposed explains every step."""
    most = float(case.found.most.max())
    rounding = np.isfinite(most) and most <= FLOAT32 * abs(case.other.top)
    if rounding and most <= 2 * case.near:
        return (Cause("rounding"),)
    if case.compared < FEWEST * 2:
        return ()
    for explain in (_alone, _scaled):
        found = explain(case) or tuple(cause.reversed() for cause in explain(case.swapped))
        if found:
            return found
    return (Cause("rounding"),) if rounding else ()


def _alone(case: Case) -> tuple[Cause, ...]:
    """One thing that explains all, or two of the clock."""
    return next((causes for causes, parts in _supposed(case) if case.holds(parts)), ())


def _scaled(case: Case) -> tuple[Cause, ...]:
    """Another peak, and beside it one more thing."""
    one, other = case.one, case.other
    if not one.top or not other.top or abs(one.top - other.top) <= case.near:
        return ()
    factor = other.top / one.top
    scaled = Case.of(one.times(factor), other, case.slack)
    found = _alone(scaled) if len(scaled.found) else ()
    beside = (_in_heights(cause, factor) for cause in found)
    return (Cause("peak", one.top, other.top), *beside) if found else ()


def _in_heights(cause: Cause, factor: float) -> Cause:
    """A cause found beside the scaled curve, told of the first as it is."""
    return (
        cause._replace(here=cause.here / factor) if cause.id in {"floor", "start"} and cause.here else cause
    )


def _supposed(case: Case) -> Iterator[Supposed]:
    """What may be, the simplest first."""
    return chain(*(suppose(case) for suppose in SUPPOSITIONS))


def _higher(case: Case) -> Iterator[Supposed]:
    """All values times a number."""
    here, there = case.one.at(case.one.top_at), case.other.at(case.one.top_at)
    if here and there and np.isfinite(there / here):
        line = scale(case.one.timeline, there / here)
        yield (Cause("peak", here, there),), [Part(line, 0, case.shared)]


def _flat(case: Case) -> Iterator[Supposed]:
    """One value wherever they differ."""
    if _count(case) >= FEWEST:
        value = case.other.at(int(case.found.first[0]))
        yield (Cause("flat", None, value),), _where_they_differ(case, Timeline((constant(value),)))


def _floored(case: Case) -> Iterator[Supposed]:
    """As high as before, and from there all distances down times a number."""
    one, other = case.one, case.other
    at = int(case.found.most_at[np.argmax(case.found.most)])
    depth = one.top - one.at(at)
    if _count(case) < FEWEST or abs(one.top - other.top) > case.near or not depth:
        return
    share = (one.top - other.at(at)) / depth
    line = scale(one.timeline, share, one.top * (1 - share))
    if share > 0:
        rises = int(case.found.last[-1]) < min(one.top_at, other.top_at)
        lowest = Cause("start" if rises else "floor", case.lowest(one), case.lowest(other))
        yield (lowest,), _where_they_differ(case, line)


def _where_they_differ(case: Case, line: Timeline) -> list[Part]:
    return [Part(line, low, high) for low, high in case.differing()]


def _count(case: Case) -> int:
    """Steps that differ; beside a file its rows."""
    stretches = case.differing()
    return sum(case.other.steps_in(low, high, FEWEST).size for low, high in stretches)


SUPPOSITIONS: tuple[Callable[[Case], Iterator[Supposed]], ...] = (_higher, _floored, on_another_clock, _flat)
