"""A schedule's example over 100 steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrviz.catalogue.build import schedule
from lrviz.catalogue.nested import as_call
from lrviz.catalogue.own_schedule import OwnEntry
from lrviz.describe.description import Description
from lrviz.draw.sparkline import spark_over
from lrviz.errors import ScheduleError
from lrviz.notation.rendering import render
from lrviz.notation.shell import shell_word
from lrviz.notation.spec import Spec
from lrviz.resolve.calls import has_epochs

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry
    from lrviz.catalogue.schedule import Schedule

STEPS, PEAK = 100, 0.1
"""The run in which examples are drawn."""


FLAT = (1.0,) * STEPS
"""The metric of that run, for schedules that move on one: it never improves."""


@dataclass(frozen=True)
class Example:
    """The entry's example over 100 steps at an LR of 0.1; ``flat``: moved by a metric that stays flat."""

    schedule: Schedule
    spec: str
    flat: bool
    file: str = ""  # that has to be loaded for it

    def sparkline(self, width: int, *, ascii_only: bool = False) -> str:
        """Its run in ``width`` characters."""
        return spark_over(self.schedule.groups[0]["lr"], STEPS, width, ascii_only=ascii_only)

    def command(self, command: str) -> str:
        """The line to type for it."""
        metrics = " --metric constant" if self.flat else ""
        load = f" --load {shell_word(self.file)}" if self.file else ""
        return f"lrviz {command} {shell_word(self.spec)} --steps {STEPS} --lr {PEAK}{metrics}{load}"


def example(entry: Entry) -> Example:
    """Build the entry's example; one that cannot be built without a metric gets a flat one."""
    params = tuple((name, as_call(value)) for name, value in entry.example.items())
    if has_epochs(entry, entry.example):  # its ticks are steps here
        params = (*params, ("interval", "step"))
    spec = render(Spec(Description(entry).name, params))
    lr = PEAK if entry.takes_group else None
    file = entry.file if isinstance(entry, OwnEntry) else ""
    try:
        return Example(schedule(entry.id, entry.example, lr=lr), spec, flat=False, file=file)
    except ScheduleError:
        return Example(schedule(entry.id, entry.example, lr=lr, metrics=FLAT), spec, flat=True)
