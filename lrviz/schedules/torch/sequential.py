"""One after another: SequentialLR."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from lrviz.compose import join
from lrviz.errors import ScheduleError
from lrviz.fold import Part, apply, folded, stepped_to_zero
from lrviz.registry import Group, Schedules, Ticks, schedule
from lrviz.schedules.torch.shared import Shared, build
from lrviz.timeline import Rates, Timeline
from lrviz.timeline import Ticks as TickArray

Maps = list[tuple[Rates, Rates]]


@schedule(
    example={
        "schedulers": (
            {"schedule": "LinearLR", "params": {"start_factor": 0.1, "total_iters": 10}},
            {"schedule": "CosineAnnealingLR", "params": {"T_max": 90}},
        ),
        "milestones": (10,),
    }
)
def SequentialLR(group: Group, schedulers: Schedules, milestones: tuple[Ticks, ...]) -> Part:
    """One scheduler after another: number k takes over at milestones[k - 1] and counts from its own 0.

    Formula: lr(t) = f_k(t - milestones[k - 1]), k the number of milestones <= t, where f_k starts from its
    closed form at 0 and goes on from there.
    Edges: milestones and T_max of a later scheduler count from the switch. A later MultiplicativeLR or SWALR
    has no closed form and goes on from the LR it finds. Milestone 0 skips the first scheduler. A scheduler
    that holds others cannot be entered at a milestone. All parts are built at the start, and each leaves its
    mark on the base LR. Milestones must ascend here; torch does not look.
    Source: torch 2.13.0 ``SequentialLR``.

    Raises:
        ScheduleError: no scheduler, a wrong number of milestones, a ReduceLROnPlateau, what a part raises.

    """
    shared = build(group, schedulers, "SequentialLR")
    if len(milestones) != len(schedulers) - 1:
        raise ScheduleError(
            f"SequentialLR: {len(schedulers)} schedulers need {len(schedulers) - 1} milestones,"
            f" got {len(milestones)}",
            hint="give one milestone for each scheduler but the first",
        )
    if list(milestones) != sorted(milestones):
        raise ScheduleError(f"SequentialLR: milestones must ascend, got {milestones!r}", hint="sort them")
    return _sequence(shared, milestones, 0)


@dataclass(frozen=True)
class Segment:
    """A part that runs from tick ``start`` until ``stop``; entered by a switch, or by an ordinary step."""

    name: str
    part: Part
    start: float
    stop: float
    entered: bool

    def maps(self, k: TickArray) -> Maps:
        """The maps of the ticks that fall into the segment."""
        own = k[(k >= self.start) & (k < self.stop)] - self.start
        if not own.size:
            return []
        maps = self.part.maps(own)
        if own[0] > 0 or not self.entered or isinstance(self.part.enter, str):
            return maps
        for i, (a, b) in enumerate(maps):
            a[0], b[0] = (1.0, 0.0) if i else self.part.enter
        return maps

    def starts_as_alone(self, value: float | None) -> bool:
        """Whether the part starts at the value its own curve starts at, whatever LR it found."""
        if value is None:
            if isinstance(self.part.enter, str) or self.part.enter[0] != 0 or not self.entered:
                return False
            value = self.part.enter[1]
        return self.part.timeline.end > 0 and float(self.part.timeline(np.zeros(1))[0]) == value


def _sequence(shared: Shared, milestones: tuple[float, ...], ahead: int) -> Part:
    """``ahead``: ticks by which an enclosing SequentialLR has put the milestones ahead of the parts."""
    running = bisect_right(milestones, ahead)
    parts = list(shared.parts)
    for _ in range(ahead + 1):  # each enclosing constructor takes the initial step back and makes it again
        part = parts[running]
        parts[running] = part.again() if part.again else part
    segments = _segments(shared.names, parts, [m - ahead for m in milestones], running)
    head = segments[0].part
    if not ahead:  # the group's LR is reset to the base LR, then the initial step is made
        first = (0.0, apply(head.first, shared.initial_lr))
    elif running and milestones[running - 1] == ahead and not isinstance(head.enter, str):
        first = head.enter
    else:
        first = stepped_to_zero(head)

    def maps(k: TickArray) -> Maps:
        return _spliced([maps for segment in segments if (maps := segment.maps(k))])

    start = apply(first, shared.initial_lr)
    timeline = _joined(segments, start)
    if timeline is None:
        end, why = _end(segments)
        timeline = folded(start, maps, [(s.name, s.start) for s in segments], end=end, why=why)
    entered = "a SequentialLR cannot be entered at a milestone of another scheduler"
    return Part(
        timeline, first, maps, entered, shared.initial_lr, lambda: _sequence(shared, milestones, ahead + 1)
    )


def _segments(names: tuple[str, ...], parts: list[Part], at: list[float], running: int) -> list[Segment]:
    """Every part that ever runs: one between two equal milestones never does."""
    found, start, entered = [], 0.0, False
    for i in range(running, len(parts)):
        stop = float(math.ceil(at[i])) if i < len(at) else math.inf
        if stop > start:
            found.append(Segment(names[i], parts[i], start, stop, entered))
            start = stop
        entered = i < len(at) and float(at[i]).is_integer()
    return found


def _end(segments: list[Segment]) -> tuple[float, str]:
    """The first tick at which the running part raises, or the switch that cannot be made."""
    for segment in segments:
        if segment.entered and isinstance(segment.part.enter, str):
            return segment.start, segment.part.enter
        if segment.start + segment.part.timeline.end < segment.stop:
            return segment.start + segment.part.timeline.end, segment.part.timeline.why
    return math.inf, ""


def _spliced(pieces: list[Maps]) -> Maps:
    """The segments' maps end to end, all with the same number of maps for each tick."""
    most = max(len(maps) for maps in pieces)
    padded = [
        maps + [(np.ones_like(maps[0][0]), np.zeros_like(maps[0][0]))] * (most - len(maps)) for maps in pieces
    ]
    return [
        (np.concatenate([maps[i][0] for maps in padded]), np.concatenate([maps[i][1] for maps in padded]))
        for i in range(most)
    ]


def _joined(segments: list[Segment], start: float) -> Timeline | None:
    """The join of the parts' own curves, where each starts as it would alone."""
    values = [start, *(None for _ in segments[1:])]
    if not all(segment.starts_as_alone(value) for segment, value in zip(segments, values, strict=True)):
        return None
    return join(
        [segment.part.timeline for segment in segments], [int(segment.start) for segment in segments[1:]]
    )
