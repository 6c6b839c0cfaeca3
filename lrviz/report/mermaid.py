"""Curves as Mermaid's xychart, which GitHub draws in Markdown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.samples import values_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.engine.timeline import Rates

POINTS = 60
MOST_LINES = 8
"""More have no colours of their own."""
DIGITS = 6
"""Of the largest value; what is smaller has as many places behind the point."""


def charts(rows: Sequence[Series]) -> Iterator[tuple[list[Series], str]]:
    """A chart for the curves of each length, and which they are; one with a value that is none is left out.

    Its numbers are written without an exponent, which Mermaid does not read, and its lines have neither
    names nor steps of their own: the points stand evenly from the first step to the last.
    """
    for steps in dict.fromkeys(row.steps for row in rows if row.steps > 1):
        at = np.linspace(0, steps - 1, min(POINTS, steps)).round()
        lines = [(row, values_at(row, at)) for row in rows if row.steps == steps]
        lines = [(row, line) for row, line in lines if np.isfinite(line).all()][:MOST_LINES]
        if lines:
            drawn = [row for row, _ in lines]
            low, high = min(row.facts.low for row in drawn), max(row.facts.peak for row in drawn)
            yield drawn, "\n".join(_chart(steps, min(low, 0.0), high, [line for _, line in lines]))


def _chart(steps: int, low: float, high: float, lines: Iterable[Rates]) -> Iterator[str]:
    places = max(0, DIGITS - 1 - math.floor(math.log10(max(high, -low) or 1.0)))
    yield "xychart-beta"
    yield f'    x-axis "step" 0 --> {steps - 1}'
    yield f'    y-axis "learning rate" {low:.{places}f} --> {high or 1.0:.{places}f}'
    for line in lines:
        yield f"    line [{', '.join(f'{value:.{places}f}' for value in line.tolist())}]"
