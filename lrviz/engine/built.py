"""What the function of a schedule makes: a timeline for the LR, or for each quantity by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError


class Part(Protocol):
    """What a schedule is to another that holds it, beside what it does alone."""

    @property
    def timeline(self) -> Timeline: ...


Built: TypeAlias = "Timeline | Part | Mapping[str, Timeline | Part] | tuple[Mapping[str, Timeline], ...]"
"""What a schedule's function makes: the LR, or each quantity by its name; where it has param groups of its
own, that of each."""


def timelines(built: Built) -> dict[str, Timeline]:
    """The timeline of each quantity that a schedule's function made; one alone is the LR's.

    Raises:
        ScheduleError: it has param groups of its own, and is held by another that has none for each.

    """
    if isinstance(built, tuple):
        raise ScheduleError(f"it has {len(built)} param groups of its own", hint="use it alone")
    quantities = built if isinstance(built, Mapping) else {"lr": built}
    return {name: part if isinstance(part, Timeline) else part.timeline for name, part in quantities.items()}
