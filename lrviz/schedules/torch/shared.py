"""Several schedulers built on one optimizer: each finds the LR and base LR the ones before left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lrviz.catalogue.arguments import call
from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import find
from lrviz.engine.chain import Chainable
from lrviz.errors import ScheduleError

EXAMPLE = "schedulers=LinearLR(total_iters=5),ExponentialLR(gamma=0.9)"


@dataclass(frozen=True)
class Shared:
    """The parts in the order they were built, and the base LR that stands in the group then."""

    names: tuple[str, ...]
    parts: tuple[Chainable, ...]
    initial_lr: float


def build(group: Group, schedulers: tuple[Any, ...], owner: str) -> Shared:
    """Build the nested schedulers one after the other on the same param group.

    Raises:
        ScheduleError: none are given, one is driven by a metric, or one refuses its parameters.

    """
    if not schedulers:
        raise ScheduleError(f"{owner} needs at least one scheduler, got none", hint=EXAMPLE)
    names, parts, initial = [], [], group.lr
    for i, nested in enumerate(schedulers):
        name, params = _named(nested, owner)
        lrs = tuple(initial if j == group.index else other for j, other in enumerate(group.lrs))
        part = _part(replace(group, lrs=lrs, fresh=group.fresh and i == 0), name, params, owner)
        initial = initial if part.initial_lr is None else part.initial_lr
        names.append(name)
        parts.append(part)
    return Shared(tuple(names), tuple(parts), initial)


def _named(nested: Any, owner: str) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(nested, Mapping) or "schedule" not in nested:
        raise ScheduleError(f"{owner}: a scheduler is written as a call, got {nested!r}", hint=EXAMPLE)
    return str(nested["schedule"]).removeprefix("torch."), nested.get("params") or {}


def _part(group: Group, name: str, params: Mapping[str, Any], owner: str) -> Chainable:
    if name == "ReduceLROnPlateau":
        raise ScheduleError(
            f"{owner} cannot hold ReduceLROnPlateau: its step() needs a metric", hint="use it alone"
        )
    entry = find(f"torch.{name}")
    built = call(entry, params, group=group)
    part = built["lr"] if isinstance(built, Mapping) else built
    assert isinstance(part, Chainable)  # noqa: S101  (every other class of torch acts through a Part)
    return part
