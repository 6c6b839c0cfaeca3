"""One after another: SequentialLR."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import partial

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Schedules, Ticks
from lrviz.engine.chain import KEEP, Affine, Chainable, Pairs, apply, chained_walk
from lrviz.engine.compose import join, lead
from lrviz.engine.timeline import Rates, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.torch.shared import Shared, build


@schedule(
    example={
        "schedulers": (
            {"schedule": "LinearLR", "params": {"start_factor": 0.1, "total_iters": 10}},
            {"schedule": "CosineAnnealingLR", "params": {"T_max": 90}},
        ),
        "milestones": (10,),
    }
)
def SequentialLR(group: Group, schedulers: Schedules, milestones: tuple[Ticks, ...]) -> Chainable:
    """One scheduler after another: number k takes over at milestones[k - 1] and counts from its own 0.

    Formula: lr(t) = f_k(t - milestones[k - 1]), k the number of milestones <= t, where f_k starts from its
    closed form at 0 and goes on from there.
    Edges: milestones and T_max of a later scheduler count from the switch. A later MultiplicativeLR or SWALR
    has no closed form and goes on from the LR it finds. Milestone 0 skips the first scheduler. A scheduler
    that holds others cannot be entered at a milestone. All parts are built at the start, and each leaves its
    mark on the base LR. Milestones must be whole and ascend here: torch does not look, and runs a scheduler
    whose milestone is fractional from wherever its clock stands.
    Source: torch 2.13.0 ``SequentialLR``.

    Raises:
        ScheduleError: no scheduler, unfit milestones, a ReduceLROnPlateau, or what a part raises.

    """
    shared = build(group, schedulers, "SequentialLR")
    if len(milestones) != len(schedulers) - 1:
        raise ScheduleError(
            f"SequentialLR: {len(schedulers)} schedulers need {len(schedulers) - 1} milestones,"
            f" got {len(milestones)}",
            hint="give one milestone for each scheduler but the first",
        )
    if list(milestones) != sorted(milestones) or any(m != math.floor(m) for m in milestones):
        raise ScheduleError(
            f"SequentialLR: milestones must be whole numbers that ascend, got {milestones!r}",
            hint="<milestones=30,60>",
        )
    return _sequence(shared, milestones, 0)


@dataclass(frozen=True)
class Segment:
    """A part that runs from tick ``start`` until ``stop``; the first runs already, others are entered."""

    name: str
    part: Chainable
    start: float
    stop: float

    def maps(self, k: TickArray) -> Pairs:
        """The maps of the ticks that fall into the segment."""
        own = k[(k >= self.start) & (k < self.stop)] - self.start
        if not own.size:
            return []
        entered = self.part.entered()
        maps = self.part.maps(own)
        if self.start > 0 and own[0] == 0 and not isinstance(entered, str):
            instead = [entered] + [KEEP] * (len(maps) - 1)
            return [(_begun(a, at[0]), _begun(b, at[1])) for (a, b), at in zip(maps, instead, strict=True)]
        return maps

    def starts_as_alone(self, start: float) -> bool:
        """Whether the part starts at the value its own curve starts at, whatever LR it found."""
        if self.start > 0:
            entered = self.part.entered()
            if isinstance(entered, str) or entered[0] != 0:
                return False
            start = entered[1]
        return self.part.timeline.end > 0 and float(self.part.timeline(np.zeros(1))[0]) == start


def _begun(column: Rates, value: float) -> Rates:
    """The column with another first value."""
    return np.append(value, column[1:])


def _sequence(shared: Shared, milestones: tuple[float, ...], ahead: int) -> Chainable:
    """``ahead``: how many enclosing SequentialLRs took the initial step back and made a step in its place."""
    running = bisect_right(milestones, ahead)
    since = int(max(milestones[running - 1], 0)) if running else 0
    head = shared.parts[running] if since else shared.parts[running].made_again()
    for _ in range(ahead - since):
        head = head.stepped_again()
    parts = [*shared.parts[:running], head, *shared.parts[running + 1 :]]
    segments = _segments(shared.names, parts, [m - ahead for m in milestones], running)
    first = _first(head, shared, switched=since == ahead, ahead=ahead)

    def maps(k: TickArray) -> Pairs:
        return _spliced([maps for segment in segments if (maps := segment.maps(k))])

    start = apply(first, shared.initial_lr)
    timeline = _joined(segments, start)
    if timeline is None:
        end, why = _end(segments)
        phases = [(s.part.timeline.phases[0].kind, s.start, s.name) for s in segments]
        timeline = chained_walk(start, maps, phases, end=end, why=why)
    entered = "a SequentialLR cannot be entered at a milestone of another scheduler"
    again = partial(_sequence, shared, milestones, ahead + 1)
    return Chainable(lead(timeline), first, maps, entered, shared.initial_lr, again, again)


def _first(head: Chainable, shared: Shared, *, switched: bool, ahead: int) -> Affine:
    """What the constructor, or an enclosing constructor's step, does to the LR."""
    if not ahead:  # the group's LR is reset to the base LR, then the initial step is made
        return 0.0, apply(head.first, shared.initial_lr)
    if not switched:
        return head.first
    entered = head.entered()
    if isinstance(entered, str):
        raise ScheduleError(f"SequentialLR: {entered}", hint="move the milestone", step=0)
    return entered


def _segments(names: tuple[str, ...], parts: list[Chainable], at: list[float], running: int) -> list[Segment]:
    """Every part that ever runs: one between two equal milestones never does."""
    found, start = [], 0.0
    for i in range(running, len(parts)):
        stop = float(at[i]) if i < len(at) else math.inf
        if stop > start:
            found.append(Segment(names[i], parts[i], start, stop))
            start = stop
    return found


def _end(segments: list[Segment]) -> tuple[float, str]:
    """The first tick at which the running part raises, or the switch that cannot be made."""
    for segment in segments:
        entered = segment.part.entered()
        if segment.start > 0 and isinstance(entered, str):
            return segment.start, entered
        if segment.start + segment.part.timeline.end < segment.stop:
            return segment.start + segment.part.timeline.end, segment.part.timeline.why
    return math.inf, ""


def _spliced(pieces: list[Pairs]) -> Pairs:
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
    if not all(segment.starts_as_alone(start) for segment in segments):
        return None
    return join([segment.part.timeline for segment in segments], [s.start for s in segments[1:]])
