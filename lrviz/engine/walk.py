"""Values that need the one before: walked tick by tick, remembered block by block."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.engine.breakpoints import MOST_WALKED
from lrviz.engine.distinct import distinct
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.engine.timeline import Rates, TickArray
    from lrviz.engine.traced import Traced

WALKED_IN_A_SECOND = 2e6
MOST_WRITTEN = 10**7
"""Ticks that a written walk has at most."""


def _too_long(ticks: float) -> ScheduleError:
    hours = ticks / WALKED_IN_A_SECOND / 3600
    text = f"each value needs the one before: to walk {ticks:.0f} steps would take about {hours:.0f} hours"
    return ScheduleError(text, hint=f"<steps={MOST_WALKED}> is the longest walk")


class Walk:
    """Values at ticks 0, 1, 2 …, each computed from the one before, up to ``end``.

    Computed block by block, the last one as far as it is asked for: the value before each block stays, the
    blocks used last too, so that memory does not grow with the number of ticks. Where a map refuses, the walk
    stops. A walk that has to remember more than its value overrides ``_along`` and ``_values``.
    """

    BLOCK = 1 << 14
    FEWEST = 1 << 8
    KEPT = 256

    def __init__(self, first: Any, maps: Callable[[TickArray], Any], end: float = math.inf) -> None:
        self._maps = maps
        self._end = end
        self._why = ""
        self._before = [first]  # what is remembered at each block's first tick
        self._blocks: dict[int, Rates] = {}

    def __call__(self, ticks: TickArray) -> Rates:
        """The values at ``ticks``, in any order.

        Raises:
            ScheduleError: a tick at which a map refuses, or a later one; ``step`` is the first such tick. Or
                one that is too far to walk to.

        """
        traced: Any = ticks
        if hasattr(traced, "branch"):  # ticks that remember what is made of them
            written: Rates = self._written(traced)
            return written
        if ticks.size and min(float(ticks.max()), self._end) > MOST_WALKED:
            raise _too_long(float(ticks.max()))
        whole = ticks.astype(np.int64)
        values = np.empty((*ticks.shape, *self._values(self._before[:1]).shape[1:]))
        for number in distinct(whole // self.BLOCK):
            here = whole // self.BLOCK == number
            places = whole[here] % self.BLOCK
            block = self._block(int(number), int(places.max()) + 1)
            if places.max() >= len(block):
                raise ScheduleError(self._why, hint="give fewer <steps>", step=int(self._end))
            values[here] = block[places]
        return values

    def _written(self, ticks: Traced) -> Any:
        """The recurrence, traced over all ticks up to the last one at hand.

        Raises:
            UntraceableError: more is remembered than the value, or a map is no formula.

        """
        from lrviz.engine.traced import Traced, UntraceableError

        last = int(ticks.max())
        if type(self) is not Walk or last > MOST_WRITTEN:
            raise UntraceableError("each value needs the one before")
        own: Any = Traced.ticks(np.arange(1.0, last + 1.0))
        try:
            pairs = tuple((own.operand(a), own.operand(b)) for a, b in self._maps(own)) if last else ()
        except ScheduleError as error:
            raise UntraceableError(error.message) from None
        return Traced(self(ticks.value), "walk", (ticks, float(self._before[0]), pairs, last))

    def _block(self, number: int, count: int) -> Rates:
        """A block, with so many of its ticks at least, if it has them."""
        while len(self._before) <= number and self._end > len(self._before) * self.BLOCK:
            self._compute(len(self._before) - 1, self.BLOCK)
        if number >= len(self._before) or self._end <= number * self.BLOCK:
            return np.empty(0)
        known = self._blocks.get(number)
        if known is not None and len(known) >= min(count, self._end - number * self.BLOCK):
            return known
        doubled = max(self.FEWEST, 1 << (count - 1).bit_length())  # walked anew as it grows: twice in all
        return self._compute(number, min(doubled, self.BLOCK))

    def _compute(self, number: int, count: int) -> Rates:
        start = number * self.BLOCK
        later = np.arange(start + 1, min(start + count + 1, self._end), dtype=float)
        with np.errstate(all="ignore"):
            states = self._along(self._before[number], self._accepted(later))
        if len(self._before) == number + 1 and len(states) > self.BLOCK:
            self._before.append(states[-1])
        self._blocks[number] = self._values(states[:count])
        if len(self._blocks) > self.KEPT:
            del self._blocks[next(iter(self._blocks))]
        return self._blocks[number]

    def _along(self, before: Any, maps: Any) -> list[Any]:
        """What is remembered before the first tick's maps and after each tick's."""
        return _folded(before, maps)

    def _values(self, states: list[Any]) -> Rates:
        """The values in what is remembered."""
        return np.array(states)

    def _accepted(self, ticks: TickArray) -> Any:
        """The maps of as many ticks as are accepted; the first refused one becomes the end."""
        try:
            return self._maps(ticks) if ticks.size else []
        except ScheduleError as error:
            self._why = error.message
        good, bad = 0, ticks.size
        while bad - good > 1:
            middle = (good + bad) // 2
            try:
                self._maps(ticks[:middle])
                good = middle
            except ScheduleError as error:
                bad, self._why = middle, error.message
        self._end = float(ticks[good])
        return self._maps(ticks[:good]) if good else []


def _folded(lr: float, maps: list[tuple[Rates, Rates]]) -> list[float]:
    """The LR before the first tick's maps and after each tick's."""
    values = [lr]
    if not maps:
        return values
    if len(maps) == 1:
        for a, b in zip(maps[0][0].tolist(), maps[0][1].tolist(), strict=True):
            lr = a * lr + b
            values.append(lr)
        return values
    columns = [column.tolist() for pair in maps for column in pair]
    for row in zip(*columns, strict=True):
        for i in range(0, len(row), 2):
            lr = row[i] * lr + row[i + 1]
        values.append(lr)
    return values
