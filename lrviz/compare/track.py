"""A curve as it is compared: of a schedule every step is known, of a file those of its rows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.logged import at_rows
from lrviz.engine.compose import scale, speed_up
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, Timeline, value_at_tick
from lrviz.errors import ConfigError, PlanError
from lrviz.notation.numbers import counted

if TYPE_CHECKING:
    from lrviz.curves.series import Series
    from lrviz.engine.envelope import Whole
    from lrviz.engine.timeline import Rates
    from lrviz.inputs.curve_file import CurveFile
    from lrviz.inputs.logs.log import LogColumn
    from lrviz.resolve.resolved import Resolved

LOOKED_AT = 1 << 12
"""Steps among which the place of a value is sought."""
MOST = 0.5
"""Share of the steps of a curve that moves, whose next one has another value."""
FEWEST_PLACES = 10
"""Of fewer places that two runs have in common nothing is concluded, unless one run has no more."""
HALVINGS = 64
"""Then it is as near as a float64 can tell."""


@dataclass(frozen=True, eq=False)
class Track:
    """One curve.

    Attributes:
        label: what it is called.
        timeline: its values; those of a file are nan where it has no row.
        steps: the length of its run; None where a file does not tell.
        ran: one past the last step that has a value.
        top: its largest finite value, of either sign, and ``top_at`` where it stands first.
        known: the steps that have a row; None of a schedule, which knows all.
        tops: where a warmup may end.
        family: what its run is called; param groups of one run share it.
        group: what its param group is called among those of its run, "" for a run without.
        epoch: steps in an epoch, where they are known.
        why: what the framework says where it stops inside the run.
        column: the rows, where they are those of a log.
        run: the schedule in its run, where it is one's, and ``index`` the param group.

    """

    label: str
    timeline: Timeline
    steps: int | None
    ran: int
    top: float
    top_at: int
    known: Whole | None = None
    tops: tuple[int, ...] = ()
    family: str = ""
    group: str = ""
    epoch: int | None = None
    why: str = ""
    column: LogColumn | None = None
    run: Resolved | None = None
    index: int = 0

    @property
    def bound(self) -> float:
        """The first step of which there is no value, though the run may be over: inf where there are all."""
        return self.ran if self.known is not None or self.why else math.inf

    @property
    def moves(self) -> bool:
        """Whether most of its steps have another value than the next one."""
        steps = self.steps_in(0, self.ran - 1, LOOKED_AT).astype(float)
        return bool(np.mean(self.timeline(steps) != self.timeline(steps + 1)) > MOST)

    def at(self, step: float) -> float:
        """The value of one step."""
        return value_at_tick(self.timeline, step)

    def steps_in(self, low: int, high: int, most: int) -> Whole:
        """Known steps in [low, high), of very many evenly spread ones."""
        if self.known is not None:
            inside = self.known[(self.known >= low) & (self.known < high)]
            return inside[:: max(1, inside.size // most)]
        return np.linspace(low, high - 1, min(most, high - low)).round().astype(np.int64)

    def passes(self, value: float, start: int) -> float | None:
        """The step from ``start`` on, maybe between two, at which it first falls through a value."""
        steps = self.steps_in(start, self.ran, LOOKED_AT).astype(float)
        values = self.timeline(steps)
        fallen = np.flatnonzero((values[:-1] >= value) & (values[1:] < value))
        if not fallen.size:
            return None
        i = fallen[0]
        low, high = float(steps[i]), float(steps[i + 1])
        if self.known is not None:
            return low + (high - low) * float((values[i] - value) / (values[i] - values[i + 1]))
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.at(middle) >= value else (low, middle)
        return high

    def times(self, factor: float) -> Track:
        """The curve with its values multiplied."""
        return replace(self, timeline=scale(self.timeline, factor), top=self.top * factor)

    def every(self, stride: int, count: int) -> Track:
        """Only each ``stride``-th step, of which there are at most ``count``."""
        known = None
        if self.known is not None:
            known = self.known[self.known % stride == 0] // stride
            known = known[known < count]
        line = speed_up(self.timeline, stride) if stride > 1 else self.timeline
        return replace(self, timeline=line, steps=count, ran=min(count, -(-self.ran // stride)), known=known)


def track_of(row: Series) -> Track:
    """A schedule's curve over its run."""
    seen, ran, stop = row.seen
    ends_of_columns = np.concatenate([seen.high, seen.low]), np.concatenate([seen.high_at, seen.low_at])
    top, top_at = _largest(*ends_of_columns)
    ends = {row.facts.warmup_end or 0, row.facts.peak_at}
    return Track(
        label=row.label,
        timeline=row.known,
        steps=row.steps,
        ran=ran,
        top=top,
        top_at=top_at,
        tops=tuple(sorted(end for end in ends if end < ran)),
        family=row.family,
        group=row.label.removeprefix(row.family).strip(),
        epoch=row.plan.steps_per_epoch,
        why=stop[1] if stop else "",
        known=row.logged.column.steps if row.logged else None,
        column=row.logged.column if row.logged else None,
        run=row.run,
        index=row.index,
    )


