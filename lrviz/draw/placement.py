"""Finding room for text: everything drawn leaves ink on a coarse grid, and a text goes where there is none.

All lengths are pixels, the origin is the lower left corner of the figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from lrviz.draw.scene import Span

CELL = 2.0
TOUCH = 4.0  # closer than this, a text touches a curve
APART = 12.0  # a curve's name keeps at least this distance from every other curve
TOLD_APART = 4.0  # a curve farther than this from every other is seen to be another
CLEARANCES = (18.0, 26.0, 36.0, 50.0, 70.0)
ANCHORS = 140
TRIES = 4
PIECE = 256  # points of a curve that are looked at together
STRIDE = 6.0  # between places that are tried


class Box(NamedTuple):
    """A rectangle in pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, other: Box) -> bool:
        """Whether ``other`` lies wholly inside."""
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and other.right <= self.right
            and other.top <= self.top
        )


@dataclass(frozen=True)
class Ink:
    """How often each cell of the page is drawn on, as sums of all cells below and left of each corner.

    A question about a box costs four look-ups, and what lies over each other adds up.
    """

    sums: NDArray[np.int32]

    @classmethod
    def blank(cls, width: float, height: float) -> Ink:
        """An empty page."""
        return cls(np.zeros((math.ceil(height / CELL) + 1, math.ceil(width / CELL) + 1), np.int32))

    def __add__(self, other: Ink) -> Ink:
        return Ink(self.sums + other.sums)

    def __sub__(self, other: Ink) -> Ink:
        return Ink(self.sums - other.sums)

    def stroke(self, points: NDArray[np.float64]) -> Ink:
        """The page with a polyline through ``points`` (rows of x, y) drawn on it."""
        drawn = np.zeros_like(self.sums)
        for first in range(0, len(points), PIECE):  # a dense curve is hundreds of times as long as it is wide
            rows, columns = self._cells(trace(points[first : first + PIECE + 1], CELL))
            drawn[rows + 1, columns + 1] = 1
        return Ink(self.sums + drawn.cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32))

    def block(self, box: Box) -> Ink:
        """The page with ``box`` filled."""
        rows, columns = self._cells(np.array([[box.left, box.bottom], [box.right, box.top]]))
        up, across = (
            np.arange(length).clip(first, max(first, last + 1)) - first
            for length, (first, last) in zip(self.sums.shape, (rows, columns), strict=True)
        )
        return Ink(self.sums + (up[:, None] * across).astype(np.int32))

    def touches(self, boxes: Sequence[Box], gap: float) -> NDArray[np.bool_]:
        """Whether anything is drawn inside each box or within ``gap`` of it."""
        edges = np.array(boxes, dtype=np.float64).reshape(-1, 4) + np.array([-gap, -gap, gap, gap])
        bottom, left = self._cells(edges[:, :2])
        top, right = self._cells(edges[:, 2:])
        sums = self.sums
        inside = sums[top + 1, right + 1] - sums[bottom, right + 1] - sums[top + 1, left] + sums[bottom, left]
        return inside > 0

    def _cells(self, points: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns of the cells under ``points``; what lies outside belongs to the border."""
        height, width = self.sums.shape
        cells = np.floor(points / CELL).astype(np.intp)
        return cells[:, 1].clip(0, height - 2), cells[:, 0].clip(0, width - 2)


def trace(points: NDArray[np.float64], spacing: float) -> NDArray[np.float64]:
    """Points along the polyline, at most ``spacing`` apart."""
    if len(points) < 2:
        return points
    steps = np.diff(points, axis=0)
    parts = np.maximum(np.ceil(np.abs(steps).max(axis=1) / spacing), 1).astype(np.intp)
    segment = np.repeat(np.arange(len(parts)), parts)
    within = np.arange(len(segment)) - np.repeat(np.cumsum(parts) - parts, parts)
    walked = points[segment] + steps[segment] * (within / parts[segment])[:, None]
    return np.vstack([walked, points[-1:]])


def free(boxes: Sequence[Box], ink: Ink) -> list[Box]:
    """Those of ``boxes`` that touch nothing drawn."""
    taken = ink.touches(boxes, TOUCH)
    return [box for box, hit in zip(boxes, taken, strict=True) if not hit]


def around(x: float, y: float, size: tuple[float, float], reach: float) -> list[Box]:
    """Boxes at about ``reach`` from the point, the readable places first: above, beside, below."""
    width, height = size
    above, below, middle = y + reach, y - reach - height, y - height / 2
    after, before, centre = x + reach + 6, x - reach - width - 6, x - width / 2
    upper = [(after, above), (before, above), (centre, above)]
    places = [*upper, (after, middle), (before, middle), (after, below), (before, below), (centre, below)]
    return [Box(left, bottom, left + width, bottom + height) for left, bottom in places]


def nearby(x: float, y: float, size: tuple[float, float], reach: float, stride: float = STRIDE) -> list[Box]:
    """Boxes all over the neighbourhood of the point, up to ``reach`` from it, the nearest first."""
    width, height = size
    lefts = np.arange(x - width - reach, x + reach + 1, stride)
    bottoms = np.arange(y - height - reach, y + reach + 1, stride)
    left, bottom = (edges.ravel() for edges in np.meshgrid(lefts, bottoms))
    aside = np.maximum(np.maximum(left - x, x - left - width), 0)
    away = np.hypot(aside, np.maximum(np.maximum(bottom - y, y - bottom - height), 0))
    order = np.argsort(away, kind="stable")
    boxes = np.column_stack([left, bottom, left + width, bottom + height])[order[away[order] <= reach]]
    return [Box(*box) for box in boxes.tolist()]


def sliding(x: float, bottom: float, width: float, height: float, bounds: Box) -> list[Box]:
    """Boxes along one row, the nearest to ``x`` first."""
    lefts = np.arange(bounds.left, max(bounds.right - width, bounds.left) + 1, STRIDE)
    lefts = lefts[np.argsort(np.abs(lefts + width / 2 - x), kind="stable")]
    return [Box(float(left), bottom, float(left) + width, bottom + height) for left in lefts]


def name_curves(
    curves: Sequence[NDArray[np.float64]], sizes: Sequence[tuple[float, float]], taken: Ink, bounds: Box
) -> list[Box] | None:
    """Place one name of the given size (width, height) beside each curve, or none at all.

    A name stands beside its own curve, far from every other curve and from all that is ``taken``. The
    curve with the fewest possible places chooses first; one that finds none left chooses first the next time.
    """
    blank = taken - taken
    strokes = [blank.stroke(curve) for curve in curves]
    ink = sum(strokes, taken)
    offers = [
        _free_beside(curve, size, own, ink - own, bounds)
        for curve, size, own in zip(curves, sizes, strokes, strict=True)
    ]
    order = sorted(range(len(curves)), key=lambda index: len(offers[index]))
    for _ in range(TRIES):
        chosen, loser = _choose(order, offers, strokes, ink, bounds)
        if loser is None:
            return [chosen[index] for index in range(len(curves))]
        order.remove(loser)
        order.insert(0, loser)
    return None


def _choose(
    order: Sequence[int], offers: Sequence[list[Box]], strokes: Sequence[Ink], ink: Ink, bounds: Box
) -> tuple[dict[int, Box], int | None]:
    """Give each curve in turn its clearest box; also the first curve that finds none."""
    chosen: dict[int, Box] = {}
    for index in order:
        box = _clearest(offers[index], ink - strokes[index], bounds)
        if box is None:
            return chosen, index
        chosen[index] = box
        ink = ink.block(box)
    return chosen, None


def _free_beside(
    curve: NDArray[np.float64], size: tuple[float, float], own: Ink, others: Ink, bounds: Box
) -> list[Box]:
    boxes = [box for box in _beside(curve, size, others) if bounds.holds(box)]
    hits = own.touches(boxes, TOUCH) | others.touches(boxes, APART)
    return [box for box, hit in zip(boxes, hits, strict=True) if not hit]


def _beside(curve: NDArray[np.float64], size: tuple[float, float], others: Ink) -> Iterator[Box]:
    """Boxes along the curve where it is told apart from all others: not on a warmup that they share."""
    path = trace(curve, 2 * CELL)
    path = path[:: max(len(path) // ANCHORS, 1)]
    shared = others.touches([Box(x, y, x, y) for x, y in path.tolist()], TOLD_APART)
    for x, y in path[~shared]:
        yield from around(float(x), float(y), size, reach=8.0)


def _clearest(boxes: Sequence[Box], others: Ink, bounds: Box) -> Box | None:
    """The box with the most room around it; of equal ones that nearest to the middle."""
    if not boxes:
        return None
    room = np.where(others.touches(boxes, APART), -1, 0)
    for clearance in CLEARANCES:
        room += ~others.touches(boxes, clearance)
    middle = (bounds.left + bounds.right) / 2
    away = np.array([abs((box.left + box.right) / 2 - middle) for box in boxes]) / (
        bounds.right - bounds.left
    )
    best = int(np.argmax(room - away))
    return boxes[best] if room[best] >= 0 else None


def name_phases(spans: Sequence[Span], widths: Sequence[float], bounds: Box) -> list[tuple[int, float]]:
    """Place phase names on one row: (index of the phase, left edge of its name) for those that fit.

    A name fits when it lies inside its own phase. Warmup, which is often too short for its name, may
    have it behind its end, within the next phase.
    """
    placed: list[tuple[int, float]] = []
    free = bounds.left
    order = sorted(range(len(spans)), key=lambda i: spans[i].start)
    for place, index in enumerate(order):
        span, width = spans[index], widths[index]
        behind = min([bounds.right, *(spans[after].end - 8 for after in order[place + 1 : place + 2])])
        start, end = max(span.start, bounds.left), min(span.end, bounds.right)
        first = max(start, free) + 8
        if first + width + 8 <= end:
            left = max(first, (start + end - width) / 2)
        elif span.warmup and end + 8 + width <= behind:
            left = max(end + 8, free + 8)
        else:
            continue
        placed.append((index, left))
        free = left + width
    return placed
