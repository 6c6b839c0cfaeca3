"""lrviz's own: schedules of any frameworks, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lrviz.catalogue.arguments import call
from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, find, schedule
from lrviz.catalogue.roles import Phases
from lrviz.engine.chain import timelines
from lrviz.engine.compose import join_quantities
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError

FRAMEWORK = Framework("lrviz", "")

EXAMPLE = "phase=LinearLR(total_iters=10,for=10),linear"


@schedule(
    example={
        "phase": (
            {"schedule": "torch.LinearLR", "params": {"start_factor": 0.1, "total_iters": 10}, "for": 10},
            {"schedule": "torch.ConstantLR", "params": {"factor": 1.0}, "until": 60},
            {
                "schedule": "transformers.linear",
                "params": {"num_warmup_steps": 0, "num_training_steps": 40},
            },
        )
    }
)
def phases(group: Group, phase: Phases) -> dict[str, Timeline]:
    """Schedules of any frameworks, one after another, each counting from its own 0.

    Formula: lr(t) = f_k(t - start_k) from start_k on; a phase ends at ``until``, or lasts ``for`` so many
    ticks; the last one goes on.
    Edges: each starts from the LR of its own formula, so the curve may jump where a phase begins. In a run, a
    phase's own length is filled from its stretch, and a percent inside it is of that stretch.
    Source: lrviz; the frameworks' own ways to do it are torch.SequentialLR and optax.join_schedules.

    Raises:
        ScheduleError: no phase, one without an end before another, or what a phase raises.

    """
    if not phase:
        raise ScheduleError("phases needs at least one phase, got none", hint=EXAMPLE)
    built = [_built(group, one) for one in phase]
    ends: list[int] = []
    for one in phase[:-1]:
        ends.append(_end(one, ends[-1] if ends else 0))
    return join_quantities(built, ends)


def _built(group: Group, one: Any) -> Mapping[str, Timeline]:
    if not isinstance(one, Mapping) or "schedule" not in one:
        raise ScheduleError(f"a phase is written as a call, got {one!r}", hint=EXAMPLE)
    return timelines(call(find(str(one["schedule"])), one.get("params") or {}, group=group))


def _end(one: Mapping[str, Any], start: int) -> int:
    given = {key: one[key] for key in ("until", "for") if one.get(key) is not None}
    if len(given) != 1:
        raise ScheduleError("every phase but the last needs either until or for", hint=EXAMPLE)
    end = int(given.get("until", start + given.get("for", 0)))
    if end <= start:
        raise ScheduleError(f"a phase that starts at {start} cannot end at {end}", hint=EXAMPLE)
    return end
