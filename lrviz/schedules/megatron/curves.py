"""The LR and the weight decay of one param group, over updates of so many samples."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.cosine import cos01

FALLS: dict[str | None, Callable[[TickArray], Rates]] = {
    "linear": lambda r: 1.0 - r,
    "cosine": cos01,
    "exponential": lambda r: 2.0 * np.power(0.5, r) - 1.0,
    "minus_sqrt": lambda r: 1.0 - np.sqrt(r),
}
"""How a decay goes from 1 at r = 0 to 0 at r = 1; of these a WSD may choose."""
PLAIN = ("linear", "cosine")
"""Those that are styles of their own."""
STYLES = ("constant", *PLAIN, "inverse-square-root", "WSD")


def first_beyond(samples: float, increment: int) -> int:
    """The first update that comes after more samples."""
    return max(0, math.floor(samples) // increment + 1)


@dataclass(frozen=True)
class Decay:
    """The decay of the LR from ``most`` to ``least``, W and T being samples."""

    most: float
    least: float
    W: float
    T: float
    increment: int

    @property
    def start(self) -> int:
        """The first update after the warmup."""
        return first_beyond(self.W, self.increment) if self.W > 0 else 0

    @property
    def stop(self) -> int:
        """The first update after T."""
        return first_beyond(self.T, self.increment)

    def behind_warmup(self, init: float, decaying: Timeline) -> Timeline:
        """The warmup from ``init``, the decay, and ``least`` after T."""
        phases = [phase for phase in decaying.phases if phase.start < self.stop]
        if self.start:
            phases.insert(0, Phase("warmup", 0.0, lambda t: self._rising(init, t * self.increment)))
        after = constant(self.least, kind="hold", label="after the end", start=self.stop)
        end = decaying.end if decaying.end < self.stop else math.inf
        return Timeline((*phases, after), end, decaying.why)

    def held(self, init: float) -> Timeline:
        """The warmup from ``init``, then ``most`` for ever."""
        stable = constant(self.most, kind="stable", start=self.start)
        if not self.start:
            return Timeline((stable,))
        return Timeline((Phase("warmup", 0.0, lambda t: self._rising(init, t * self.increment)), stable))

    def _rising(self, init: float, n: TickArray) -> Rates:
        return init + (self.most - init) * n / self.W

    def in_style(self, style: str) -> Timeline:
        """From W to T."""
        if style == "inverse-square-root":
            return self._phase(self.start, self._inverse_square_root)
        if style not in PLAIN:
            return self._unknown("lr_decay_style", style, STYLES, self.start)
        return self._phase(
            self.start, lambda n: self._between(FALLS[style]((n - self.W) / (self.T - self.W)))
        )

    def at_the_end(self, steps: float, style: str | None) -> Timeline:
        """``most``, then a decay over the last ``steps`` samples before T."""
        turn = max(self.start, first_beyond(self.T - steps, self.increment))
        stable = constant(float(self._between(np.ones(1))[0]), kind="stable", start=self.start)
        if style in FALLS:
            fall = self._phase(turn, lambda n: self._between(FALLS[style]((n - (self.T - steps)) / steps)))
        else:
            fall = self._unknown("lr_wsd_decay_style", style, FALLS, turn)
        return fall if turn == self.start else Timeline((stable, *fall.phases), fall.end, fall.why)

    def _phase(self, start: int, of_samples: Callable[[TickArray], Rates]) -> Timeline:
        return Timeline((Phase("decay", start, lambda t: of_samples(t * self.increment)),))

    def _unknown(self, name: str, style: str | None, known: Iterable[str | None], start: int) -> Timeline:
        return Timeline((), start, f"{name}={style!r} is none of {', '.join(map(str, known))}")

    def _between(self, height: Rates) -> Rates:
        return self.least + height * (self.most - self.least)

    def _inverse_square_root(self, n: TickArray) -> Rates:
        root: float = max(self.W, 1) ** 0.5
        return np.maximum(self.least, self.most * root / np.sqrt(np.maximum(n, 1.0)))


def weight_decay(start: float, end: float, samples: float, style: str, increment: int) -> Timeline:
    """From ``start`` to ``end`` over so many samples, then ``end``.

    Raises:
        ScheduleError: an unknown style, a constant that is none, no samples to increase over.

    """
    over = first_beyond(samples, increment)
    if not over:
        return Timeline((constant(end),))
    if style == "constant":
        if start != end:
            raise ScheduleError(
                f"a constant weight decay has start_wd equal to end_wd, got {start!r} and {end!r}",
                hint="<wd_incr_style=linear>",
            )
        return Timeline((constant(end),))
    if style not in PLAIN:
        raise ScheduleError(
            f"wd_incr_style={style!r} is unknown", hint="<wd_incr_style=cosine>, linear or constant"
        )
    if samples == 0:
        raise ScheduleError("division by zero (wd_incr_steps=0)", hint="leave wd_incr_steps out")

    def rate(t: TickArray) -> Rates:
        x = t * increment / samples
        return start + (x if style == "linear" else cos01(1.0 - x)) * (end - start)

    return Timeline((Phase("rise", 0.0, rate, label="increase"), constant(end, kind="stable", start=over)))
