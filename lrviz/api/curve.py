"""A curve: its values, facts and findings, compared, drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lrviz.api.shown import Shown
from lrviz.catalogue.arguments import check_numbers
from lrviz.compare.difference import SAME, Measure, difference
from lrviz.compare.track import track_of
from lrviz.errors import WORDS, ScheduleError, expect
from lrviz.findings.gather import findings_of
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lrviz.curves.series import Series
    from lrviz.draw.scene import Picture
    from lrviz.engine.facts import Facts
    from lrviz.engine.timeline import Rates
    from lrviz.notation.finding import Finding
    from lrviz.notation.origin import Given
    from lrviz.plan.plan import Plan


@dataclass(frozen=True, repr=False)
class Curve(Shown):
    """A schedule over a run of ``len(curve)`` steps; ``groups`` are the curves of its param groups."""

    rows: tuple[Series, ...]
    quantity: str = "lr"

    def __len__(self) -> int:
        return self.rows[0].steps

    def __repr__(self) -> str:
        """What it is called, its numbers, and how long its run is."""
        groups = f" of the first of {len(self.rows)} param groups" if len(self.rows) > 1 else ""
        found = self.rows[0].facts
        return (
            f"<Curve {self.label}: {self.quantity}{groups}, first {lr_text(found.first)}, peak "
            f"{lr_text(found.peak)} at step {found.peak_at}, last {lr_text(found.last)}\n"
            f" {self.rows[0].budget}{f', stops at step {found.stop[0]}' if found.stop else ''}>"
        )

    @property
    def label(self) -> str:
        """The text in the legend."""
        return self.rows[0].family

    @property
    def plan(self) -> Plan:
        """How long the run is."""
        return self.rows[0].plan

    @property
    def steps(self) -> NDArray[np.int64]:
        """0 … len - 1."""
        return np.arange(len(self))

    @property
    def lr(self) -> Rates:
        """The value each step uses: one row for each param group where there are several.

        Raises:
            ScheduleError: the framework stops inside the run, ``step`` says where; or the run is too long.

        """
        try:
            ticks = np.arange(len(self), dtype=float)
            values = np.stack([row.known(ticks) for row in self.rows])
        except MemoryError:
            hint = "curve.rows[0].timeline(np.array([0.0, 1e6])) has the values of chosen steps"
            raise ScheduleError(f"{len(self)} values do not fit in memory", hint=hint) from None
        return values[0] if len(values) == 1 else values

    @property
    def facts(self) -> Facts:
        """First, peak, last and more.

        Raises:
            ScheduleError: there are several param groups, and each has its own.

        """
        if len(self.rows) > 1:
            text = f"{self.label} has {len(self.rows)} param groups, and each has its own facts"
            raise ScheduleError(text, hint="curve.groups[0].facts are those of the first")
        return self.rows[0].facts

    @property
    def groups(self) -> tuple[Curve, ...]:
        """The curve of each param group."""
        return tuple(Curve((row,), self.quantity) for row in self.rows)

    @property
    def origins(self) -> Mapping[str, Given]:
        """Each value of its run, by key, with who says it; a recorded scheduler has none."""
        run = self.rows[0].run
        return run.origins if run else {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth saying, as the command line prints it: each with an id, a level and a text."""
        return tuple(finding.write_hint(WORDS) for finding in findings_of(self.rows))

    def first_difference(self, other: Curve, tolerance: float = SAME) -> int | None:
        """The first step at which they differ by over ``tolerance`` times the larger maximum, or None.

        Where one has fewer steps than the other, that is the first step which only one of them has.

        Raises:
            ArgumentError: no curve, or no number.
            ScheduleError: one has more param groups than the other, or it cannot be told.

        """
        hint = 'lrviz.evaluate("cosine:warmup=0,lr=1,steps=9") is one'
        expect(other, Curve, "a curve is compared with a curve", hint=hint)
        tolerance = float(check_numbers("tolerance", tolerance, "tolerance=1e-12", dimensions=(0,)))
        if len(self.rows) != len(other.rows):
            counts = f"{len(self.rows)} and {len(other.rows)}"
            raise ScheduleError(f"the curves have {counts} param groups", hint="compare curves of as many")
        measure, pairs = Measure(tolerance), zip(self.rows, other.rows, strict=True)
        found = [difference(track_of(mine), track_of(theirs), measure).first_step for mine, theirs in pairs]
        return min((step for step in found if step is not None), default=None)

    def save(self, path: str | Path) -> Path:
        """Draw the curve into a PNG, SVG or PDF file or a page (HTML), by its suffix.

        Raises:
            OutputError: an unknown format, or a place that cannot be written.

        """
        from lrviz.export.writing import write

        target = path_of(path, "lr.svg")
        write(target, self._drawn(target.suffix[1:].lower()))
        return target

    def _pictured(self) -> tuple[Sequence[Series], Picture]:
        from lrviz.curves.picture import picture_of

        return self.rows, picture_of(self.rows, self.quantity)


def path_of(path: str | Path, example: str) -> Path:
    """A path as Python has it."""
    expect(path, (str, Path), "a path is text or a Path", hint=f'"{example}"')
    return Path(path)
