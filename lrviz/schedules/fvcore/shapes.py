"""ParamSchedulers with a formula of their own."""

from __future__ import annotations

import math

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Number, WholeTotal
from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import MONOTONE, Rates, TickArray, trend
from lrviz.errors import ScheduleError
from lrviz.schedules.fvcore.where import Course, Piece, course
from lrviz.schedules.shapes.cosine import half_waves


@schedule(example={"value": 0.5, "max_iter": 120}, starter={"value": "1"})
def ConstantParamScheduler(group: Group, value: Factor, max_iter: WholeTotal) -> Course:
    """B ``value`` for the whole run.

    Formula: lr(t) = B value for t < max_iter.
    Edges: raises at t = max_iter, alone among the formulas.
    Source: fvcore 0.1.5.post20221221 ``ConstantParamScheduler``.

    Raises:
        ScheduleError: ``max_iter`` is not positive.

    """
    piece = Piece(
        "constant",
        lambda where: np.full(where.shape, float(value)),
        raises=lambda where: where >= 1.0,
        why="where = t / max_iter must be below 1",
    )
    return course(group, max_iter, piece)


@schedule(
    example={"start_value": 1.0, "end_value": 0.01, "max_iter": 100},
    starter={"start_value": "1", "end_value": "0"},
)
def CosineParamScheduler(
    group: Group, start_value: Factor, end_value: Factor, max_iter: WholeTotal
) -> Course:
    """Half a cosine wave from B ``start_value`` to B ``end_value``.

    Formula: lr(t) = B (e + (s - e) (1 + cos(pi w)) / 2), w = t / max_iter.
    Edges: not clamped after max_iter: it turns back. May rise.
    Source: fvcore 0.1.5.post20221221 ``CosineParamScheduler``.

    Raises:
        ScheduleError: ``max_iter`` is not positive.

    """
    s, e = start_value, end_value

    def value(where: TickArray) -> Rates:
        return e + 0.5 * (s - e) * (1.0 + np.cos(math.pi * where))

    return course(group, max_iter, Piece("decay", value, half_waves(1.0), label="cosine"))


@schedule(example={"start_value": 1.0, "decay": 0.01, "max_iter": 100})
def ExponentialParamScheduler(
    group: Group, start_value: Factor, decay: Factor, max_iter: WholeTotal
) -> Course:
    """From B ``start_value`` to ``decay`` times that.

    Formula: lr(t) = B start_value decay^(t / max_iter).
    Edges: not clamped after max_iter. decay above 1 grows. decay 0 is 0 from t = 1 on. A decay below 0 makes
    complex numbers there; it is refused here.
    Source: fvcore 0.1.5.post20221221 ``ExponentialParamScheduler``.

    Raises:
        ScheduleError: ``decay`` is negative, ``max_iter`` is not positive.

    """
    if decay < 0:
        raise ScheduleError(
            f"ExponentialParamScheduler: decay must not be negative, got {decay!r}", hint="<decay=0.01>"
        )
    return course(
        group,
        max_iter,
        Piece("decay", lambda where: start_value * float(decay) ** where, label="exponential decay"),
    )


@schedule(
    example={"start_value": 0.01, "end_value": 1.0, "max_iter": 100},
    starter={"start_value": "1", "end_value": "0"},
)
def LinearParamScheduler(
    group: Group, start_value: Factor, end_value: Factor, max_iter: WholeTotal
) -> Course:
    """A straight line from B ``start_value`` to B ``end_value``.

    Formula: lr(t) = B (e w + s (1 - w)), w = t / max_iter.
    Edges: not clamped after max_iter: the line goes on, below 0 too.
    Source: fvcore 0.1.5.post20221221 ``LinearParamScheduler``.

    Raises:
        ScheduleError: ``max_iter`` is not positive.

    """
    s, e = start_value, end_value
    return course(
        group, max_iter, Piece(trend(s, e), lambda where: e * where + s * (1.0 - where), label="linear")
    )


@schedule(
    example={"base_value": 1.0, "power": 0.9, "max_iter": 100}, starter={"base_value": "1", "power": "0.9"}
)
def PolynomialDecayParamScheduler(
    group: Group, base_value: Factor, power: Number, max_iter: WholeTotal
) -> Course:
    """From B ``base_value`` to 0 by a power of what is left of the run.

    Formula: lr(t) = B base_value (1 - t / max_iter)^power.
    Edges: after max_iter it goes on with a whole power; a fractional one makes complex numbers there, which
    is refused here. A negative power divides by zero at max_iter.
    Source: fvcore 0.1.5.post20221221 ``PolynomialDecayParamScheduler``.

    Raises:
        ScheduleError: ``max_iter`` is not positive.

    """
    whole = float(power).is_integer()
    piece = Piece(
        "decay",
        lambda where: base_value * (1.0 - where) ** power,
        Listed((1.0,)) if whole else MONOTONE,
        raises=lambda where: where >= 1.0 if power < 0 else where > 1.0 and not whole,
        why="a power of 0 or below" if power < 0 else f"the power {power!r} of a negative number",
        label="polynomial decay",
    )
    return course(group, max_iter, piece)
