"""One curve as the findings look at it: its facts, its run, and places that are asked for more than once."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.catalogue.names import find
from lrviz.engine.envelope import columns
from lrviz.engine.sampling import LOOKED_AT, first_tick, last_tick
from lrviz.engine.timeline import value_at_tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.catalogue.roles import Role
    from lrviz.curves.series import Series
    from lrviz.engine.envelope import Envelope, Whole
    from lrviz.engine.facts import Facts
    from lrviz.engine.timeline import Phase

EQUAL = 1e-9
"""Values nearer than this to each other, as a share of the peak, differ by rounding."""
MOST_PHASES = 64
"""Of a curve with more phases, the first ones are looked at."""


class Look:
    """A curve, looked at in as many columns however long it is."""

    def __init__(self, row: Series) -> None:
        self.row = row

    @property
    def facts(self) -> Facts:
        """What can be said of its run."""
        return self.row.facts

    @property
    def ran(self) -> int:
        """The updates that have a value."""
        return self.row.ran

    @property
    def seen(self) -> Envelope:
        """Its extremes in each column."""
        return self.row.seen[0]

    @cached_property
    def firsts(self) -> Whole:
        """The first update of each column."""
        return columns(0, self.ran, LOOKED_AT)[0]

    @cached_property
    def entry(self) -> Entry | None:
        """The schedule in the catalogue; what was recorded has none."""
        return find(self.row.run.spec.name) if self.row.run else None

    def at(self, *updates: float) -> list[float]:
        """The values at some updates."""
        return [value_at_tick(self.row.timeline, update) for update in updates]

    @cached_property
    def begins(self) -> int:
        """The first update after the warmup."""
        return min(self.facts.warmup_end or 0, self.ran)

    @cached_property
    def stays_from(self) -> int:
        """The update from which on the last value stays."""
        last, slack = self.facts.last, EQUAL * abs(self.facts.peak)
        if math.isnan(last):
            return self.ran - 1
        other = last_tick(
            self.row.timeline,
            self.seen,
            0,
            self.ran,
            lambda found: (np.abs(found.low - last) > slack) | (np.abs(found.high - last) > slack),
        )
        return 0 if other is None else other + 1

    @cached_property
    def first_moves_at(self) -> int:
        """The first update whose value is not that of update 0; the end where all are."""
        first = self.facts.first
        other = first_tick(
            self.row.timeline,
            self.seen,
            0,
            self.ran,
            lambda found: (found.low != first) | (found.high != first),
        )
        return self.ran if other is None else other

    def phase_at(self, update: int) -> Phase:
        """The phase an update is in."""
        phases = self.row.timeline.phases
        return next(phase for phase in reversed(phases) if phase.start <= update or phase is phases[0])

    def stretches(self) -> Iterator[tuple[Phase, int, int]]:
        """The phases that have updates, each with its first one and its last."""
        for i, (phase, first, stop) in enumerate(self.row.timeline.spans(0, self.ran)):
            if i == MOST_PHASES:
                return
            yield phase, first, stop - 1

    def share(self, updates: float) -> str:
        """Updates as a share of the run, in words."""
        return f"{100 * updates / self.row.steps:.3g} %"

    @property
    def lr(self) -> float | None:
        """The LR that the run gives this param group, where it gives one."""
        run = self.row.run
        if run is None or self.row.index >= len(run.lrs) or math.isnan(run.lrs[self.row.index]):
            return None
        return run.lrs[self.row.index]

    def given(self, *roles: Role) -> dict[str, Any]:
        """What the parameters with any of the roles were given, by whomever, but the framework's default."""
        if self.entry is None or self.row.run is None:
            return {}
        origins = self.row.run.origins
        return {
            param.name: origins[param.name].value
            for param in self.entry.of_roles(roles)
            if param.name in origins and origins[param.name].origin.source != "trainer"
        }

    def later(self, times: Sequence[float]) -> list[float]:
        """The values so many times as far as the run, of a schedule that goes on."""
        return self.at(*(round(one * self.row.steps) for one in times))

    @property
    def is_free(self) -> bool:
        """Whether any of it is anybody's own formula or data."""
        return self.row.run is None or any(phase.kind == "free" for phase in self.row.timeline.phases)

    @property
    def starts_later(self) -> bool:
        """Whether it is of a param group that is trained from a later step on."""
        groups = self.row.run.groups if self.row.run else ()
        return self.row.index < len(groups) and groups[self.row.index].start is not None

    @property
    def moves_on_metric(self) -> bool:
        """Whether a metric decides what it does."""
        run = self.row.run
        return run is not None and (run.metrics is not None or "metric" in run.origins)
