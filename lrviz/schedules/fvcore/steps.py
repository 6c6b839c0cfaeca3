"""ParamSchedulers that drop from one level to the next."""

from __future__ import annotations

import math

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Number, WholeCount, WholeTotal
from lrviz.engine.breakpoints import Listed, Periodic
from lrviz.engine.timeline import Rates, TickArray
from lrviz.errors import ScheduleError
from lrviz.schedules.fvcore.where import EPSILON, Course, Piece, course

MOST_DROPS = 2**20
"""So many drops of a fixed gamma are multiplied one by one, as fvcore does."""


@schedule(example={"values": (1.0, 0.1, 0.01), "num_updates": 90, "milestones": (60, 80), "max_iter": 100})
def MultiStepParamScheduler(
    group: Group,
    values: tuple[Factor, ...],
    max_iter: WholeTotal,
    num_updates: Number | None = None,
    milestones: tuple[Number, ...] | None = None,
) -> Course:
    """B times one of ``values``, the next one from each milestone on.

    Formula: lr(t) = B values[i], i the number of milestones <= floor((t / max_iter + 1e-6) num_updates).
    Edges: milestones count parts of num_updates, whatever max_iter is: 60 of 90 is two thirds of the run.
    Without num_updates the last milestone is the end of the run; without milestones the drops are
    ceil(num_updates / len(values)) apart. In runs of more than a million updates 1e-6 brings a drop
    forward. Raises past max_iter.
    Source: fvcore 0.1.5.post20221221 ``MultiStepParamScheduler``.

    Raises:
        ScheduleError: numbers of values and milestones that do not fit, milestones that do not ascend inside
            0 … num_updates, fewer updates than values, or ``max_iter`` is not positive.

    """
    total, places = _spread(values, num_updates, milestones)
    levels = np.array(values, dtype=np.float64)
    drops = tuple(math.ceil(place) / total - EPSILON for place in places)
    piece = Piece(
        "decay",
        lambda where: levels[np.searchsorted(places, np.trunc((where + EPSILON) * total), side="right")],
        Listed(drops, jumps=True),
        raises=lambda where: where > 1.0,
        why="where = t / max_iter must not be above 1",
        label="step",
    )
    return course(group, max_iter, piece)


def _spread(
    values: tuple[float, ...], total: float | None, milestones: tuple[float, ...] | None
) -> tuple[float, tuple[float, ...]]:
    """The number of updates and the milestones inside them."""
    if milestones is None:
        if total is None or not values:
            raise ScheduleError(
                "MultiStepParamScheduler needs values, and milestones or num_updates",
                hint="values=1,0.1 and milestones=60,90",
            )
        width = math.ceil(total / len(values))
        places = tuple(float(width * i) for i in range(1, len(values)))
    else:
        wanted = len(values) - (total is not None)
        if len(milestones) != wanted or not (milestones or total is not None):
            raise ScheduleError(
                f"MultiStepParamScheduler: {len(values)} values need {wanted} milestones"
                f" {'beside' if total is not None else 'without'} num_updates, got {len(milestones)}",
                hint="values=1,0.1,0.01 and milestones=60,80,90",
            )
        places = milestones
    if total is None:
        total, places = places[-1], places[:-1]
    _check(values, total, places)
    return total, places


def _check(values: tuple[float, ...], total: float, places: tuple[float, ...]) -> None:
    if total < len(values):
        raise ScheduleError(
            f"MultiStepParamScheduler: {total} updates are too few for {len(values)} values",
            hint=f"<num_updates={len(values)}>",
        )
    for before, place in zip((0.0, *places), places, strict=False):
        if not before < place < total:
            raise ScheduleError(
                f"MultiStepParamScheduler: the milestone {place} must lie above {before} and below {total}",
                hint="milestones=60,80 and num_updates=90",
            )


@schedule(example={"num_updates": 90, "values": (1.0, 0.1, 0.01), "max_iter": 120})
def StepParamScheduler(
    group: Group, num_updates: Number, values: tuple[Factor, ...], max_iter: WholeTotal
) -> Course:
    """B times one of ``values``, each for the same share of the run.

    Formula: lr(t) = B values[floor((t / max_iter + 1e-6) n)], n the number of values.
    Edges: raises at t = max_iter. num_updates is only checked to be positive.
    Source: fvcore 0.1.5.post20221221 ``StepParamScheduler``.

    Raises:
        ScheduleError: ``num_updates`` or ``max_iter`` is not positive, or there are no values.

    """
    if num_updates <= 0:
        raise ScheduleError(
            f"StepParamScheduler: num_updates must be greater than 0, got {num_updates!r}",
            hint="<num_updates=90>",
        )
    return _even_steps(group, np.array(values, dtype=np.float64), len(values), max_iter)


def _even_steps(group: Group, levels: Rates, n: int, max_iter: int, *, monotone: bool = False) -> Course:
    """``n`` steps of one length; the last of the levels stands for any that are left out."""
    if not n:
        raise ScheduleError(
            "StepParamScheduler needs at least one value, got none", hint="<values=1,0.1,0.01>"
        )

    def value(where: TickArray) -> Rates:
        number = np.minimum((where + EPSILON) * n, levels.size - 1.0)
        return levels[number.astype(np.int64)]

    piece = Piece(
        "decay",
        value,
        Periodic(1.0 / n, start=-EPSILON, jumps=True, monotone=monotone),
        raises=lambda where: int((where + EPSILON) * n) >= n,
        why=f"the {n} values are used up",
        label="step",
    )
    return course(group, max_iter, piece)


@schedule(example={"base_value": 1.0, "num_decays": 3, "gamma": 0.1, "num_updates": 120, "max_iter": 120})
def StepWithFixedGammaParamScheduler(
    group: Group,
    base_value: Factor,
    num_decays: WholeCount,
    gamma: Factor,
    num_updates: WholeCount,
    max_iter: WholeTotal,
) -> Course:
    """B ``base_value``, multiplied by ``gamma`` ``num_decays`` times at even distances.

    Formula: lr(t) = B base_value gamma^floor((t / max_iter + 1e-6) (num_decays + 1)).
    Edges: raises at t = max_iter. num_updates is only checked to be positive.
    Source: fvcore 0.1.5.post20221221 ``StepWithFixedGammaParamScheduler``.

    Raises:
        ScheduleError: one of the parameters is not positive.

    """
    given = {"base_value": base_value, "gamma": gamma, "num_decays": num_decays, "num_updates": num_updates}
    for name, number in given.items():
        if number <= 0:
            raise ScheduleError(
                f"StepWithFixedGammaParamScheduler: {name} must be greater than 0, got {number!r}",
                hint=f"<{name}={3 if name.startswith('num') else 0.1}>",
            )
    drops = min(num_decays, MOST_DROPS)
    levels = np.multiply.accumulate(np.append(base_value, np.full(drops, float(gamma))))
    if num_decays > drops and levels[-1] * gamma != levels[-1]:
        raise ScheduleError(
            f"StepWithFixedGammaParamScheduler: num_decays={num_decays} are more than the {MOST_DROPS} drops"
            " that are multiplied one by one",
            hint=f"<num_decays={MOST_DROPS}>",
        )
    return _even_steps(group, levels, num_decays + 1, max_iter, monotone=True)
