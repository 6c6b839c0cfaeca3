"""Param groups that are trained from a later step on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.engine.compose import ahead, join
from lrviz.engine.timeline import Timeline, constant
from lrviz.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.plan.plan import Plan
    from lrviz.resolve.groups import ParamGroup

    Lines = tuple[Mapping[str, Timeline], ...]


def begun_later(lines: Lines, groups: Sequence[ParamGroup], plan: Plan) -> Lines:
    """The curves of the groups, the LR of each 0 before it starts; the curve itself is not moved.

    Raises:
        PlanError: one starts behind the run.

    """
    if not any(group.start for group in groups):
        return lines
    return tuple(_begun(own, group, plan) for own, group in zip(lines, groups, strict=True))


def _begun(own: Mapping[str, Timeline], group: ParamGroup, plan: Plan) -> Mapping[str, Timeline]:
    step = plan.ticks(group.start)[0] if group.start else 0
    if step >= plan.total_steps:
        text = f"group {group.label!r} starts at step {step}, and the run has {plan.total_steps}"
        raise PlanError(text, hint=f"<steps={2 * step}>")
    if not step:
        return own
    frozen = Timeline((constant(0.0, kind="hold", label="not yet"),))
    return {**own, "lr": join([frozen, ahead(own["lr"], step)], [step])}
