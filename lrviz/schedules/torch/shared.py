"""Several schedulers built on one optimizer: each finds the LR and base LR the ones before left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lrviz.catalogue.arguments import call
from lrviz.catalogue.group import Group
from lrviz.catalogue.nested import Nested
from lrviz.engine.chain import Chainable
from lrviz.errors import ScheduleError


@dataclass(frozen=True)
class Shared:
    """The parts in the order they were built, and the base LR that stands in the group then."""

    names: tuple[str, ...]
    parts: tuple[Chainable, ...]
    initial_lr: float


def build(group: Group, schedulers: tuple[Nested, ...], owner: str) -> Shared:
    """Build the nested schedulers one after the other on the same param group.

    Raises:
        ScheduleError: none are given, one is driven by a metric, or one refuses its parameters.

    """
    if not schedulers:
        raise ScheduleError(
            f"{owner} needs at least one scheduler, got none", hint=f"lrviz info {owner} shows one"
        )
    names, parts, initial = [], [], group.lr
    for i, nested in enumerate(schedulers):
        if nested.entry.name == "ReduceLROnPlateau":
            text = f"{owner} cannot hold ReduceLROnPlateau: its step() needs a metric"
            raise ScheduleError(text, hint="use it alone: <warmup=500> puts a ramp in front")
        lrs = tuple(initial if j == group.index else other for j, other in enumerate(group.lrs))
        part = call(nested, Chainable, group=replace(group, lrs=lrs, fresh=group.fresh and i == 0))
        initial = initial if part.initial_lr is None else part.initial_lr
        names.append(nested.entry.name)
        parts.append(part)
    return Shared(tuple(names), tuple(parts), initial)
