"""A run resolved again with other parameters, all else as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.plan.budget_keys import PLAN_KEYS
from lrviz.resolve.keys import KEYS
from lrviz.resolve.resolve import resolve

if TYPE_CHECKING:
    from lrviz.notation.spec import Params
    from lrviz.resolve.resolved import Resolved


def resolved_again(run: Resolved, params: Params) -> Resolved:
    """The run of the same schedule with these parameters; what was said beside its spec still counts.

    Raises:
        LrvizError: they are refused.

    """
    of_run = set(KEYS).difference(PLAN_KEYS, run.spec.keys())
    beside = {key: given.value for key, given in run.origins.items() if key in of_run}
    return resolve(replace(run.spec, params=params), {**run.plan.given, **beside})
