"""Curves that a picture shows as one although they differ: a sentence tells them apart."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.apart import Pair, apart
from lrviz.notation.numbers import grouped_in, lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.curves.series import Series

NEAR = 0.02
"""Of the peak: less than two widths of a line."""
SAME = 1e-12
MOST_CURVES = 8
LONGEST = 10**6
"""Curves and steps that are looked at, so that a picture stays quick."""
SAMPLES = 256


def nearly_alike(chosen: Sequence[Series]) -> Iterator[str]:
    """What is said of each two that are close everywhere: where they differ first, and by most."""
    rows = [row for row in chosen if not row.logged and row.steps <= LONGEST]
    if len(chosen) <= MOST_CURVES:
        for one, other in combinations(rows, 2):
            if one.ran == other.ran and _seem_near(one, other):
                yield from _apart(one, other)


def _seem_near(one: Series, other: Series) -> bool:
    steps = np.unique(np.linspace(0, one.ran - 1, SAMPLES).round())
    far = np.abs(other.timeline(steps) - one.timeline(steps))
    return bool((far <= NEAR * abs(one.facts.peak)).all())


def _apart(one: Series, other: Series) -> Iterator[str]:
    peak = abs(one.facts.peak)
    found = apart(Pair(one.timeline, other.timeline, SAME * peak), 0, one.ran)
    if not len(found) or found.most.max() > NEAR * peak:
        return
    step, share = found.most_at[found.most.argmax()], lr_text(float(100 * found.most.max() / peak))
    where = f"apart from step {found.first[0]} on, most at {step}, by {share} % of the peak"
    yield f"{one.label} and {other.label}: {grouped_in(where)}"
