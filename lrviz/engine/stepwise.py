"""Values that only somebody else's code knows: asked for step by step, in order, each once."""

from __future__ import annotations

from array import array
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.progress import tell
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lrviz.engine.timeline import Formula, Rates, TickArray

    Ask = Callable[[int], Sequence[float]]

MOST_ASKED = 20_000_000
"""Steps; a minute or two of a plain function of Python's."""
_OFTEN = 1 << 4


class Stepwise:
    """The rows that ``ask`` tells of steps 0, 1, 2 …, remembered; ``around`` is entered while it is asked.

    Where it raises a ScheduleError the values end.
    """

    def __init__(self, ask: Ask, around: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        """Ask for step 0.

        Raises:
            ScheduleError: it has no value.

        """
        self._ask, self._around = ask, around
        with around():
            first = ask(0)
        self._known, self.width = array("d", first), len(first)
        self._refusal: ScheduleError | None = None

    def __len__(self) -> int:
        return len(self._known) // self.width

    def column(self, index: int) -> Formula:
        """One value of each row, as a formula over ticks."""
        return lambda ticks: self._values(ticks, index)

    def _values(self, ticks: TickArray, index: int) -> Rates:
        self.reach(int(ticks.max()) + 1 if ticks.size else 1)
        return np.frombuffer(self._known)[ticks.astype(np.int64) * self.width + index]

    def reach(self, count: int) -> None:
        """Know so many rows.

        Raises:
            ScheduleError: it ends before; ``step`` is the first that has no value.

        """
        if count > MOST_ASKED:
            text = f"it is asked step by step, for {MOST_ASKED} steps at most"
            raise ScheduleError(text, hint="let it take an array of steps, or give fewer <steps>")
        if count > len(self) and self._refusal is None:
            with self._around():
                self._walk(count)
        if count > len(self) and self._refusal is not None:
            raise self._refusal

    def _row(self, step: int) -> Sequence[float]:
        row = self._ask(step)
        if len(row) != self.width:
            text = f"it has {len(row)} values at step {step}, {self.width} before"
            raise ScheduleError(text, hint="return as many values at every step", step=step)
        return row

    def _walk(self, count: int) -> None:
        try:
            for step in range(len(self), count):
                self._known.extend(self._row(step))
                if step % _OFTEN == 0:
                    tell(step, count)
        except ScheduleError as error:
            self._refusal = error
        finally:
            tell(count, count)
