"""lrviz's own: schedules of any frameworks, one after another."""

from __future__ import annotations

from lrviz.catalogue.arguments import bind, invoke
from lrviz.catalogue.group import Group
from lrviz.catalogue.nested import Nested, phase_end
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Phases
from lrviz.engine.chain import timelines
from lrviz.engine.compose import join_quantities
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError

FRAMEWORK = Framework("lrviz", "")

ENDS = ("until", "for")


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
        raise ScheduleError("phases needs at least one phase, got none", hint="lrviz info phases shows some")
    ends: list[int] = []
    for i, one in enumerate(phase[:-1], 1):
        said = {key: int(one.params[key]) for key in ENDS if one.params.get(key) is not None}
        ends.append(phase_end(f"phase {i} ({one.name})", ends[-1] if ends else 0, said))
    return join_quantities([_built(group, one) for one in phase], ends)


def _built(group: Group, one: Nested) -> dict[str, Timeline]:
    params = {name: value for name, value in one.params.items() if name not in ENDS}
    return timelines(invoke(one.entry, bind(one.entry, params), group=group, dtype=None))
