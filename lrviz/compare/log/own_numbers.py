"""Another number in the plan's own schedule, or another word."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.compare.log.log_cause import LogCause
from lrviz.compare.log.search import factor_of
from lrviz.compare.log.tuning import Tuning
from lrviz.compare.log.whole import Found
from lrviz.errors import LrvizError
from lrviz.notation.rendering import render_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.compare.log.log_rows import LogCase, Rows
    from lrviz.compare.log.own_words import Words
    from lrviz.compare.log.parameters import Parameter, Varied
    from lrviz.compare.log.tuning import Tuned

FEWEST = 4
"""Rows that a number found in them must explain."""
NAMED = {"warmup": "warmup", "steps": "total", "min_lr": "floor"}
"""Keys of a run that are causes by themselves."""


def base_lr(case: LogCase, *, free: bool, at: int | None = None) -> Found | None:
    """Another base LR, where some value is no share of it, as a floor that is an LR."""
    if free or factor_of(case.planned, case.rows):
        return None
    varied = (one for one in case.plan.varied if one.parameter.is_base_lr)
    return another(varied, case.rows, free=False, at=at)


def instead_of_length(case: LogCase, *, free: bool) -> Found | None:
    """Another number of a schedule that has no length, and no other could be stretched to."""
    return None if case.plan.has_length else number(case, free=free)


def beside_length(case: LogCase, *, free: bool) -> Found | None:
    """Another number of a schedule whose length is supposed to be another before that."""
    return number(case, free=free) if case.plan.has_length else None


def number(case: LogCase, *, free: bool) -> Found | None:
    """Another number that is not the warmup, the length or the base LR, which other suppositions have."""
    own = (one for one in case.plan.varied if not one.parameter.is_base_lr)
    varied = (one for one in own if not one.parameter.is_length)
    return another(varied, case.rows, free=free)


def length(case: LogCase, *, free: bool) -> Found | None:
    """Another warmup or length, where the schedule makes more of it than a stretch."""
    varied = (one for one in case.plan.varied if one.parameter.is_length)
    return another(varied, case.rows, free=free)


def tuned(varied: Varied, rows: Rows, *, free: bool) -> Tuned | None:
    """The number found in some rows, and held against all."""
    match = Tuning(varied, rows.some, free).found()
    return match and (match if rows.some is rows else Tuning(varied, rows, free).narrowed(match))


def another(all_varied: Iterable[Varied], rows: Rows, *, free: bool, at: int | None = None) -> Found | None:
    """The first parameter of which another number explains all rows."""
    if len(rows) < FEWEST:
        return None
    for varied in all_varied:
        match = tuned(varied, rows, free=free)
        if match is not None and match.number != varied.parameter.value:
            return Found((cause_of(varied.parameter, match, at),), match.factor)
    return None


def cause_of(parameter: Parameter, match: Tuned, at: int | None = None) -> LogCause:
    """A number found, and beside it those that would do as well, where it counts something."""
    several = parameter.is_whole and match.least < match.most
    least, most = (match.least, match.most) if several else (None, None)
    kind = "peak" if parameter.is_base_lr else NAMED.get(parameter.name, "parameter")
    name = parameter.name if kind == "parameter" else ""
    number = match.least if most == math.inf else match.number
    return LogCause(kind, parameter.value, number, at, least, most, name)


def word(case: LogCase, *, free: bool) -> Found | None:
    """Another word, as that of a shape, or a switch that is on or off."""
    for words in case.plan.words:
        found = _word_of(words, case, free=free)
        if found is not None:
            return found
    return None


def _word_of(words: Words, case: LogCase, *, free: bool) -> Found | None:
    """The first other word with which all rows are the plan's."""
    for other in words.others:
        line = words.line(other)
        try:
            factor = line and factor_of(line(case.rows.ticks), case.rows, free=free)
        except LrvizError:  # it ends before the rows do
            factor = None
        if factor:
            said_there = render_value(words.here), render_value(other)
            return Found((LogCause("word", name=words.name, words=said_there),), factor)
    return None
