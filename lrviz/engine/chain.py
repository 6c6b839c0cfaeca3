"""Schedulers that share the LR of one param group: affine maps, folded tick by tick.

In torch and mmengine a scheduler does not own a curve. Each step() maps the LR that stands in
the param group, ``lr -> a * lr + b``, and several schedulers act on the same LR in turn. What
they do together is the fold of their maps, which is neither a product nor a join in general.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

import numpy as np

from lrviz.engine.distinct import distinct
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Kind, Phase, Rates, TickArray, Timeline
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


class Part(Protocol):
    """What a schedule is to another that holds it, beside what it does alone."""

    @property
    def timeline(self) -> Timeline: ...


Built: TypeAlias = "Timeline | Part | Mapping[str, Timeline | Part]"
"""What a schedule's function makes: the LR, or each quantity by its name."""


def timelines(built: Built) -> dict[str, Timeline]:
    """The timeline of each quantity that a schedule's function made; one alone is the LR's."""
    quantities = built if isinstance(built, Mapping) else {"lr": built}
    return {name: part if isinstance(part, Timeline) else part.timeline for name, part in quantities.items()}


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


WALKED_IN_A_SECOND = 2e6
MOST_WALKED = 10**9
"""Ticks; it takes minutes."""


def _too_long(ticks: float) -> ScheduleError:
    hours = ticks / WALKED_IN_A_SECOND / 3600
    text = f"each value needs the one before: to walk {ticks:.0f} steps would take about {hours:.0f} hours"
    return ScheduleError(text, hint=f"<steps={MOST_WALKED}> is the longest walk")


class Walk:
    """Values at ticks 0, 1, 2 …, each computed from the one before, up to ``end``.

    Computed block by block: the value before each block stays, the blocks used last too, so that
    memory does not grow with the number of ticks. Where a map refuses, the walk stops. A walk that has
    to remember more than its value overrides ``_along`` and ``_values``.
    """

    BLOCK = 1 << 14
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
        if ticks.size and min(float(ticks.max()), self._end) > MOST_WALKED:
            raise _too_long(float(ticks.max()))
        whole = ticks.astype(np.int64)
        values = np.empty((*ticks.shape, *self._values(self._before[:1]).shape[1:]))
        for number in distinct(whole // self.BLOCK):
            here = whole // self.BLOCK == number
            block = self._block(int(number))
            places = whole[here] % self.BLOCK
            if places.max() >= len(block):
                raise ScheduleError(self._why, hint="give fewer <steps>", step=int(self._end))
            values[here] = block[places]
        return values

    def _block(self, number: int) -> Rates:
        while len(self._before) <= number and self._end > len(self._before) * self.BLOCK:
            self._compute(len(self._before) - 1)
        if number >= len(self._before):
            return np.empty(0)
        return self._blocks[number] if number in self._blocks else self._compute(number)

    def _compute(self, number: int) -> Rates:
        start = number * self.BLOCK
        later = np.arange(start + 1, min(start + self.BLOCK + 1, self._end), dtype=float)
        with np.errstate(all="ignore"):
            states = self._along(self._before[number], self._accepted(later))
        if len(self._before) == number + 1 and len(states) > self.BLOCK:
            self._before.append(states[-1])
        self._blocks[number] = self._values(states[: self.BLOCK])
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


def _folded(lr: float, maps: Pairs) -> list[float]:
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
    """
    if end <= 0:
        raise ScheduleError(why, hint="give the parameter another value", step=0)
    walk = Walk(first, maps, end)
    phases = [Phase(kind, start, walk, Opaque(walk=True), label=label) for kind, start, label in named]
    return Timeline(tuple(phases), end, why)
