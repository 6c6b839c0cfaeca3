"""The LRs of the run, given to the parameter with their role."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.param_types import accepts
from lrviz.catalogue.roles import Role
from lrviz.errors import Lack, PlanError, SpecError
from lrviz.notation.origin import Given, Origin
from lrviz.notation.rendering import render_value
from lrviz.resolve.defaults import EXAMPLE_LR
from lrviz.resolve.groups import (
    GROUP_KEYS,
    SCALE_KEYS,
    ParamGroup,
    batch_factor,
    check_groups,
    groups_of,
)
from lrviz.resolve.keys import KEYS
from lrviz.resolve.run import Resolution, give

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Param


def fill_lr(run: Resolution) -> None:
    """The LR or LRs of the run: given, the schedule's own peak, or the worked example's.

    Raises:
        SpecError: it has one LR and is given several, or takes none.

    """
    param = run.entry.by_role(Role.BASE_LR)
    if param is None and not run.entry.takes_group:
        _refuse_lr(run)
        run.lr = math.nan
        return
    run.groups = _groups(run)
    own = run.params.get(param.name) if param is not None else None
    if param is not None and own is None:
        _leave_to_run(run, param)
    run.lr = _base_lr(run) if own is None else KEYS["lr"].read(own)
    _scale_lr(run, None if own is None else param)
    several = isinstance(run.values.get("lr"), tuple)
    if own is not None and several and not run.groups and run.entry.takes_group:
        run.lr = run.values["lr"]  # the optimizer's groups stay, whatever peak they share
    if param is not None:
        takes_several = run.entry.takes_group and (own is not None or accepts(param, run.lr))
        if isinstance(run.lr, tuple) and not takes_several and not run.groups:
            raise SpecError(f"{run.entry.id} has one LR, got lr={render_value(run.lr)}", hint="<lr=1e-3>")
        give(run, "lr", param.name, run.lr if own is None else run.values.get("lr"))


def _leave_to_run(run: Resolution, param: Param) -> None:
    """None in place of an LR is the framework's word for that of the optimizer, where it has one."""
    if param.name in run.params and not accepts(param, None):
        raise SpecError(f"{run.entry.id}: {param.name} must be a number, got none", hint="<lr=1e-3>")
    run.params.pop(param.name, None)


def _scale_lr(run: Resolution, outright: Param | None) -> None:
    """Scale the LR by the batch and for each group, unless a parameter says it ``outright``."""
    factor, text = batch_factor(run.values, run.plan)
    if outright is not None and (text or any(group.moves_lr for group in run.groups)):
        key = "scale_lr" if text else "groups"
        raise SpecError(
            f"{key} works on lr, and {outright.name} is given outright",
            hint=f"<lr={render_value(run.lr)}> in place of {outright.name}",
        )
    if text:
        run.note("lr-scaled", text)
        run.lr = tuple(factor * lr for lr in run.lr) if isinstance(run.lr, tuple) else factor * run.lr
    if run.groups:
        run.lr = _of_groups(run)


def _groups(run: Resolution) -> tuple[ParamGroup, ...]:
    """The run's param groups; layers are scaled by the framework, where it scales groups itself.

    Raises:
        LrvizError: a group holds what the framework does not look for, or what is given outright too.

    """
    groups, scale = groups_of(run.values), run.entry.by_role(Role.GROUP_SCALE)
    if scale is not None and run.values.get("layer_decay") is not None:
        groups = tuple(ParamGroup(group.label, own={scale.name: group.of(1.0)}) for group in groups)
    check_groups(run.entry, groups)
    if scale is not None and scale.name in run.params and any(scale.name in group.own for group in groups):
        key = "groups" if "groups" in run.values else "layer_decay"
        raise SpecError(f"{key} sets {scale.name}, which is given outright", hint="leave one of them out")
    return groups


def _refuse_lr(run: Resolution) -> None:
    """Say what changes nothing: a schedule without a peak has its LRs from a formula, or as a list."""
    for key in ("lr", *GROUP_KEYS, *SCALE_KEYS):
        if run.values.get(key) is None:
            continue
        text = f"{run.entry.id} has no peak LR to set: {key} changes nothing"
        if key in run.entry.params:  # a number of a function, which has a default of its own
            said = f"{key}={render_value(run.values[key])}"
            text = (
                f"{run.entry.id} takes {key} only as {run.entry.id}:{said}: {key} beside it changes nothing"
            )
        if key in run.explicit_keys:
            raise SpecError(text, hint=f"lrviz info {run.entry.id} names its parameters")
        run.note("idle-key", text)


def _base_lr(run: Resolution) -> Any:
    given = run.values.get("lr")
    if given is not None:
        return given
    own = [group.own_lr(run.entry) for group in run.groups]
    if own and None not in own:
        return own[0]  # no group needs another
    if not run.examples:
        raise PlanError(
            "the learning rate is missing", hint="<lr=1e-3>", lacks=(Lack("the learning rate", "lr", "1e-3"),)
        )
    run.given["lr"] = Given(EXAMPLE_LR, Origin("example"))
    return EXAMPLE_LR


def _of_groups(run: Resolution) -> tuple[float, ...]:
    if isinstance(run.lr, tuple):
        raise SpecError("lr has several values, and groups scale one", hint="<lr=1e-3>")
    run.default_lr = run.lr
    run.lrs = tuple(group.peak(run.entry, run.lr) for group in run.groups)
    return tuple(group.of(run.lr) for group in run.groups)