def track_of_column(kept: CurveFile, label: str) -> Track:
    """A column of a file of values, as far as its own run goes.

    Raises:
        ConfigError: nothing stands in it.

    """
    run, steps, values = kept.runs.get(label), kept.steps, kept.columns[label]
    if run:  # its rows are those of all curves, and JSON has no infinity
        has_value = (steps < run.ran) & ~np.isnan(values)
        steps, values = steps[has_value], values[has_value]
    if not steps.size:
        raise ConfigError(f"{kept.name}: no value of {label!r}", hint="lrviz values -o writes it anew")
    top, top_at = _largest(values, steps)
    line = Timeline((Phase("free", 0.0, at_rows(steps, values), Opaque(), label="kept"),))
    length, tops = run.steps if run else kept.total_steps, tuple({0, top_at})
    why = "its values end there" if run and run.ran < run.steps else ""
    return Track(label, line, length, int(steps[-1]) + 1, top, top_at, steps, tops, label, why=why)


def _largest(values: Rates, at: Whole) -> tuple[float, int]:
    """The largest finite value, of either sign, and where it stands first; 0 where none is finite."""
    place = int(np.argmax(np.where(np.isfinite(values), np.abs(values), -1.0)))
    return float(values[place]) if np.isfinite(values[place]) else 0.0, int(at[place])


def aligned(one: Track, other: Track, align: str) -> tuple[Track, Track, int]:
    """Two curves at the places where both have a step, and how many steps of the first lie between two.

    ``align`` is what the places share: the number of the step, the epoch or the percent of the run.

    Raises:
        PlanError: it is not known how long that is, or there are too few of them.

    """
    if align == "steps":
        return one, other, 1
    here, there = _length(one, align), _length(other, align)
    shared = math.gcd(here, there)
    strides = here // shared, there // shared
    runs = [track.steps or track.ran for track in (one, other)]
    count = min(-(-run // stride) for run, stride in zip(runs, strides, strict=True))
    if count < min(FEWEST_PLACES, *runs):
        message = f"runs of {runs[0]} and {runs[1]} steps have only {counted(count, 'place')} in common"
        raise PlanError(message, hint="--align steps")
    return one.every(strides[0], count), other.every(strides[1], count), strides[0]


def _length(track: Track, align: str) -> int:
    """The steps of what two curves share: of an epoch, or of the run.

    Raises:
        PlanError: they are not known.

    """
    length = track.epoch if align == "epochs" else track.steps
    if length is None:
        what = "the length of an epoch" if align == "epochs" else "the length of the run"
        hint = "<steps_per_epoch=39>" if align == "epochs" else "--align steps"
        raise PlanError(f"{track.label}: {what} is unknown, which --align {align} needs", hint=hint)
    return length or 1
