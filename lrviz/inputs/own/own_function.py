"""A user's function of the step as a curve: asked for all steps at once where it can be, else one by one."""

from __future__ import annotations

import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.engine.opaque import Opaque
from lrviz.engine.stepwise import MOST_ASKED, Stepwise
from lrviz.engine.timeline import Phase, Timeline
from lrviz.engine.traced import Traced, UntraceableError
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from lrviz.engine.timeline import Formula, Rates, TickArray
    from lrviz.inputs.own.user_code import UserCode

    Function = Callable[[Any], Any]
    Steps = NDArray[np.int64]

TRIED = 32
"""Steps that are asked for one by one before all at once is tried."""
_NEAR = 1e-12
_SAMPLES = 3


def function_lines(
    function: Function, afresh: Callable[[], Function], name: str, code: UserCode
) -> tuple[Timeline, ...]:
    """The LR that a function has for each step; of a list that it returns, the LR of each param group.

    ``afresh`` is the function as if nothing had been asked yet, for one that counts its calls.

    Raises:
        ScheduleError: it has none for step 0.

    """
    asker = _Asker(function, name, code)
    asked, rows = _tried(asker)
    if asked.width == 1 and len(rows) == TRIED and asker.takes_arrays(rows[:, 0]):
        return (_line(asker.values, Opaque(refuses=True), "function of the step"),)
    if not asker.repeats(len(rows) - 1, rows[-1]):
        asked = Stepwise(_Asker(afresh(), name, code).row, code.running)
    return tuple(walked(asked, "function, step by step"))


def remembers(function: Function, name: str, code: UserCode) -> bool:
    """Whether it says another LR of a step when it is asked again."""
    asker = _Asker(function, name, code)
    _, rows = _tried(asker)
    return not asker.repeats(len(rows) - 1, rows[-1])


def _tried(asker: _Asker) -> tuple[Stepwise, Rates]:
    """What it says of the first steps, one by one, in rows."""
    asked = Stepwise(asker.row, asker.code.running)
    with suppress(ScheduleError):
        asked.reach(TRIED)
    steps = np.arange(len(asked), dtype=float)
    return asked, np.column_stack([asked.column(i)(steps) for i in range(asked.width)])


def walked(asked: Stepwise, label: str) -> list[Timeline]:
    """One timeline for each value of the rows that are asked for."""
    shape = Opaque(walk=True, most=MOST_ASKED)
    return [_line(asked.column(i), shape, label) for i in range(asked.width)]


def _line(formula: Formula, shape: Opaque, label: str) -> Timeline:
    return Timeline((Phase("free", 0.0, formula, shape, label=label),))


class _Asker:
    """One function of the user's, asked for a step or for many."""

    def __init__(self, function: Function, name: str, code: UserCode) -> None:
        self._function, self._name, self.code = function, name, code

    def row(self, step: int) -> Sequence[float]:
        """The LR of a step, or the LRs.

        Raises:
            ScheduleError: it raises, or returns no number.

        """
        found = self.code.call(step, self._function, step)
        if isinstance(found, (list, tuple)) and found:
            return [self._number(value, step) for value in found]
        return (self._number(found, step),)

    def _number(self, value: Any, step: int) -> float:
        what = f"{type(value).__name__} at step {step}, and no number"
        if not isinstance(value, (str, bytes, bool)):
            try:
                return float(value)
            except OverflowError:
                what = f"a number beyond float64 at step {step}"
            except (TypeError, ValueError):
                pass
        text = f"{self._name} returns {what}"
        raise ScheduleError(text, hint="it returns the LR of the step", step=step)

    def takes_arrays(self, singly: Rates) -> bool:
        """Whether it makes the same of the first steps at once as of each alone."""
        found = self._at_once(np.arange(len(singly), dtype=np.int64))
        return found is not None and _are_near(found, singly)

    def repeats(self, step: int, before: Rates) -> bool:
        """Whether it says of a step what it said before."""
        with self.code.running():
            return _are_near(np.array(self.row(step)), before)

    def values(self, ticks: TickArray) -> Rates:
        """The LR of each step, from all at once while some that are asked for alone are the same.

        Where numpy goes on with an infinity, plain Python may raise.

        Raises:
            ScheduleError: it raises at one; ``step`` is that.
            UntraceableError: its formula is asked for.

        """
        asked: Any = ticks
        if isinstance(asked, Traced):
            raise UntraceableError("code of one's own")
        steps = ticks.astype(np.int64).ravel()
        found = self._at_once(steps)
        if found is None or not np.isfinite(found).all():
            found = self._singly(steps)
        else:
            places = _telling(found)
            if not _are_near(found[places], self._singly(steps[places])):
                found = self._singly(steps)
        return found.reshape(ticks.shape)

    def _at_once(self, steps: Steps) -> Rates | None:
        """What it makes of many steps; None where that is not one number for each."""
        try:
            with self.code.running(), warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                found = np.asarray(self._function(steps.copy()), dtype=np.float64)
        except (ScheduleError, TypeError, ValueError):
            return None
        return found if found.shape == steps.shape else None

    def _singly(self, steps: Steps) -> Rates:
        with self.code.running():
            return np.array([self.row(step)[0] for step in steps.tolist()])


def _telling(values: Rates) -> NDArray[np.int64]:
    """Some places from all over, and the extremes: whole numbers that run over in an array make these."""
    evenly = np.linspace(0, values.size - 1, min(values.size, _SAMPLES)).astype(np.int64)
    jump = int(np.abs(np.diff(values, prepend=values[:1])).argmax()) if values.size else 0
    extremes = [int(values.argmin()), int(values.argmax()), jump] if values.size else []
    return np.unique(np.concatenate([evenly, np.array(extremes, dtype=np.int64)]))


def _are_near(found: Rates, expected: Rates) -> bool:
    """Whether they are the same numbers but for rounding."""
    if found.shape != expected.shape:
        return False
    finite = np.abs(expected[np.isfinite(expected)])
    slack = _NEAR * float(finite.max(initial=0.0))
    return bool(np.allclose(found, expected, rtol=0.0, atol=slack, equal_nan=True))
