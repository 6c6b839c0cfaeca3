"""The gradients that an optimizer is fed: an expression of t, noise on top, or recorded numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.roles import Function, Number, WholeCount
from lrviz.engine.distinct import distinct
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import not_negative
from lrviz.schedules.shapes.function import as_function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.engine.timeline import Formula, Rates, TickArray

Gradient = Function | tuple[float, ...]

RECORDED = "recorded"
BLOCK = 1 << 14  # normals drawn together: any of them can be had without those of all blocks before


@dataclass(frozen=True)
class Stream:
    """Gradients by tick, and how many there are."""

    at: Formula
    length: float = math.inf


@dataclass(frozen=True)
class Gradients:
    """What every optimizer takes beside its own: the gradients of one parameter, and where that starts."""

    gradient: Gradient = "1"
    noise: Number = 0.0
    seed: WholeCount = 0
    start: Number = 0.0

    def stream(self, group: Group) -> Stream:
        """The gradient of every update: what ``gradient`` says plus ``noise`` times a standard normal.

        Raises:
            ScheduleError: no function, no recorded numbers, a negative noise or seed.

        """
        not_negative("gradient", noise=self.noise, seed=self.seed)
        found = self._without_noise(group)
        if self.noise == 0:
            return found
        return Stream(lambda t: found.at(t) + self.noise * _normals(t, self.seed), found.length)

    def _without_noise(self, group: Group) -> Stream:
        said = self.gradient
        if isinstance(said, tuple):
            return _recorded(said)
        if isinstance(said, str) and said == RECORDED:
            return _recorded(group.metrics)
        return Stream(as_function(repr(said) if isinstance(said, (int, float)) else said, "t")[0])


def _recorded(numbers: Sequence[Any] | None) -> Stream:
    if numbers is None:
        raise ScheduleError(
            f"gradient={RECORDED} takes the numbers of a file, and none was given",
            hint="<metrics=FILE.csv:column>",
        )
    try:
        gradients = np.array([float(number) for number in numbers])
    except (TypeError, ValueError):
        raise ScheduleError(f"gradients are numbers, got {numbers!r}", hint="<gradient=1,0.5,0.25>") from None
    return Stream(lambda t: gradients[t.astype(np.int64)], float(gradients.size))


def _normals(t: TickArray, seed: int) -> Rates:
    """A standard normal for each tick: number t % BLOCK of the generator of block t // BLOCK."""
    whole = t.astype(np.int64)
    normals = np.empty(t.shape)
    for block in distinct(whole // BLOCK):
        here = whole // BLOCK == block
        drawn = np.random.default_rng([seed, int(block)]).standard_normal(BLOCK)
        normals[here] = drawn[whole[here] % BLOCK]
    return normals
