"""A schedule in an optimizer that accumulates gradients."""

from __future__ import annotations

from typing import Annotated, Any

from lrviz.catalogue.arguments import call
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Role
from lrviz.engine.compose import shift, speed_up
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError


@schedule(
    name="SGD.gradient_accumulation",
    example={
        "schedule": {
            "schedule": "CosineDecay",
            "params": {"initial_learning_rate": 0.1, "decay_steps": 400},
        },
        "gradient_accumulation_steps": 4,
    },
)
def gradient_accumulation(
    schedule: Annotated[Any, Role.SCHEDULES],
    schedule_params: Annotated[Any, Role.SCHEDULES] = None,
    gradient_accumulation_steps: Annotated[int | None, Role.ACCUMULATION] = None,
) -> Timeline:
    """Any optimizer with ``gradient_accumulation_steps``: the schedule runs that many times too fast.

    Formula: update u uses schedule(u k + k - 1), k = gradient_accumulation_steps.
    Edges: the optimizer counts updates, but reads its schedule at the count of batches. k of 0 or none is no
    accumulation.
    Source: keras 3.15.1 ``BaseOptimizer``.

    Raises:
        ScheduleError: k is 1 or negative, or what the schedule raises.

    """
    k = gradient_accumulation_steps
    if k and k < 2:
        raise ScheduleError(
            f"gradient_accumulation_steps must be 2 or more, got {k!r}", hint="leave it out, or give 2"
        )
    beside = schedule_params.params if schedule_params else {}
    inner = call(schedule._replace(params={**schedule.params, **beside}), Timeline)
    return speed_up(shift(inner, 1 - k), k) if k else inner
