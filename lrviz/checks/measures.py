"""What a curve can be asked for: one measure for each fact, and an amount as it is counted there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.curves.own_steps import step_of, warmup_of
from lrviz.engine.sampling import LOOKED_AT, first_tick, seen_until
from lrviz.engine.timeline import value_at_tick
from lrviz.errors import ScheduleError
from lrviz.notation.durations import Duration
from lrviz.notation.fact import FACTS, Fact, Rate
from lrviz.notation.own_step import OwnStep
from lrviz.resolve.budget import budget_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.curves.series import Series
    from lrviz.notation.expectation import Amount

EQUAL = 1e-9
"""Two LRs nearer than this, relative to each other, are equal."""
ROUNDING = 1e-12
"""By so much, relative, values may miss what they should be; slow curves are within ``EQUAL`` for long."""


class Measured(NamedTuple):
    """A value, None where the curve has none; ``step`` is where it stands, ``note`` is said behind it.

    One that is no ``exact`` value comes of many of its steps.
    """

    value: float | None
    step: int | None = None
    note: str = ""
    exact: bool = True


def measure(row: Series, fact: Fact) -> Measured:
    """What a curve has of a fact."""
    return MEASURES[fact.name](row, fact)


def known_facts_of(row: Series) -> dict[str, float | None]:
    """All facts that stand alone; None where the curve has none, or it cannot be told."""
    return {name: _known(row, Fact(name)) for name, kind in FACTS.items() if not kind.takes}


def _known(row: Series, fact: Fact) -> float | None:
    try:
        return measure(row, fact).value
    except ScheduleError:
        return None


def amount_of(row: Series, fact: Fact, amount: Amount) -> float:
    """An amount in steps, as an LR or as a number, as it is counted in the run of this curve.

    Raises:
        PlanError: epochs of unknown length.

    """
    if isinstance(amount, Duration):
        return row.plan.ticks(amount, warmup=fact.name == "warmup")[0]
    return rate_of(row, amount) if isinstance(amount, Rate) else amount


def rate_of(row: Series, rate: Rate) -> float:
    """An LR, or a share of the curve's peak."""
    return rate.amount * row.facts.peak if rate.of_peak else rate.amount


def value_at(row: Series, step: int) -> float:
    """The value of one update.

    Raises:
        ScheduleError: a log has no row of it.

    """
    value = value_at_tick(row.known, step)
    if row.logged and step not in row.logged.column.steps:
        rows = row.logged.column.steps
        near = rows[np.abs(rows - step).argmin()]
        raise ScheduleError(f"{row.label} has no row at step {step}", hint=f"the nearest is at {near}")
    return value


def step_at(row: Series, step: Duration | OwnStep) -> int:
    """A step of the run, or one that is the curve's own.

    Raises:
        SpecError: it is before the first.

    """
    return step_of(row, step, "step") if isinstance(step, OwnStep) else row.plan.ticks(step)[0]


def first_below(row: Series, limit: float) -> int | None:
    """The first update, from the peak on, whose value is below a limit."""
    start, stop = row.facts.peak_at, row.ran
    with np.errstate(all="ignore"):
        seen, _, _ = seen_until(row.timeline, start, stop, LOOKED_AT)
        return first_tick(row.timeline, seen, start, stop, lambda found: found.low < limit)


def _of_epochs(number: float | None) -> Measured:
    return Measured(number, note="" if number else "unknown in this plan")


def _warmup(row: Series, _fact: Fact) -> Measured:
    """What its plan has; where that has none, as long as the curve is in it."""
    run = row.run
    asked = run and budget_of(run.plan, run.warmup, {}, run.reading, run.counted_warmup).warmup_steps
    return Measured(asked[0] if asked else warmup_of(row))


def _warmup_end(row: Series, _fact: Fact) -> Measured:
    end = warmup_of(row)
    return Measured(end, end) if end else Measured(None, note="none: there is no warmup")


def _mean(row: Series, _fact: Fact) -> Measured:
    exact = row.facts.mean_exact
    return Measured(row.facts.mean, note="" if exact else "of 65536 steps", exact=exact)


def _area(row: Series, fact: Fact) -> Measured:
    mean = _mean(row, fact)
    return mean._replace(value=row.facts.mean * row.ran)


def _half(row: Series, _fact: Fact) -> Measured:
    half = row.facts.peak / 2
    step = first_below(row, half + ROUNDING * abs(half))
    return Measured(step, step, "" if step is not None else "none: it stays above half of the peak")


def _below(row: Series, fact: Fact) -> Measured:
    limit = rate_of(row, fact.argument) if isinstance(fact.argument, Rate) else 0.0
    step = first_below(row, limit - ROUNDING * abs(limit))
    return Measured(step, step, "" if step is not None else "none: it does not fall below that")


def _lr(row: Series, fact: Fact) -> Measured:
    step = step_at(row, fact.argument) if isinstance(fact.argument, Duration | OwnStep) else 0
    if step >= row.steps:
        return Measured(None, step, f"after the end: the last step is {row.steps - 1}")
    if step >= row.ran and row.facts.stop:
        return Measured(None, step, f"unknown: it stops at step {row.facts.stop[0]}: {row.facts.stop[1]}")
    return Measured(value_at(row, step), step)


def _steps_at(row: Series, fact: Fact) -> Measured:
    from lrviz.engine.changes import count_within

    rate = rate_of(row, fact.argument) if isinstance(fact.argument, Rate) else 0.0
    slack = EQUAL * abs(rate)
    return Measured(count_within(row.timeline, 0, row.ran, rate - slack, rate + slack))


def _jumps(row: Series, fact: Fact) -> Measured:
    found = row.facts.restarts if fact.name == "restarts" else row.facts.drops
    if found.count is None:
        return Measured(None, note="unknown: there are more than 4096 jumps")
    places = ", ".join(map(str, found.ticks)) + (", …" if found.count > len(found.ticks) else "")
    step = found.ticks[0] if found.ticks else None
    return Measured(found.count, step if found.count == 1 else None, places if found.count > 1 else "")


MEASURES: Mapping[str, Callable[[Series, Fact], Measured]] = {
    "total": lambda row, _: Measured(row.steps),
    "steps_per_epoch": lambda row, _: _of_epochs(row.plan.steps_per_epoch),
    "epochs": lambda row, _: _of_epochs(row.plan.epochs_run),
    "warmup": _warmup,
    "warmup_end": _warmup_end,
    "first": lambda row, _: Measured(row.facts.first, 0),
    "peak": lambda row, _: Measured(row.facts.peak, row.facts.peak_at),
    "peak_at": lambda row, _: Measured(row.facts.peak_at),
    "low": lambda row, _: Measured(row.facts.low, row.facts.low_at),
    "low_at": lambda row, _: Measured(row.facts.low_at),
    "mean": _mean,
    "area": _area,
    "half": _half,
    "last": lambda row, _: Measured(row.facts.last, row.ran - 1),
    "restarts": _jumps,
    "drops": _jumps,
    "steps_at_0": _steps_at,
    "below": _below,
    "lr": _lr,
    "steps": _steps_at,
}
