"""Schedulers that share the LR of one param group: affine maps, folded tick by tick.

In torch and mmengine a scheduler does not own a curve. Each step() maps the LR that stands in
the param group, ``lr -> a * lr + b``, and several schedulers act on the same LR in turn. What
they do together is the fold of their maps, which is neither a product nor a join in general.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Kind, Phase, Rates, TickArray, Timeline
from lrviz.engine.walk import Walk
from lrviz.errors import ScheduleError

Affine = tuple[float, float]
Pairs = list[tuple[Rates, Rates]]
"""The maps of ticks, lr -> a lr + b, one after the other, each as two arrays over the ticks."""
Maps = Callable[[TickArray], Pairs]

KEEP: Affine = (1.0, 0.0)
"""The map that leaves the LR alone."""


@dataclass(frozen=True, eq=False)
class Chainable:
    """One scheduler as it acts on a shared LR.

    ``timeline`` is what it does alone on its base LR. ``first`` is the map of its initial step,
    ``maps(k)`` the maps (a, b), applied in order, of the step that arrives at its own tick
    k >= 0, and ``enter`` the map of being started by another scheduler at its own tick 0, or the
    reason why the framework raises there. ``initial_lr`` is what building it writes to the group's
    base LR. An enclosing scheduler may take the initial step back: ``again()`` is the part after the
    initial step was made once more, ``stepped()`` after an ordinary step was made in its place;
    None where that makes no difference. ``multiplies`` marks parts whose every map is lr -> a * lr.
    """

    timeline: Timeline
    first: Affine
    maps: Maps
    enter: Affine | str | Callable[[], Affine | str]
    initial_lr: float | None = None
    again: Callable[[], Chainable] | None = None
    stepped: Callable[[], Chainable] | None = None
    multiplies: bool = False

    def entered(self) -> Affine | str:
        """``enter``, asked for as late as it can be: another scheduler may have written to the group."""
        return self.enter() if callable(self.enter) else self.enter

    def made_again(self) -> Chainable:
        """The part after its initial step was taken back and made once more."""
        return self.again() if self.again else self

    def stepped_again(self) -> Chainable:
        """The part after its initial step was taken back and an ordinary step made, now its ``first``."""
        if self.stepped:
            return self.stepped()
        part = self.made_again()
        return replace(part, first=stepped_to_zero(part))


def overwrites(timeline: Timeline) -> Chainable:
    """A scheduler that computes the LR from its own tick alone, whatever stands in the group."""

    def at_zero() -> Affine:
        return 0.0, float(timeline(np.zeros(1))[0])

    def maps(k: TickArray) -> Pairs:
        return [(np.zeros(k.shape), timeline(k))]

    return Chainable(timeline, at_zero(), maps, at_zero, again=lambda: overwrites(timeline))


def around(pivot: float, factor: Rates) -> Pairs:
    """Lr -> factor * (lr - pivot) + pivot, as three maps: the frameworks round after each."""
    one, none = np.ones(factor.shape), np.zeros(factor.shape)
    return [(one, none - pivot), (factor, none), (one, none + pivot)]


def apply(affine: Affine, lr: float) -> float:
    """The LR after one map."""
    return affine[0] * lr + affine[1]


def in_turn(affines: Iterable[Affine]) -> Affine:
    """The one map that does what the given ones do one after the other."""
    a, b = KEEP
    for then_a, then_b in affines:
        a, b = then_a * a, then_a * b + then_b
    return a, b


def stepped_to_zero(part: Chainable) -> Affine:
    """The map of an ordinary step that arrives at the part's tick 0."""
    return in_turn((float(a[0]), float(b[0])) for a, b in part.maps(np.zeros(1)))


def chained_walk(
    first: float,
    maps: Maps,
    named: Sequence[tuple[Kind, float, str]],
    *,
    end: float = math.inf,
    why: str = "",
) -> Timeline:
    """The walk that starts at ``first`` and takes the maps of every later tick.

    ``named`` are (kind, start, label), ascending, the first start being 0.

    Raises:
        ScheduleError: it ends before its first tick.

    """
    if end <= 0:
        raise ScheduleError(why, hint="give the parameter another value", step=0)
    walk = Walk(first, maps, end)
    phases = [Phase(kind, start, walk, Opaque(walk=True), label=label) for kind, start, label in named]
    return Timeline(tuple(phases), end, why)
