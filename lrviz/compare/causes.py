"""What sets two curves apart: every supposition is held against all steps, and the first that holds is said.

Only numbers are looked at, never what made them. A supposition makes of the first curve one that should be
the second: scaled, cut off, shifted, on another clock.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from lrviz.compare.case import Case, Part, Supposed, Weight
from lrviz.compare.cause import Cause
from lrviz.compare.clocks import on_another_clock
from lrviz.engine.compose import scale
from lrviz.engine.timeline import Timeline, constant

if TYPE_CHECKING:
    from collections.abc import Iterator


FEWEST = 3
"""Steps that must differ before a number that is fitted to one of them explains the others."""
ROUNDING = 1e-6
"""How far apart, as a share of the peak, two curves are of which one is computed in float32."""


def causes_of(case: Case) -> tuple[Cause, ...]:
    """Why the second curve is not the first; nothing where nothing supposed explains every step."""
    most = float(case.found.most.max())
    causes: tuple[Cause, ...] = ()
    if case.compared >= 2 * FEWEST and most > 2 * case.near:
        causes = _explained(case) or _scaled(case)
    rounding = most <= ROUNDING * abs(case.other.top)
    return causes or ((Cause("rounding"),) if rounding else ())


def _explained(case: Case) -> tuple[Cause, ...]:
    """The lightest that holds, be it told of the second curve or of the first."""
    cases = [(supposed, case) for supposed in _supposed(case)]
    cases += [(supposed, case.swapped) for supposed in _supposed(case.swapped)]
    for supposed, side in sorted(cases, key=lambda pair: pair[0].weight):
        if side.holds(supposed.parts):
            of_second = side is case
            return tuple(cause if of_second else cause.reversed() for cause in supposed.causes)
    return ()


def _scaled(case: Case) -> tuple[Cause, ...]:
    """Another peak, and beside it one more thing."""
    one, other = case.one, case.other
    if not one.top or not other.top or abs(one.top - other.top) <= case.near:
        return ()
    factor = other.top / one.top
    scaled = Case.of(one.times(factor), other, case.slack, by_step=case.by_step)
    found = _explained(scaled) if len(scaled.found) else ()
    beside = (_in_heights(cause, factor) for cause in found)
    return (Cause("peak", one.top, other.top), *beside) if found else ()


def _in_heights(cause: Cause, factor: float) -> Cause:
    """A cause found beside the scaled curve, told of the first as it is."""
    return (
        cause._replace(here=cause.here / factor) if cause.id in {"floor", "start"} and cause.here else cause
    )


def _supposed(case: Case) -> Iterator[Supposed]:
    """Everything that may be."""
    clocks = (on_another_clock,) if case.by_step else ()
    return chain(*(suppose(case) for suppose in (_higher, _floored, *clocks, _flat)))


def _higher(case: Case) -> Iterator[Supposed]:
    """All values times a number."""
    at = case.farthest
    here, there = case.one.at(at), case.other.at(at)
    if here and there and np.isfinite(there / here):
        line = scale(case.one.timeline, there / here)
        yield Supposed(Weight.PEAK, (Cause("peak", here, there),), (Part(line, 0, case.shared),))


def _flat(case: Case) -> Iterator[Supposed]:
    """One value wherever they differ."""
    if _count(case) >= FEWEST:
        value = case.other.at(int(case.found.first[0]))
        line = Timeline((constant(value),))
        yield Supposed(Weight.FLAT, (Cause("flat", None, value),), _where_they_differ(case, line))


def _floored(case: Case) -> Iterator[Supposed]:
    """As high as before, and from there all distances down times a number."""
    one, other = case.one, case.other
    at = case.farthest
    depth = one.top - one.at(at)
    if _count(case) < FEWEST or abs(one.top - other.top) > case.near or not depth:
        return
    share = (one.top - other.at(at)) / depth
    line = scale(one.timeline, share, one.top * (1 - share))
    if share > 0:
        rises = int(case.found.last[-1]) < min(one.top_at, other.top_at)
        name, weight = ("start", Weight.START) if rises else ("floor", Weight.FLOOR)
        lowest = Cause(name, case.lowest(one), case.lowest(other))
        yield Supposed(weight, (lowest,), _where_they_differ(case, line))


def _where_they_differ(case: Case, line: Timeline) -> tuple[Part, ...]:
    return tuple(Part(line, low, high) for low, high in case.differing())


def _count(case: Case) -> int:
    """Steps that differ; beside a file its rows."""
    stretches = case.differing()
    return sum(case.other.steps_in(low, high, FEWEST).size for low, high in stretches)
