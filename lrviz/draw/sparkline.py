"""A curve in one line of characters, from the exact minimum and maximum of every cell.

One character shows one height, a cell has two ends. What is shown is always one of the two, never a mean:

1. the first cell that reaches the curve's maximum shows it (the next one, where the first alone reaches the
   minimum too), and the first other cell that reaches the curve's minimum shows that;
2. any other cell shows the end that lies farther outside the ranges of both neighbours, so a spike or a dip
   inside one cell stays visible;
3. on a tie the end farther from the character to the left: a falling curve shows its lows, a rising one its
   highs, and cycles shorter than a cell alternate instead of looking constant;
4. where that is a tie too, the higher end.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lrviz.engine.timeline import Timeline

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=+*#@"


class _Cell(NamedTuple):
    """The lowest and highest level (0–7) of a cell."""

    low: int
    high: int

    def distance(self, level: int) -> int:
        """Return how far a level lies outside the cell's range."""
        return max(self.low - level, level - self.high, 0)


def spark_over(timeline: Timeline, steps: int, width: int, *, ascii_only: bool = False) -> str:
    """A run in ``width`` cells, equal stretches of it; one behind the stop of its framework has no value."""
    from lrviz.engine.sampling import cells  # it loads numpy

    low, high = cells(timeline, steps, width)
    return spark(low.tolist(), high.tolist(), ascii_only=ascii_only)


def spark(low: Sequence[float], high: Sequence[float], *, ascii_only: bool = False) -> str:
    """Return one character per cell, ``▁`` … ``█`` (``_`` … ``@`` in ASCII), eight levels of equal height.

    The scale runs from 0, or the minimum if that is negative, to the maximum, so heights compare. A constant
    is full blocks, unless it is 0.
    A cell without a value (nan: the framework has stopped) is ``×`` (``x``).
    Raises ``ValueError`` when ``low`` and ``high`` differ in length.
    """
    level = _scale([*low, *high])
    pairs = list(zip(low, high, strict=True))
    cells = [None if math.isnan(a) or math.isnan(b) else _Cell(level(a), level(b)) for a, b in pairs]
    marks, gap = (_ASCII, "x") if ascii_only else (_BLOCKS, "×")
    return "".join(gap if shown is None else marks[shown] for shown in _choose(cells, _extremes(pairs)))


def _scale(values: Sequence[float]) -> Callable[[float], int]:
    """Return the function from a value to its level; an infinite one has the lowest or the highest."""
    finite = [value for value in values if math.isfinite(value)]
    bottom, ceiling = min([0.0, *finite]), max(finite, default=0.0)
    all_zero = bottom == ceiling == 0

    def level(value: float) -> int:
        if value > ceiling or (value == ceiling and not all_zero):
            return 7
        return min(7, int(8 * ((value - bottom) / (ceiling - bottom)))) if value > bottom else 0

    return level


def _extremes(pairs: Sequence[tuple[float, float]]) -> dict[int, int]:
    """Return the first cell of the maximum and the first other cell of the minimum, each with its end."""
    known = [i for i, (a, b) in enumerate(pairs) if not (math.isnan(a) or math.isnan(b))]
    if not known:
        return {}
    most, least = max(pairs[i][1] for i in known), min(pairs[i][0] for i in known)
    peaks, dips = ([i for i in known if pairs[i][end] == value] for end, value in ((1, most), (0, least)))
    peak = next((i for i in peaks if [i] != dips), peaks[0])
    return {peak: 1} | dict.fromkeys([i for i in dips if i != peak][:1], 0)


def _choose(cells: Sequence[_Cell | None], fixed: dict[int, int]) -> list[int | None]:
    """Choose one of the two ends of every cell by the rules above."""
    shown: list[int | None] = []
    for i, (left, cell, right) in enumerate(zip([None, *cells], cells, [*cells, None][1:], strict=False)):
        if cell is None:
            shown.append(None)
        elif i in fixed:
            shown.append(cell[fixed[i]])
        else:
            around = [neighbour for neighbour in (left, right) if neighbour is not None]
            shown.append(_newest(cell, around, shown[-1] if shown else None))
    return shown


def _newest(cell: _Cell, around: Sequence[_Cell], before: int | None) -> int:
    """Return the end of a cell that lies farther outside its neighbours."""

    def news(level: int) -> tuple[int, int]:
        outside = min((neighbour.distance(level) for neighbour in around), default=0)
        return outside, 0 if before is None else abs(level - before)

    return max(cell.high, cell.low, key=news)
