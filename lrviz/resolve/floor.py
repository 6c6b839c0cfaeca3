"""The lowest LR of the run, outright or as a share of the peak, given to the parameter that takes it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.param_types import accepts
from lrviz.catalogue.roles import Role
from lrviz.errors import ScheduleError, SpecError
from lrviz.notation.durations import Duration
from lrviz.notation.rendering import render_value
from lrviz.resolve.keys import KEYS
from lrviz.resolve.run import Resolution, give
from lrviz.resolve.spec_keys import no_floor

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Param


def fill_floor(run: Resolution) -> None:
    """Give the lowest LR, or its share of the peak, to the schedule's own parameter.

    Raises:
        LrvizError: the schedule has neither, or one for all groups where theirs differ.

    """
    given = run.values.get("min_lr")
    if given is None:
        return
    param = _floor_param(run, given)
    convert = _as_rate if param.role is Role.FLOOR_RATE else _as_lr
    floors = tuple(convert(one, peak) for one, peak in _of_groups(given, _peak(run)))
    is_one = len(set(floors)) == 1 and not isinstance(given, tuple)
    value = floors[0] if is_one else floors
    if not accepts(param, value) and not run.is_one_each:
        way = "1e-5" if param.role is Role.FLOOR else "10%"
        text = f"{run.entry.id} has one {param.name} for all groups, got {render_value(value)}"
        raise SpecError(text, hint=f"<min_lr={way}>")
    give(run, "min_lr", param.name, value)


def _floor_param(run: Resolution, given: Any) -> Param:
    """The parameter that is given already, else the one that takes it as it is said."""
    params = run.entry.of_roles(KEYS["min_lr"].roles)
    first = given[0] if isinstance(given, tuple) else given
    is_share = isinstance(first, Duration)
    if not params:
        value = first.text if is_share else render_value(first)
        text = f"{run.entry.id} has no lowest LR to set (min_lr)"
        raise ScheduleError(text, hint=no_floor(f"<min_lr={value}>"))
    wanted = Role.FLOOR_RATE if is_share else Role.FLOOR
    return min(params, key=lambda param: (run.params.get(param.name) is None, param.role is not wanted))


def _peak(run: Resolution) -> Any:
    """The LR or LRs that a share is of."""
    if run.groups and run.default_lr is not None:
        return tuple(group.base(run.entry, run.default_lr) for group in run.groups)
    param = run.entry.by_role(Role.BASE_LR)
    own = run.params.get(param.name) if param else None
    return run.lr if own is None else own


def _of_groups(given: Any, peak: Any) -> list[tuple[Any, float]]:
    """What is said for each param group, with the peak of that group."""
    said = given if isinstance(given, tuple) else (given,)
    peaks = peak if isinstance(peak, tuple) else (peak,)
    count = max(len(said), len(peaks))
    if {len(said), len(peaks)} - {1, count}:
        raise SpecError(f"min_lr has {len(said)} values, and there are {len(peaks)} LRs", hint="<min_lr=10%>")
    said, peaks = (values * count if len(values) == 1 else values for values in (said, peaks))
    return list(zip(said, peaks, strict=True))


def _as_lr(given: Any, peak: float) -> Any:
    """In decimals, as it would be typed: 10% of 3e-4 is 3e-5."""
    if not isinstance(given, Duration):
        return given
    if not math.isfinite(peak):
        raise SpecError(f"min_lr={given.text} is a share of the peak, which is {peak}", hint="<min_lr=1e-5>")
    return float(given.amount * Fraction(str(peak)))


def _as_rate(given: Any, peak: float) -> Any:
    if isinstance(given, Duration):
        return float(given.amount)
    return given / peak if peak else 0.0
