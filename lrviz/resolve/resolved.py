"""A schedule in its run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.notation.text import one_line
from lrviz.resolve.keys import COUNTED, KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.catalogue.schedule import Schedule
    from lrviz.notation.durations import Duration
    from lrviz.notation.finding import Finding
    from lrviz.notation.origin import Given, Place
    from lrviz.notation.spec import Spec
    from lrviz.plan.plan import Plan
    from lrviz.resolve.clock import Clock
    from lrviz.resolve.file_reading import Reading
    from lrviz.resolve.groups import ParamGroup


@dataclass(frozen=True, eq=False)
class Resolved:
    """A schedule in its run, with what is worth saying.

    ``origins`` tells where each value comes from: keys of the plan, of the run, and parameters.
    """

    spec: Spec
    schedule: Schedule
    plan: Plan
    lrs: tuple[float, ...]
    warmup: Duration | None
    origins: Mapping[str, Given]
    findings: tuple[Finding, ...]
    groups: tuple[ParamGroup, ...] = ()
    place: Place | None = None  # in the file that asks for it
    summary: str = ""  # of its length, where a trainer derives that
    reading: Reading | None = None  # what a trainer made of its own file, where one asks for it
    metrics: tuple[float, ...] | None = None  # recorded, where it moves on them
    start: int = 0  # the first step that is its own, of a branch of another curve
    resumed_at: int = 0  # the updates of another run before it, which it goes on from
    clock: Clock | None = None  # of one schedule; the phases of a run have their own
    params: Mapping[str, Any] = field(default_factory=dict)  # its constructor's arguments
    planned_end: int | None = None  # the step at which the length that it is told ends, inside the run

    @property
    def label(self) -> str:
        """The text in the legend: ``label``, or the schedule's name as it was written, without a folder."""
        given = self.spec.get("label")
        return self.spec.name.replace("\\", "/").rpartition("/")[2] if given is None else one_line(str(given))

    @property
    def counted_warmup(self) -> float | None:
        """Steps of warmup as a trainer counts them: of its file, or of a config that was made of one."""
        if self.reading is not None:
            return self.reading.warmup
        return None if self.warmup else KEYS[COUNTED].read(self.spec.get(COUNTED))

    @property
    def ticks(self) -> int | None:
        """Ticks that the schedule counts in the run, where a pace makes them."""
        given = self.origins.get("total_ticks")
        return given.value if given else None

    @property
    def is_labelled(self) -> bool:
        """Whether somebody gave it its label; a file's name is none."""
        given = self.origins.get("label")
        return self.spec.get("label") is not None and not (given and given.origin.source == "derived")
