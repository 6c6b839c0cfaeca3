"""Several counts of a plan sought at once, where no row tells one of them alone: maybe beside another LR."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING

from lrviz.catalogue.roles import Role
from lrviz.compare.log import own_numbers
from lrviz.compare.log.tuning import Tuned
from lrviz.compare.log.whole import Found
from lrviz.identification.fitting import frame_of
from lrviz.identification.guess import Guess
from lrviz.identification.newton import HOPELESS, finished, sought
from lrviz.identification.seen import Seen
from lrviz.identification.settle import settled
from lrviz.identification.starting import lengths_of, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrviz.compare.log.log_cause import LogCause
    from lrviz.compare.log.log_rows import LogCase
    from lrviz.compare.log.parameters import Parameter, Varied
    from lrviz.engine.timeline import Timeline
    from lrviz.identification.guess import Numbers
    from lrviz.identification.settle import Settled

MOST = 4
"""Counts that are sought at once."""
MOST_STARTS = 64
BESIDE = 4
"""The part of a count by which another one is well beside it."""
EACH = 2
"""Rows that differ, for each number that is sought."""


@dataclass(frozen=True)
class PlanGuess(Guess):
    """The plan with several of its numbers open, by their names."""

    varied: Mapping[str, Varied] = field(default_factory=dict)

    def line(self, numbers: Numbers, steps: int) -> Timeline | None:  # noqa: ARG002  (its run has them)
        """Its curve."""
        parameters = {self.varied[name].parameter: value for name, value in numbers.items()}
        last = [*parameters][-1]
        return self.varied[last.name].among(parameters).line(parameters[last])

    def whole_line(self, numbers: Numbers, steps: int) -> Timeline | None:
        """The same: nothing is left out while it is sought."""
        return self.line(numbers, steps)


def jointly(case: LogCase, *, free: bool) -> Found | None:
    """Other lengths and counts, at once, of as many as the rows can tell."""
    varied = {one.parameter.name: one for one in case.plan.varied}
    counts = [name for name, one in varied.items() if one.parameter.is_whole and _moves(one, case)]
    rates = [name for name, one in varied.items() if one.parameter.is_base_lr]
    if free or not 2 <= len(counts) <= MOST or case.differing.size < EACH * (len(counts) + 1):
        return None
    seen = Seen(case.rows.ticks, case.rows.values, case.rows.slack)
    if not seen.top > 0:
        return None
    name = varied[counts[0]].run.spec.name
    for scaled in dict.fromkeys(((), tuple(rates[:1]))):
        guess = PlanGuess(name, _starts(counts, varied, seen), scaled, varied=varied)
        found = _settled(guess, seen)
        if found:
            return Found(tuple(_causes(found, varied)))
    return None


def _moves(one: Varied, case: LogCase) -> bool:
    """Whether another number makes other values at the rows."""
    here, there = one.line(one.parameter.value), one.line(2 * one.parameter.value + 1)
    ticks = case.rows.glance.ticks
    return here is not None and there is not None and bool((here(ticks) != there(ticks)).any())


def _starts(counts: Sequence[str], varied: Mapping[str, Varied], seen: Seen) -> list[dict[str, float]]:
    """The numbers of the plan, those that the rows show, and those in proportion to these."""
    parameters = [varied[name].parameter for name in counts]
    totals = [one.value for one in parameters if one.role is Role.TOTAL]
    ends = lengths_of(seen, None)
    shares = [end / totals[0] for end in ends] if totals and totals[0] else []
    tries = (_tries(one, ends, shares, seen) for one in parameters)
    return [dict(zip(counts, numbers, strict=True)) for numbers in islice(product(*tries), MOST_STARTS)]


def _tries(one: Parameter, ends: Sequence[int], shares: Sequence[float], seen: Seen) -> list[int]:
    here = int(one.value)
    if one.role is Role.TOTAL:
        return [here, *ends]
    if one.role is Role.WARMUP:
        return [here, warmup_of(seen)]
    fall = int(seen.last - seen.ticks[seen.top_until])
    return [here, fall, *(max(1, round(here * share)) for share in shares[:1])]


def _settled(guess: PlanGuess, seen: Seen) -> Settled | None:
    near, error = sought(guess, seen)
    if not error <= HOPELESS:
        return None
    found = settled(guess, finished(guess, near, seen), seen)
    return found if found and not _is_open(found, seen) else None


def _is_open(found: Settled, seen: Seen) -> bool:
    """Whether a count that is well beside one found has all rows as well, with another LR."""
    for key, value in found.moved.items():
        for beside in (value - max(1, value // BESIDE), value + max(1, value // BESIDE)):
            frame = frame_of(found.guess, {**found.moved, key: beside}, seen) if found.rates else None
            if frame and frame.solved({}).worst <= 1:
                return True
    return False


def _causes(found: Settled, varied: Mapping[str, Varied]) -> Iterator[LogCause]:
    """Each number that is another than planned, with what would do as well."""
    ranges = {one.key: (one.low, one.high) for one in found.ranges}
    for name, number in {**found.rates, **found.moved}.items():
        own = varied[name].parameter
        least, most = ranges.get(name, (number, number))
        if number != own.value:
            tuned = Tuned(number, 1.0, least, math.inf if most is None else most)
            yield own_numbers.cause_of(own, tuned)
