"""One ParamScheduler after another: CompositeParamScheduler."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np

from lrviz.catalogue.arguments import call
from lrviz.catalogue.group import Group
from lrviz.catalogue.nested import Nested
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Schedules, WholeTotal
from lrviz.engine.compose import lead
from lrviz.errors import ScheduleError
from lrviz.schedules.fvcore.where import EPSILON, Course, Piece, Reached, course


@schedule(
    example={
        "schedulers": (
            {"schedule": "LinearParamScheduler", "params": {"start_value": 0.001, "end_value": 1.0}},
            {"schedule": "CosineParamScheduler", "params": {"start_value": 1.0, "end_value": 0.0}},
        ),
        "lengths": (0.1, 0.9),
        "interval_scaling": ("rescaled", "fixed"),
        "max_iter": 100,
    }
)
def CompositeParamScheduler(
    group: Group,
    schedulers: Schedules,
    lengths: tuple[Factor, ...],
    interval_scaling: tuple[Literal["rescaled", "fixed"], ...],
    max_iter: WholeTotal,
) -> Course:
    """One scheduler after another, each for its share of the run.

    Formula: lr(t) = B f_i(w), w = t / max_iter, i the first scheduler whose end, the sum of the lengths up to
    its own, is not below w + 1e-6; a ``rescaled`` f_i gets (w - its start) / its length, a ``fixed`` one w.
    Edges: the last length becomes what the others leave of 1. A scheduler takes over 1e-6 of the run early,
    and may see a where just below 0 then. Of those that raise at where = 1 only the last one comes to it. A
    length of 0 divides by zero at the end of the run. Lengths below 0 are refused here.
    Source: fvcore 0.1.5.post20221221 ``CompositeParamScheduler``.

    Raises:
        ScheduleError: no schedulers, not as many lengths, lengths that do not add up to 1, one that is
            negative, ``max_iter`` is not positive, or what a member raises.

    """
    if not schedulers or len(schedulers) != len(lengths):
        raise ScheduleError(
            f"CompositeParamScheduler: {len(schedulers)} schedulers need as many lengths, got {len(lengths)}",
            hint="give one length for each scheduler, and at least one of both",
        )
    sizes = _sizes(lengths)
    totals = list(itertools.accumulate(sizes))
    pieces: list[Piece] = []
    for i, (member, size, total) in enumerate(zip(schedulers, sizes, totals, strict=True)):
        built = _member(group, member).pieces
        begins = partial(_passed, tuple(totals[:i]))
        scaling = interval_scaling[i] if i < len(interval_scaling) else None
        start, span = (total - size, size) if scaling == "rescaled" else (0.0, 1.0)
        if scaling is None:
            pieces.append(_refused(begins, f"there is no interval_scaling for scheduler {i + 1}"))
        elif span == 0:
            pieces.append(_refused(begins, f"division by zero (length {i + 1} is 0)"))
        else:
            pieces += [piece.within(start, span, begins) for piece in built]
    made = course(group, max_iter, *pieces)
    return replace(made, timeline=lead(made.timeline))


def _sizes(lengths: tuple[float, ...]) -> tuple[float, ...]:
    """The lengths, the last one so that they add up to 1."""
    if abs(sum(lengths) - 1.0) >= 1e-3:
        raise ScheduleError(
            f"CompositeParamScheduler: lengths must add up to 1, got {sum(lengths)!r}",
            hint="<lengths=0.1,0.9>",
        )
    sizes = lengths if sum(lengths) == 1.0 else (*lengths[:-1], 1.0 - sum(lengths[:-1]))
    if min(sizes) < 0:
        raise ScheduleError(
            f"CompositeParamScheduler: lengths must not be negative, got {min(sizes)!r}",
            hint="<lengths=0.1,0.9>",
        )
    return sizes


def _passed(totals: tuple[float, ...], where: float) -> bool:
    return all(where + EPSILON > total for total in totals)


def _refused(begins: Reached, why: str) -> Piece:
    return Piece("hold", np.zeros_like, label="composite", raises=lambda _: True, why=why, begins=begins)


def _member(group: Group, member: Nested) -> Course:
    """The scheduler over where itself, as over a run of one update."""
    if "max_iter" in member.params:
        raise ScheduleError("max_iter is given once, to the outermost scheduler", hint="leave it out inside")
    return call(member._replace(params={**member.params, "max_iter": 1}), Course, group=group)
