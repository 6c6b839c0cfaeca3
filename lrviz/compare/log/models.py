"""What the plan would be with one number otherwise: each model gives the value of a tick for that number."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.compare.log.planned import Plan
    from lrviz.compare.log.search import Model, Numbers
    from lrviz.engine.timeline import Rates, TickArray


def on_clock(plan: Plan, clock: Callable[[TickArray, Numbers], TickArray]) -> Model:
    """The plan at other ticks."""

    def model(ticks: TickArray, number: Numbers) -> Rates:
        with np.errstate(all="ignore"):
            return plan(np.asarray(clock(ticks, number)))

    return model


def late(plan: Plan) -> Model:
    """So many ticks later, the first value waiting."""
    return on_clock(plan, lambda t, by: np.maximum(t - by, 0))


def early(plan: Plan) -> Model:
    """So many ticks ahead."""
    return on_clock(plan, lambda t, by: t + by)


def faster(plan: Plan) -> Model:
    """So many times as fast."""
    return on_clock(plan, lambda t, times: t * times)


def stairs(plan: Plan) -> Model:
    """One tick in so many."""
    return on_clock(plan, lambda t, size: np.floor(t / size))


def held(plan: Plan) -> Model:
    """As planned, but each value lasts for so many ticks."""
    return on_clock(plan, lambda t, size: np.floor(t / size) * size)


def every(plan: Plan, size: int) -> Model:
    """Each value, planned to last for ``size`` ticks, for so many."""
    return on_clock(plan, lambda t, count: np.floor(t / count) * size)


def anew(plan: Plan) -> Model:
    """From its first tick, which is so many ticks later."""
    return on_clock(plan, lambda t, start: np.where(t >= start, t - start, np.nan))


def rise(plan: Plan) -> Model:
    """The warmup of the plan stretched to so many ticks, or a line from 0 where it has none."""
    if plan.warm:
        return on_clock(plan, lambda t, warm: t * (plan.warm / warm))
    top = float(plan(np.zeros(1))[0])
    return lambda t, warm: top * (t / warm)


def totals(plan: Plan, warm: int) -> Iterator[Model]:
    """Another length: behind a warmup of ``warm`` ticks all is stretched, or what comes later."""
    for behind in _totals(plan, warm):
        yield behind if plan.warm or not warm else _risen(plan, warm, behind)


def _risen(plan: Plan, warm: int, behind: Model) -> Model:
    before = rise(plan)
    return lambda t, n: np.where(t < warm, before(t, np.array(warm)), behind(t, n))


def _totals(plan: Plan, warm: int) -> Iterator[Model]:
    total = plan.total
    later = [knot for knot in plan.knots if knot > plan.warm]
    of_warmup = [(0.0, 0.0), *([(float(plan.warm), float(warm))] if plan.warm or warm else [])]
    yield _through(plan, of_warmup, [(total, lambda n: n)])
    yield _through(plan, of_warmup, [(total - 1, lambda n: n - 1)])
    if later:
        yield _through(
            plan, of_warmup, [*((k, lambda n, k=k: k * n / total) for k in later), (total, lambda n: n)]
        )
        yield _through(
            plan, of_warmup, [*((k, lambda n, k=k: k + n - total) for k in later), (total, lambda n: n)]
        )


def stretched(plan: Plan) -> Iterator[Model]:
    """All of it stretched to another length, counted from 0 or from 1, or only as far as its last tick."""
    total = plan.total
    yield on_clock(plan, lambda t, n: t * total / n)
    yield on_clock(plan, lambda t, n: t * (total - 1) / np.maximum(n - 1, 1))
    yield _through(
        plan,
        [(0.0, 0.0)],
        [
            *((k, lambda n, k=k: (k + 1) * n / total - 1) for k in plan.knots),
            (total - 1, lambda n: n - 1),
        ],
    )


def _through(
    plan: Plan,
    fixed: list[tuple[float, float]],
    moved: list[tuple[float, Callable[[Numbers], Numbers]]],
) -> Model:
    """The clock that comes by ticks of the plan at others, straight between them and behind the last."""

    def clock(ticks: TickArray, number: Numbers) -> TickArray:
        places: list[tuple[float, Numbers]] = [(tick, np.asarray(at)) for tick, at in fixed]
        places += [(tick, at(number)) for tick, at in moved]
        found: TickArray = ticks
        for (tick, at), (following, then) in pairwise(places):
            found = np.where(ticks >= at, tick + (ticks - at) * ((following - tick) / (then - at)), found)
        return found

    return on_clock(plan, clock)


def warmups(plan: Plan) -> Iterator[Model]:
    """Another warmup; what follows is stretched to the same end, stands where it did, or comes later."""
    warm, total = plan.warm, plan.total
    rests = (
        lambda t, w: warm + (t - w) * (total - warm) / np.maximum(total - w, 1),
        lambda t, _: np.maximum(t, warm),
        lambda t, w: warm + t - w,
    )
    for rest in rests:
        yield _warmed(plan, rest)


def _warmed(plan: Plan, rest: Callable[[TickArray, Numbers], TickArray]) -> Model:
    """Another warmup, and then the rest."""
    before, after = rise(plan), on_clock(plan, rest)

    def model(ticks: TickArray, warm: Numbers) -> Rates:
        with np.errstate(all="ignore"):
            values: Rates = np.where(ticks < warm, before(ticks, warm), after(ticks, warm))
        return values

    return model
