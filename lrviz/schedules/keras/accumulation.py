"""A schedule in an optimizer that accumulates gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from lrviz.catalogue.arguments import call
from lrviz.catalogue.registry import find, schedule
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
    gradient_accumulation_steps: Annotated[int | None, Role.NUMBER] = None,
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
    inner = _built(schedule, schedule_params)
    return speed_up(shift(inner, 1 - k), k) if k else inner


def _built(schedule: Any, params: Mapping[str, Any] | None) -> Timeline:
    """The schedule, given as a name with its parameters beside it, or as a call."""
    if isinstance(schedule, Mapping):
        schedule, params = schedule.get("schedule"), schedule.get("params")
    entry = find(f"keras.{str(schedule).removeprefix('keras.')}") if isinstance(schedule, str) else None
    if entry is None or entry.takes_group:
        raise ScheduleError(
            f"schedule is a schedule of keras written as a call, got {schedule!r}",
            hint="schedule=CosineDecay(initial_learning_rate=0.1,decay_steps=400)",
        )
    built = call(entry, params or {})
    assert isinstance(built, Timeline)  # noqa: S101  (a schedule of keras without a group is one)
    return built
