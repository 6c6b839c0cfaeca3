"""The numbers that values do not follow in proportion: sought by Newton's way, whole ones as whole ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from lrviz.identification.fitting import frame_of
from lrviz.notation.numbers import LARGEST_WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.engine.timeline import Rates
    from lrviz.identification.guess import Guess, Numbers
    from lrviz.identification.seen import Seen

MOST = 12
"""Steps towards the best place."""
HOPELESS = 60.0
"""A guess this far off after a few of them, in thousandths of the top, is of another curve."""
PATIENCE = 4
SLOW, NEAR = 0.9, 10.0
"""What is farther off than this, in thousandths of the top, and with a step still as far, ends there."""
CLOSE = 2
"""Whole numbers that the best ones may be away, where rows are written with few digits."""
EXACT, ROUNDED = 1e-9, 0.5**0.5
"""How far off what no other comes nearer than by chance is, and what is no more than rounded away."""
TINY = 1e-6
"""Share of a number that is no whole one, by which it is moved to see what that does."""
DAMPED = (0.0, 1e-2, 1.0, 1e2)
"""How much a step is held back, until one comes nearer."""


@dataclass
class Search:
    """What was looked at so far; where it ``is_coarse``, rows count alike however they are written."""

    guess: Guess
    seen: Seen
    is_coarse: bool = True
    tried: dict[tuple[float, ...], tuple[float, Rates | None]] = field(default_factory=dict)

    def error(self, moved: Numbers) -> float:
        """How far off the guess is with these numbers, in thousandths of the top."""
        return self._at(moved)[0]

    def left(self, moved: Numbers) -> Rates | None:
        """What is left of each row, None where the schedule refuses the numbers."""
        return self._at(moved)[1]

    def stepped(self, at: Numbers) -> Numbers:
        """A place that is nearer, or the same where no step leads to one."""
        here, slopes = self.left(at), self._slopes(at)
        if here is None or slopes is None:
            return at
        square, down = slopes.T @ slopes, slopes.T @ here
        for damped in DAMPED:
            held = square + damped * np.diag(np.diag(square))
            move = -np.linalg.lstsq(held, down, rcond=None)[0]
            there = {key: _moved(at[key], by) for key, by in zip(at, move.tolist(), strict=True)}
            if self.error(there) < self.error(at):
                return there
        return at

    def polished(self, at: Numbers, most: int = MOST, enough: float = EXACT) -> Numbers:
        """The best of the whole numbers around, while there is one and it is not near ``enough``."""
        for _ in range(most):
            if self.error(at) <= enough:
                break
            nearer = min(_around(at), key=self.error, default=at)
            if self.error(nearer) >= self.error(at):
                break
            at, before = nearer, at
            if self.is_slow(before, at):
                break
        return at

    def is_slow(self, before: Numbers, after: Numbers) -> bool:
        """Whether a step leads so little nearer that what is far off stays so."""
        return self.error(after) > max(NEAR, SLOW * self.error(before))

    def _slopes(self, at: Numbers) -> Rates | None:
        """What is left as each number grows by a little."""
        here, found = self.left(at), []
        for key, value in at.items():
            by = 1 if isinstance(value, int) else TINY * (abs(value) or 1.0)
            there = self.left({**at, key: value + by})
            if here is None or there is None:
                return None
            found.append((there - here) / by)
        return np.stack(found, axis=1)

    def _at(self, moved: Numbers) -> tuple[float, Rates | None]:
        place = tuple(moved.values())
        if place not in self.tried:
            refused = any(value < 0 for value in place)
            frame = None if refused else frame_of(self.guess, moved, self.seen)
            fit = frame.solved({}, coarse=self.is_coarse) if frame else None
            self.tried[place] = (fit.error, fit.left) if fit else (np.inf, None)
        return self.tried[place]


def finished(guess: Guess, near: Numbers, seen: Seen) -> Numbers:
    """The whole numbers around that fit best by how exactly each row is written."""
    return Search(guess, seen, is_coarse=False).polished(near, CLOSE, ROUNDED)


def sought(guess: Guess, seen: Seen) -> tuple[Numbers, float]:
    """The numbers that come nearest, and how far off they are."""
    search = Search(guess, seen.glance)
    best = min(guess.starts, key=search.error)
    if guess.solved or not best:
        return best, search.error(best)
    for step in range(MOST):
        nearer = search.stepped(best)
        is_hopeless = step >= PATIENCE and search.error(nearer) > HOPELESS
        before, best = best, nearer
        if best == before or is_hopeless or search.error(best) <= EXACT or search.is_slow(before, best):
            break
    if search.error(best) <= HOPELESS:
        best = search.polished(best)
    return best, search.error(best)


def _moved(value: float, by: float) -> float:
    return round(min(max(value + by, 0.0), LARGEST_WHOLE)) if isinstance(value, int) else value + by


def _around(at: Numbers) -> Iterator[Numbers]:
    """One more or less of each whole number, and of two at once."""
    whole = [key for key, value in at.items() if isinstance(value, int)]
    for signs in product((0, -1, 1), repeat=len(whole)):
        if 0 < sum(map(abs, signs)) <= 2:
            yield {**at, **{key: at[key] + sign for key, sign in zip(whole, signs, strict=True)}}
