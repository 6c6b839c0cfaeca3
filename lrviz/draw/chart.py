"""Curves as text: braille dots or letters between two axes, in lines of pieces that may have a colour."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from lrviz.draw.dots import braille, line_dots, occupied, point_dots
from lrviz.draw.letters import LETTERS, place_letters
from lrviz.draw.text_area import Piece
from lrviz.draw.text_axes import phase_rows, step_axes, value_labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.draw.dots import Matrix, Values
    from lrviz.draw.scene import Span
    from lrviz.draw.text_area import Area, Line

ALONE = "*"
NOBODY = -1


@dataclass(frozen=True)
class Trace:
    """One curve: the least and greatest value of each column of dots, or the ``points`` of a log."""

    low: Values
    high: Values
    phases: tuple[Span, ...] = ()
    stop: int | None = None
    points: tuple[Values, Values] | None = None


def chart_lines(area: Area, traces: Sequence[Trace]) -> Iterator[Line]:
    """The name of the values, the curves between their axes, the numbers of these, the phases."""
    yield [Piece(f"{area.name}{area.scale.remark}")]
    labels = value_labels(area)
    for row, cells in zip(reversed(range(area.rows)), _body(area, traces), strict=True):
        side = area.strokes.tick if row in labels else area.strokes.side
        yield [Piece(f"{labels.get(row, ''):>{area.gutter - 1}} {side}"), *cells]
    yield from step_axes(area)
    yield from phase_rows(area, [trace.phases for trace in traces])


def _body(area: Area, traces: Sequence[Trace]) -> Iterator[Line]:
    """The rows of characters, the highest first."""
    drawn = [_drawn(area, trace) for trace in traces]
    cells = [occupied(one, area.dots) for one in drawn]
    texts = _letters(cells) if area.ascii_only else braille(np.logical_or.reduce(drawn))
    owners = np.full(texts.shape, NOBODY)
    for index, own in enumerate(cells):
        owners[own] = index
    marks = [_stop(area, trace, index) for index, trace in enumerate(traces) if trace.stop is not None]
    if len(traces) > 1 and not area.ascii_only:
        marks += [(row, column, LETTERS[index], index) for row, column, index in place_letters(cells)]
    for row, column, text, index in marks:
        texts[row, column], owners[row, column] = text, index
    if len(traces) == 1:
        owners[:] = NOBODY
    for row in reversed(range(area.rows)):
        yield list(_pieces(texts[row].tolist(), owners[row].tolist()))


def _drawn(area: Area, trace: Trace) -> Matrix:
    """The dots of one curve."""
    if trace.points is None:
        return line_dots(trace.low, trace.high, area.scale, area.size[0])
    x, y = trace.points
    columns = np.minimum(np.floor(area.share(x) * area.columns), area.columns - 1)
    return point_dots(columns.astype(np.intp), y, area.scale, area.size)


def _letters(cells: Sequence[Matrix]) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    """The letter of each curve where it is; of several in one place by turns, so that none is hidden."""
    texts = np.full(cells[0].shape, " ")
    for row, column in np.argwhere(np.logical_or.reduce(cells)).tolist():
        here = [index for index, own in enumerate(cells) if own[row, column]]
        texts[row, column] = LETTERS[here[column % len(here)]] if len(cells) > 1 else ALONE
    return texts


def _stop(area: Area, trace: Trace, index: int) -> tuple[int, int, str, int]:
    """The mark of where the framework stops, at the height of the last value."""
    last = int(np.flatnonzero(np.isfinite(trace.high))[-1])
    column = min(last // area.dots.across + 1, area.across - 1)
    return area.row(float(trace.high[last])), column, area.strokes.stop, index


def _pieces(texts: Sequence[str], owners: Sequence[int]) -> Iterator[Piece]:
    """The characters of a row in runs of one curve, without the blanks at its end."""
    end = max((i + 1 for i, text in enumerate(texts) if text != " "), default=0)
    for owner, run in groupby(zip(texts[:end], owners, strict=False), key=lambda pair: pair[1]):
        yield Piece("".join(text for text, _ in run), None if owner == NOBODY else owner)
