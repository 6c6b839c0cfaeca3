"""A curve in one line of characters, from the exact minimum and maximum of every cell.

One character shows one height, a cell has two ends:

1. the first cell that reaches the curve's maximum shows it (the next one, where the first alone reaches the
   minimum too), and the first other cell that reaches the curve's minimum shows that;
2. the first cell and the last one show where the curve begins and ends, if that is known;
3. any other cell shows the end that lies farther outside the ranges of both neighbours, so a spike or a dip
   inside one cell stays visible;
4. on a tie the end farther from the character to the left: a falling curve shows its lows, a rising one its
   highs, and cycles shorter than a cell alternate instead of looking constant;
5. where that is a tie too, the higher end.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lrviz.engine.sampling import Cells
    from lrviz.engine.timeline import Timeline

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=+*#@"
HIGHEST = len(_BLOCKS) - 1
ROUNDING = 1e-9
"""A curve that moves by less, of its peak, is constant."""


class _Cell(NamedTuple):
    """The lowest and highest level (0–7) of a cell."""

    low: int
    high: int

    def distance(self, level: int) -> int:
        """How far a level lies outside the cell's range."""
        return max(self.low - level, level - self.high, 0)


class Heights(NamedTuple):
    """What the lowest and the highest character stand for."""

    bottom: float
    top: float

    def level(self, value: float) -> int:
        """The character of a value; an infinite one has the lowest or the highest."""
        if value > self.top or (value == self.top and not self.bottom == self.top == 0):
            return HIGHEST
        share = (value - self.bottom) / (self.top - self.bottom) if value > self.bottom else 0.0
        return min(HIGHEST, int(len(_BLOCKS) * share))

    def shows(self, other: Heights) -> bool:
        """Whether a curve of the other heights looks the same on these."""
        return self.level(other.top) == other.level(other.top) and self.level(other.bottom) == 0


def heights(values: Iterable[float]) -> Heights:
    """The scale from 0, or the minimum if that is negative, to the maximum, so heights compare.

    Where that would make a block of what is no constant, it begins at the minimum.
    """
    finite = [value for value in values if math.isfinite(value)]
    least, top = min(finite, default=0.0), max(finite, default=0.0)
    from_zero = Heights(min(0.0, least), top)
    is_block = from_zero.level(least) == HIGHEST and top - least > ROUNDING * top
    return Heights(least, top) if is_block else from_zero


def spark_over(timeline: Timeline, steps: int, width: int, *, ascii_only: bool = False) -> str:
    """A run in ``width`` cells, equal stretches of it; one behind the stop of its framework has no value."""
    from lrviz.engine.sampling import cells_apart  # it loads numpy

    return spark_of(cells_apart(timeline, steps, width), ascii_only=ascii_only)


def spark_of(cells: Cells, scale: Heights | None = None, *, ascii_only: bool = False) -> str:
    """The cells of a run as characters, on a scale or their own."""
    low, high = cells.low.tolist(), cells.high.tolist()
    return spark(low, high, ends=(cells.first, cells.last), scale=scale, ascii_only=ascii_only)


def spark(
    low: Sequence[float],
    high: Sequence[float],
    *,
    ends: tuple[float, float] | None = None,
    scale: Heights | None = None,
    ascii_only: bool = False,
) -> str:
    """One character per cell, ``▁`` … ``█`` (``_`` … ``@`` in ASCII), eight levels of equal height.

    A constant is full blocks, unless it is 0; ``ends`` are the first and the last value.
    A cell without a value (nan: the framework has stopped) is ``×`` (``x``).

    Raises:
        ValueError: ``low`` and ``high`` differ in length.

    """
    level = (scale or heights([*low, *high])).level
    pairs = list(zip(low, high, strict=True))
    cells = [None if math.isnan(a) or math.isnan(b) else _Cell(level(a), level(b)) for a, b in pairs]
    known = [i for i, cell in enumerate(cells) if cell]
    at_ends = zip((known[0], known[-1]), map(level, ends), strict=True) if ends and known else ()
    fixed = dict(at_ends) | {i: level(pairs[i][end]) for i, end in _extremes(pairs).items()}
    marks, gap = (_ASCII, "x") if ascii_only else (_BLOCKS, "×")
    return "".join(gap if shown is None else marks[shown] for shown in _choose(cells, fixed))


def _extremes(pairs: Sequence[tuple[float, float]]) -> dict[int, int]:
    """The first cell of the maximum and the first other cell of the minimum, each with its end."""
    known = [i for i, (a, b) in enumerate(pairs) if not (math.isnan(a) or math.isnan(b))]
    if not known:
        return {}
    most, least = max(pairs[i][1] for i in known), min(pairs[i][0] for i in known)
    peaks, dips = ([i for i in known if pairs[i][end] == value] for end, value in ((1, most), (0, least)))
    peak = next((i for i in peaks if [i] != dips), peaks[0])
    return {peak: 1} | dict.fromkeys([i for i in dips if i != peak][:1], 0)


def _choose(cells: Sequence[_Cell | None], fixed: Mapping[int, int]) -> list[int | None]:
    """Choose what every cell shows by the rules above."""
    shown: list[int | None] = []
    for i, (left, cell, right) in enumerate(zip([None, *cells], cells, [*cells, None][1:], strict=False)):
        if cell is None:
            shown.append(None)
        elif i in fixed:
            shown.append(fixed[i])
        else:
            around = [neighbour for neighbour in (left, right) if neighbour is not None]
            shown.append(_newest(cell, around, shown[-1] if shown else None))
    return shown


def _newest(cell: _Cell, around: Sequence[_Cell], before: int | None) -> int:
    """The end of a cell that lies farther outside its neighbours."""

    def news(level: int) -> tuple[int, int]:
        outside = min((neighbour.distance(level) for neighbour in around), default=0)
        return outside, 0 if before is None else abs(level - before)

    return max(cell.high, cell.low, key=news)
