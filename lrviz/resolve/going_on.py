"""A phase that begins at an LR: the one it finds, or one that is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.errors import PlanError, SpecError
from lrviz.notation.numbers import lr_text
from lrviz.resolve.groups import GROUP_KEYS, SCALE_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.notation.spec import Spec, Value
    from lrviz.resolve.resolved import Resolved
    from lrviz.resolve.stretches import Segment

SPENT = (*GROUP_KEYS, *SCALE_KEYS)
"""Keys of the run that are in the LRs which a phase finds."""
EQUAL = 1e-9
"""Share of an LR below which another is the same."""


def started(
    one: Segment, before: tuple[Segment, Resolved] | None, resolve: Callable[[Spec], Resolved]
) -> Resolved:
    """A phase, begun where it says and with its share of the LR.

    Raises:
        LrvizError: it has another start, an LR that cannot be scaled, or what resolving it raises.

    """
    if one.begins is not None:
        return begun_at(one.spec, _lrs(one, before), resolve)
    part = resolve(one.spec)
    return part if one.lr_factor == 1 else _scaled(one, part, resolve)


def _lrs(one: Segment, before: tuple[Segment, Resolved] | None) -> tuple[float, ...]:
    """The LR of each param group at which the phase begins."""
    if one.begins != "last":
        return (float(one.begins or 0) * one.lr_factor,)
    if before is None:
        raise SpecError("it is the first phase, and finds no LR to go on from", hint="<start_lr=1e-4>")
    segment, part = before
    return tuple(lr * one.lr_factor for lr in lrs_at(part, segment.stop - segment.start))


def lrs_at(run: Resolved, step: int) -> tuple[float, ...]:
    """The LR of each param group that a run has come to before a step."""
    return tuple(float(group["lr"](np.array([float(step)]))[0]) for group in run.schedule.groups)


def begun_at(spec: Spec, lrs: tuple[float, ...], resolve: Callable[[Spec], Resolved]) -> Resolved:
    """A schedule that begins at these LRs: its base LR, or the start of the warmup to an LR that it says.

    Raises:
        LrvizError: it begins elsewhere, or what resolving it raises.

    """
    key = "lr" if spec.get("lr") is None else "warmup_start"
    value: Value = lrs if len(lrs) > 1 else lrs[0]
    if key == "warmup_start" and isinstance(value, tuple):
        text = f"{spec.name} has an lr of its own, and the param groups find several to warm up from"
        raise SpecError(text, hint="leave out its lr")
    part = resolve(replace(spec, params=(*spec.params, (key, value))))
    for found, asked in zip(lrs_at(part, 0), lrs * (len(part.schedule.groups) // len(lrs)), strict=True):
        if abs(found - asked) > EQUAL * max(abs(found), abs(asked)):
            text = f"{spec.name} begins at {lr_text(found)}, and cannot go on from {lr_text(asked)}"
            raise PlanError(text, hint="warmup=0 in it, or a schedule that begins at its LR")
    return part


def _scaled(one: Segment, part: Resolved, resolve: Callable[[Spec], Resolved]) -> Resolved:
    """The phase with so many times its LR."""
    lrs = tuple(lr * one.lr_factor for lr in part.lrs)
    kept = tuple(item for item in one.spec.params if item[0] != "lr")
    value: Value = lrs if part.schedule.several else lrs[0]
    scaled = resolve(replace(one.spec, params=(*kept, ("lr", value))))
    if scaled.lrs != lrs:
        text = f"lr_factor works on lr, and {one.spec.name} is given its peak outright"
        raise SpecError(text, hint="give the peak as <lr=1e-3>")
    return scaled
