"""fairseq's cosine: cycles that may shrink, each longer or shorter than the one before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, Number, Ticks, Total, Warmup, WarmupStart
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.geometric import Geometric
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, Timeline
from lrviz.engine.traced import is_traced
from lrviz.errors import ScheduleError
from lrviz.schedules.fairseq.shared import above, overflow
from lrviz.schedules.shapes.cosine import cos01
from lrviz.schedules.shapes.ramps import rise

if TYPE_CHECKING:
    from lrviz.engine.breakpoints import Breakpoints
    from lrviz.engine.timeline import Rates, TickArray


@schedule(
    example={
        "warmup_updates": 10,
        "min_lr": 0.01,
        "lr_period_updates": 30,
        "t_mult": 2.0,
        "lr_shrink": 0.5,
    }
)
def cosine(
    group: Group,
    warmup_updates: Warmup = 0,
    warmup_init_lr: WarmupStart = -1,
    min_lr: Floor = 0.0,
    t_mult: Number = 1.0,
    lr_period_updates: Ticks = -1,
    lr_shrink: Factor = 0.1,
    max_update: Total | None = None,
) -> Timeline:
    """A linear warmup, then half cosines; each cycle starts ``lr_shrink`` as high and is t_mult as long.

    Formula: lr(t) = w + (B - w) t / W for t < W = warmup_updates, with w = warmup_init_lr, or min_lr where
    that is below 0. Then in cycle i = 0, 1 … of length L = P t_mult^i, u updates after its start:
    lr_shrink^i (min_lr + (B - min_lr) (1 + cos(pi u / L)) / 2). P = lr_period_updates, or max_update - W
    where that is not above 0.
    Edges: min_lr shrinks too. A period of the whole run is over at t = max_update: the next cycle starts
    there, at lr_shrink B. With t_mult the number of the cycle is the whole part of a logarithm; its rounding
    may put the start of a cycle one update late. With t_mult below 1 the cycles end at W + P / (1 - t_mult),
    and fairseq raises.
    Source: fairseq 0.12.2 ``cosine``.

    Raises:
        ScheduleError: a min_lr not below the LR, or neither a period nor max_update.

    """
    B, W = group.lr, warmup_updates
    above("cosine", B, "min_lr", min_lr)
    P = lr_period_updates
    if P <= 0:
        if not max_update or max_update <= 0:
            raise ScheduleError(
                "cosine needs max_update or lr_period_updates",
                hint="give <steps=1000>, or <lr_period_updates=1000>",
            )
        P = max_update - W
    warmup = rise(min_lr if warmup_init_lr < 0 else warmup_init_lr, B, W)
    cycles = Cycles(P, t_mult, lr_shrink)

    def rate(t: TickArray) -> Rates:
        number, into, length = cycles.at(t - W)
        scale = float(lr_shrink) ** number
        return scale * min_lr + scale * (B - min_lr) * cos01(into / length)

    phase = Phase("cycle", max(W, 0.0), rate, cycles.turns.shift(W), label="cosine cycles")
    end, why = cycles.end
    return Timeline((*warmup, phase), max(math.ceil(W + end), phase.start) if why else math.inf, why)


@dataclass(frozen=True)
class Cycles:
    """Cycles of length P, P mult, P mult^2 … as fairseq finds the one of an update."""

    P: float
    mult: float
    shrink: float

    def at(self, t: TickArray) -> tuple[TickArray, TickArray, TickArray]:
        """The number of the cycle, the updates into it and its length."""
        if self.mult == 1:
            number = np.floor(t / self.P)
            return number, t - self.P * number, np.full(t.shape, float(self.P))
        number = np.floor(_logarithm(self._grown(t), self.mult))
        power = float(self.mult) ** number
        return number, t - (1.0 - power) / (1.0 - self.mult) * self.P, power * self.P

    @property
    def turns(self) -> Breakpoints:
        """Where cycles start."""
        if self.P == 0 or (self.mult != 1 and (self.P < 0 or self.mult < 1)):
            return Opaque()
        if self.mult == 1:
            return Periodic(abs(self.P), jumps=True, monotone=self.shrink >= 0)
        return Geometric(self.P, self.mult)

    @property
    def end(self) -> tuple[float, str]:
        """The first update that fairseq raises at, and why."""
        if self.P == 0:
            return 0, "division by zero (warmup_updates is max_update)"
        if self.mult <= 0:
            return 0, f"the logarithm to the base t_mult={self.mult}"
        if self.mult == 1:
            return self._shrunk()
        growth = (self.mult - 1.0) / self.P
        if growth > 0:
            return math.inf, ""
        near = math.floor(-1.0 / growth) - 1
        end = next(tick for tick in range(near, near + 4) if self._grown(np.array(float(tick))) <= 0)
        return end, f"the cycles have shrunk to nothing (t_mult={self.mult})"

    def _grown(self, t: TickArray) -> TickArray:
        """The length of the cycle, in periods, if each grew on all the time."""
        return 1.0 - t / self.P * (1.0 - self.mult)

    def _shrunk(self) -> tuple[float, str]:
        """Where a power of lr_shrink leaves float64."""
        if self.P < 0 and self.shrink == 0:
            return 1, "division by zero (lr_shrink=0 in a negative cycle)"
        shrink = self.shrink if self.P > 0 else 1.0 / self.shrink
        cycles = overflow(shrink)
        return cycles * abs(self.P), "the LR overflows" if math.isfinite(cycles) else ""


def _logarithm(x: TickArray, base: float) -> TickArray:
    """Of x to the base; near a whole number as Python has it, since its rounding decides."""
    found: TickArray = np.atleast_1d(np.log(x) / math.log(base))
    if is_traced(found):
        return found
    near = np.abs(found - np.round(found)) < 1e-9
    found[near] = [math.log(value) / math.log(base) for value in np.atleast_1d(x)[near]]
    return found.reshape(x.shape)
