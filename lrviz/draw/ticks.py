"""Where an axis begins and ends, and the round numbers written on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from lrviz.errors import OutputError
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

MOST_TICKS = 7
MOST_DECADES = 8
ROUND = (1, 2, 2.5, 5, 10)
FEWEST = 2.999  # steps of a value axis up to the top of its curves, but for rounding
BROKEN = 0.06  # of the height of an axis, where it is broken at its foot and has no tick
NEAR_END = 0.05  # of the length of a curve
GAP = 14.0  # pixels between two labels of one axis
ROW = 24.0  # pixels from one label of a value axis to the next, at least
SMALLEST = 1e-286  # Matplotlib makes one height of all values on a linear axis less high
SEPARATES = 1.5  # decades that a logarithmic axis spreads, or it shows no more than a linear one


@dataclass(frozen=True)
class Scale:
    """One value axis: ``low`` and ``high`` are its ends, ``top`` the largest value drawn on it.

    ``name`` is what it shows, where that is not what the picture shows.
    """

    low: float
    high: float
    top: float
    ticks: tuple[float, ...]
    log: bool
    name: str = ""

    @property
    def of_curves(self) -> bool:
        """Whether the curves themselves stand on it."""
        return not self.name

    @property
    def cut_off(self) -> bool:
        """Whether a linear axis begins above zero, so that heights do not compare."""
        return not self.log and self.low > 0

    @property
    def remark(self) -> str:
        """What its name says besides what it shows."""
        return " (log)" if self.log else " (not from 0)" if self.cut_off else ""

    def left_at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> float | None:
        """Where a curve goes below a logarithmic axis for good, or begins there; not near its end."""
        seen = np.flatnonzero(y >= self.low)
        after = seen[-1] + 1 if seen.size else 0
        if not self.log or after >= len(x):
            return None
        at = float(x[after])
        return at if x[-1] - at > NEAR_END * (x[-1] - x[0]) else None

    @property
    def texts(self) -> list[str]:
        """The ticks, all in one style: that of the largest, powers of ten where the axis is logarithmic."""
        powers = self.log or "e" in lr_text(max(self.ticks, key=abs, default=0.0))
        return [power_text(tick) if powers and tick else f"{tick:.7g}" for tick in self.ticks]


def power_text(x: float) -> str:
    """As ``1e-1``."""
    mantissa, _, exponent = f"{x:.6e}".partition("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def round_step(least: float, mantissas: Sequence[float] = (1, 2, 5, 10)) -> float:
    """The smallest m * 10**k >= ``least`` with m among ``mantissas``."""
    exponent = math.floor(math.log10(least))
    unit = 10.0**exponent
    found = next((m for m in mantissas if m * unit >= least * (1 - 1e-9)), 10)
    # Through text: 3 * 10**-4 is not the float 3e-4.
    return float(f"{found}e{exponent}")


def spaced(scale: Scale, pixels: float) -> Scale:
    """The axis on a panel so high, with every n-th tick where all of them would touch."""
    places = [math.log10(tick) if scale.log else tick for tick in scale.ticks]
    low, high = (math.log10(end) if scale.log else end for end in (scale.low, scale.high))
    least = min((b - a for a, b in pairwise(places)), default=high - low) * pixels / (high - low)
    return replace(scale, ticks=scale.ticks[:: max(math.ceil(ROW / least), 1)])


def span_ticks(
    first: float, stop: float, width: Callable[[float], float], pixels: float, *, least: float
) -> list[float]:
    """Both ends of an axis of positions, and up to MOST_TICKS multiples of a round step >= ``least`` between.

    ``width`` gives the width of a label in pixels; the densest ticks whose labels stay apart are taken.
    A multiple within 7 % of an end, or whose label would touch that of the end, gives way to it.
    """
    guard = 0.07 * (stop - first)
    apart = partial(_apart, width=width, per_unit=pixels / (stop - first))
    for count in range(MOST_TICKS, 1, -1):
        step = _step_between(stop - first, (stop - first) / count, least)
        inner = _multiples(step, first + guard, stop - guard)
        inner = [t for t in inner if apart((first, t)) and apart((t, stop))]
        ticks = [first, *inner, stop]
        if inner and apart(ticks):
            return ticks
    return [first, stop]


def _step_between(length: float, least: float, least_of_all: float) -> float:
    """The next round step; or one that goes into the length as often as it should, if that does not."""
    step, other = (
        max(round_step(least, mantissas), least_of_all) for mantissas in ((1, 2, 5, 10), (1.5, 3, 15))
    )
    return other if length % step and not length % other else step


def epoch_marks(
    steps: tuple[float, float],
    per_epoch: float,
    label: Callable[[float], str],
    width: Callable[[str], float],
    pixels: float,
) -> list[tuple[float, str]]:
    """(step, label of the epoch at that step) along an axis of steps."""
    first, stop = (step / per_epoch for step in steps)
    least = 1.0 if stop - first >= 2 else 0.0
    ticks = span_ticks(first, stop, lambda epoch: width(label(epoch)), pixels, least=least)
    named: dict[str, float] = {}
    for tick in ticks:  # epochs too close to be told apart in two decimals are written once
        named.setdefault(label(tick), tick * per_epoch)
    return [(step, text) for text, step in named.items()]


def _multiples(step: float, low: float, high: float) -> list[float]:
    return [float(f"{k * step:.15g}") for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _apart(ticks: Sequence[float], width: Callable[[float], float], per_unit: float) -> bool:
    halves = [width(tick) / 2 for tick in ticks]
    pairs = zip(ticks, ticks[1:], halves, halves[1:], strict=False)
    return all((b - a) * per_unit >= left + right + GAP for a, b, left, right in pairs)


def value_axis(curves: Sequence[NDArray[np.float64]], headroom: float, *, log: bool) -> Scale:
    """The axis of ``curves``, linear or logarithmic, as is asked for.

    Raises:
        OutputError: it is to be logarithmic, and no value is above 0.

    """
    scale = log_scale(curves, headroom) if log else value_scale(curves, headroom)
    if scale is None:
        raise OutputError("no value is above 0, as a logarithmic axis needs", hint="give <log=false>")
    return scale


def value_scale(curves: Sequence[NDArray[np.float64]], headroom: float) -> Scale:
    """The linear axis that shows all ``curves``, with ``headroom`` of their height free above."""
    values = np.concatenate([np.zeros(0), *curves])
    values = values[np.isfinite(values)]
    least, top = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    low = _floor(least, top)
    top = max(top, 0.0)
    if top - low < SMALLEST:
        return Scale(0.0, 1.0, 0.0, (0.0,), log=False)
    height = top - low
    step = round_step(height / 4.5, ROUND)
    if height < FEWEST * step:
        step = round_step(height / 6, ROUND)
    high = top + headroom * height
    least = low + BROKEN * height if low > 0 else low - 1e-9 * height
    return Scale(low, high, top, tuple(_multiples(step, least, high)), log=False)


def _floor(least: float, top: float) -> float:
    """Zero, so that heights compare; else below a curve that is negative or keeps to its upper quarter."""
    if least < 0:
        return least - 0.06 * (max(top, 0.0) - least)
    if least > 0.75 * top and top - least > 0.005 * top:
        return least - 0.15 * (top - least)
    return 0.0


def log_scale(curves: Sequence[NDArray[np.float64]], headroom: float) -> Scale | None:
    """The logarithmic axis for the positive values of ``curves``; ``None`` when there is none."""
    powers = _powers(curves)
    if powers is None:
        return None
    least, top = powers
    height = min(max(top - least, 1.0), MOST_DECADES)
    least = top - height
    low, high = least - 0.08 * height, top + headroom * height
    return Scale(10.0**low, 10.0**high, 10.0**top, _log_ticks(low, high), log=True)


def separates(curves: Sequence[NDArray[np.float64]]) -> bool:
    """Whether a logarithmic axis shows what a linear one does not."""
    powers = _powers(curves)
    return powers is not None and powers[1] - powers[0] >= SEPARATES


def _powers(curves: Sequence[NDArray[np.float64]]) -> tuple[float, float] | None:
    """The powers of ten that the positive values lie between."""
    positive = [y[np.isfinite(y) & (y > 0)] for y in curves]
    positive = [y for y in positive if y.size]
    if not positive:
        return None
    # The last hundredth of a curve that dives to zero would take half of the axis.
    least = min(float(np.quantile(y, 0.01, method="lower")) for y in positive)
    return math.log10(least), math.log10(max(float(y.max()) for y in positive))


def _log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Powers of ten, thinned to seven; with 2 and 5 between them when the axis spans less than two."""
    mantissas = (1, 2, 5) if high - low < 2 else (1,)
    stride = math.ceil((high - low) / MOST_TICKS)
    exponents = range(math.floor(low), math.ceil(high) + 1)
    ticks = [float(f"{m}e{k}") for k in exponents if k % stride == 0 for m in mantissas]
    return tuple(tick for tick in ticks if low <= math.log10(tick) <= high + 1e-9)
