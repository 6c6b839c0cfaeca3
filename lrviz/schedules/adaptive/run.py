"""An optimizer run on a stream of gradients, its state carried from update to update."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, Rates, Timeline
from lrviz.engine.walk import Walk
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.schedules.adaptive.stream import Stream

State = tuple[float, ...]
"""The effective rate and what was subtracted at the last update, then whatever the optimizer keeps."""
Update = Callable[[State, float], State]

LAST_COUNT = 2.0**24
"""The optimizers count updates in float32, which stays here for ever."""


class Run(Walk):
    """The states of one parameter, of which the rate and the subtracted amount are shown."""

    def __init__(self, update: Update, initial: State, gradients: Stream) -> None:
        self._update = update
        first = float(gradients.at(np.zeros(1))[0])
        super().__init__(update((0.0, 0.0, *initial), first), gradients.at, gradients.length)

    def _along(self, before: State, gradients: Any) -> list[State]:
        states, state, update = [before], before, self._update
        for gradient in np.asarray(gradients).tolist():
            state = update(state, gradient)
            states.append(state)
        return states

    def _values(self, states: list[State]) -> Rates:
        return np.array([state[:2] for state in states])


def quantities(update: Update, initial: State, gradients: Stream) -> dict[str, Timeline]:
    """The effective rate, and as ``update`` what is subtracted from the parameter.

    Raises:
        ScheduleError: there is no gradient at all.

    """
    why = f"only {gradients.length:.0f} gradients were given"
    if gradients.length < 1:
        raise ScheduleError(why, hint="give one for each update", step=0)
    run = Run(update, initial, gradients)

    def shown(label: str, column: int) -> Timeline:
        phase = Phase("free", 0.0, lambda t: run(t)[..., column], Opaque(walk=True), label=label)
        return Timeline((phase,), gradients.length, why, gives_out=True)

    return {"lr": shown("effective rate", 0), "update": shown("update", 1)}


def counted(updates: float) -> float:
    """The number of updates after one more, as float32 holds it."""
    return min(updates + 1.0, LAST_COUNT)


def over(above: float, below: float) -> float:
    """The quotient, which by 0 is infinite or no number as in torch."""
    if below == 0:
        return math.nan if above == 0 or math.isnan(above) else math.copysign(math.inf, above)
    return above / below


def root(value: float) -> float:
    """The square root, of a negative number none."""
    return math.sqrt(value) if value >= 0 else math.nan


def towards(old: float, new: float, weight: float) -> float:
    """A part of the way from old to new, as torch's lerp takes it: from the nearer end."""
    return old + weight * (new - old) if abs(weight) < 0.5 else new - (new - old) * (1.0 - weight)
