"""The LRs of a guess from the values: they follow in proportion, so that one equation has them all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.errors import LrvizError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.engine.timeline import Rates
    from lrviz.identification.guess import Guess, Numbers
    from lrviz.identification.seen import Seen

COARSE = 1e-3
"""Share of the peak below which a distance counts for no more, while a number is still sought."""
APART = 4
"""How far apart LRs are while it is looked at what each does."""


class Frame(NamedTuple):
    """The values as ``rest`` plus each LR times its column."""

    seen: Seen
    rest: Rates
    columns: Mapping[str, Rates]

    def solved(self, known: Mapping[str, float], *, coarse: bool = False) -> Fit:
        """The LRs that come nearest, where some are ``known``."""
        values, slack = self.seen.values, self.seen.slack
        weights = 1.0 / (np.maximum(slack, COARSE * self.seen.top) if coarse else slack)
        left = values - self.rest - sum(self.columns[key] * known[key] for key in known)
        free = [key for key in self.columns if key not in known]
        found = dict(known)
        if free:
            matrix = np.stack([self.columns[key] for key in free], axis=1)
            scaled, target = matrix * weights[:, None], left * weights
            found |= dict(zip(free, np.linalg.lstsq(scaled, target, rcond=None)[0].tolist(), strict=True))
            left = left - matrix @ np.array([found[key] for key in free])
        error, worst = float(np.sqrt(np.mean((left * weights) ** 2))), float(np.abs(left / slack).max())
        return Fit({key: found[key] for key in self.columns}, error, worst, left * weights)

    def bounds(self, known: Mapping[str, float], key: str) -> tuple[float, float]:
        """Between which values one LR has every row, all others ``known``; in no order where none has."""
        values, slack, column = self.seen.values, self.seen.slack, self.columns[key]
        left = values - self.rest - sum(self.columns[one] * known[one] for one in known)
        moves = np.abs(column) > 0
        if not moves.any() or np.any(np.abs(left[~moves]) > slack[~moves]):
            return math.inf, -math.inf
        ends = (left[moves] + np.stack([-slack[moves], slack[moves]])) / column[moves]
        return float(ends.min(axis=0).max()), float(ends.max(axis=0).min())


class Fit(NamedTuple):
    """LRs, how far off they are on the whole, and at the row that is worst: 1 is as far as it may be."""

    rates: Mapping[str, float]
    error: float
    worst: float
    left: Rates


def frame_of(guess: Guess, moved: Numbers, seen: Seen) -> Frame | None:
    """What the values are made of, with the numbers that are ``moved``; None where that is refused."""
    base = {key: seen.top / APART**place for place, key in enumerate(guess.scaled)}
    rest = _curve(guess, moved, base, seen)
    if rest is None:
        return None
    columns: dict[str, Rates] = {}
    for key in guess.scaled:
        beside = _curve(guess, moved, {**base, key: 2 * base[key]}, seen)
        if beside is None:
            return None
        columns[key] = (beside - rest) / base[key]
    return Frame(seen, rest - sum(columns[key] * base[key] for key in columns), columns)


def _curve(guess: Guess, moved: Numbers, rates: Numbers, seen: Seen) -> Rates | None:
    line = guess.line({**moved, **guess.written(rates)}, int(seen.last) + 1)
    if line is None:
        return None
    try:
        values = line(seen.ticks)
    except LrvizError:
        return None
    return values if np.isfinite(values).all() else None
