"""A scheduler of the user's own that goes on from the state of another: its own code is run for it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.errors import SpecError

if TYPE_CHECKING:
    from lrviz.catalogue.own_schedule import OwnEntry
    from lrviz.resolve.resolved import Resolved


def run_on(old: Resolved, new: Resolved, step: int) -> Resolved:
    """The new run with what its scheduler has after the state of the old one was loaded into it.

    Raises:
        LrvizError: its code raises, or lrviz itself does something to its LR, which no code restores.

    """
    entry = cast("OwnEntry", find(new.schedule.id))
    for run in (old, new):
        if run.groups or (run.warmup and run.warmup.amount and entry.by_role(Role.WARMUP) is None):
            text = f"what is added to {entry.id} is lrviz's, and restored by nobody's code"
            raise SpecError(text, hint=f"resume {entry.id} without warmup and groups")
    ticks = math.floor(old.clock.passed(step)) if old.clock else step
    groups = tuple(
        {name: new.clock.run(line) if new.clock else line for name, line in group.items()}
        for group in entry.resumed(old.params, new.params, ticks)
    )
    return replace(new, schedule=replace(new.schedule, groups=groups))
