"""Schedulers that multiply the LR they find, by steps, a constant, a line, an exponent or a polynomial."""

from __future__ import annotations

import math

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, Number, Ticks
from lrviz.engine.chain import Chainable, Pairs, around
from lrviz.engine.timeline import Phase, TickArray, Timeline, trend
from lrviz.errors import ScheduleError
from lrviz.schedules.mmengine.window import Window
from lrviz.schedules.shapes import multiplied
from lrviz.schedules.shapes.multiplied import times


@schedule(example={"step_size": 30, "gamma": 0.5, "by_epoch": False})
def StepLR(
    group: Group,
    step_size: Ticks,
    gamma: Factor = 0.1,
    *,
    window: Window,
) -> Chainable:
    """Multiply the LR it finds by ``gamma`` every ``step_size`` steps of the window.

    Formula: lr = B gamma^(k // step_size), k = g - begin.
    Edges: step_size counts from begin. With step_size 0 the second step of the window divides by zero.
    Source: mmengine 0.10.7 ``StepParamScheduler``.

    Raises:
        ScheduleError: an empty window.

    """
    place = window.place()
    does = multiplied.step(group.lr, step_size * place.scale, gamma)
    return place.part(group, does.timeline, does.maps)


@schedule(example={"milestones": (30, 80), "by_epoch": False})
def MultiStepLR(
    group: Group,
    milestones: tuple[Ticks, ...],
    gamma: Factor = 0.1,
    *,
    window: Window,
) -> Chainable:
    """Multiply the LR it finds by ``gamma`` at each milestone of the window.

    Formula: lr = B gamma^n, n the number of milestones in 0 … k, k = g - begin.
    Edges: milestones count from begin, repeated ones twice, fractional and negative ones never.
    Source: mmengine 0.10.7 ``MultiStepParamScheduler``.

    Raises:
        ScheduleError: an empty window.

    """
    place = window.place()
    does = multiplied.multi_step(group.lr, [m * place.scale for m in milestones], gamma)
    return place.part(group, does.timeline, does.maps)


@schedule(example={"factor": 0.5, "begin": 0, "end": 40, "by_epoch": False})
def ConstantLR(
    group: Group,
    factor: Factor = 1.0 / 3,
    *,
    window: Window,
) -> Chainable:
    """The LR it finds times ``factor``, until the last step of the window takes that back.

    Formula: lr = B factor for k < N, B at k = N = end - begin - 1.
    Edges: the LR is back at end - 1, inside the window. A window of one step stays at B factor. factor 0
    divides by zero at k = N.
    Source: mmengine 0.10.7 ``ConstantParamScheduler``.

    Raises:
        ScheduleError: ``factor`` outside [0, 1], or an empty window.

    """
    _check_share("ConstantLR", "factor", factor)
    place = window.place()
    does = multiplied.constant(group.lr, factor, place.last)
    return place.part(group, does.timeline, does.maps)


def _check_share(name: str, parameter: str, factor: float) -> None:
    if not 0 <= factor <= 1:
        raise ScheduleError(
            f"{name}: {parameter} must be between 0 and 1, got {factor!r}", hint=f"<{parameter}=1.0>"
        )


@schedule(example={"start_factor": 0.1, "begin": 0, "end": 20, "by_epoch": False})
def LinearLR(
    group: Group,
    start_factor: Factor = 1.0 / 3,
    end_factor: Factor = 1.0,
    *,
    window: Window,
) -> Chainable:
    """The LR it finds times a factor from ``start_factor`` to ``end_factor`` over the window.

    Formula: lr = B (s + (e - s) k / N), N = end - begin - 1.
    Edges: e is reached at end - 1, one step earlier than torch's with total_iters = end - begin. A window of
    one step stays at s. s = 0 is accepted and divides by zero at k = 1.
    Source: mmengine 0.10.7 ``LinearParamScheduler``.

    Raises:
        ScheduleError: a factor outside [0, 1], or an empty window.

    """
    _check_share("LinearLR", "start_factor", start_factor)
    _check_share("LinearLR", "end_factor", end_factor)
    place = window.place()
    B, s, e, N = group.lr, start_factor, end_factor, place.last

    def maps(k: TickArray) -> Pairs:
        return times(np.where(k == 0, s, 1.0 + (e - s) / (N * s + (k - 1.0) * (e - s))))

    phase = Phase(
        trend(s, e),
        0.0,
        lambda k: B * (s + (e - s) * k / N) if N else np.full(k.shape, B * s),
        label="linear",
    )
    end_ = 1.0 if s == 0 and N > 0 else math.inf
    return place.part(group, Timeline((phase,), end_, "division by zero (start_factor=0)"), maps)


@schedule(example={"gamma": 0.95, "by_epoch": False})
def ExponentialLR(
    group: Group,
    gamma: Factor,
    *,
    window: Window,
) -> Chainable:
    """Multiply the LR it finds by ``gamma`` at every step of the window but its first.

    Formula: lr = B gamma^k, k = g - begin.
    Edges: gamma is not checked. Converted to iterations it acts at each of them, not once per epoch.
    Source: mmengine 0.10.7 ``ExponentialParamScheduler``.

    Raises:
        ScheduleError: an empty window.

    """
    place = window.place()
    does = multiplied.exponential(group.lr, gamma)
    return place.part(group, does.timeline, lambda k: times(np.where(k == 0, 1.0, float(gamma))))


@schedule(example={"power": 2.0, "begin": 0, "end": 100, "by_epoch": False})
def PolyLR(
    group: Group,
    eta_min: Floor = 0.0,
    power: Number = 1.0,
    *,
    window: Window,
) -> Chainable:
    """A polynomial from the LR it finds to ``eta_min`` over the window.

    Formula: lr = eta_min + (B - eta_min) (1 - k / N)^power, N = end - begin - 1.
    Edges: eta_min is reached at end - 1, the last step of the window; a negative power divides by zero there.
    Source: mmengine 0.10.7 ``PolyParamScheduler``.

    Raises:
        ScheduleError: an empty window.

    """
    place = window.place()
    B, N = group.lr, place.last

    def maps(k: TickArray) -> Pairs:
        left = around(eta_min, (1.0 - 1.0 / (N - k + 1.0)) ** power)
        return [(np.where(k == 0, 1.0, a), np.where(k == 0, 0.0, b)) for a, b in left]

    phase = Phase(
        "decay",
        0.0,
        lambda k: eta_min + (B - eta_min) * (1.0 - k / max(1.0, N)) ** power,
        label="polynomial decay",
    )
    end_ = float(N) if power < 0 and N > 0 else math.inf
    return place.part(group, Timeline((phase,), end_, f"division by zero (power={power})"), maps)
