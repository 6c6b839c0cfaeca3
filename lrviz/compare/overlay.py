"""A comparison as a picture: both curves, and below them how far the second is from the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.picture import COLUMNS
from lrviz.curves.quantities import NAMES
from lrviz.draw.scene import Line, Picture
from lrviz.engine.distinct import distinct
from lrviz.engine.sampling import Polyline, are_stairs, polyline, stairs

if TYPE_CHECKING:
    from lrviz.compare.difference import Difference
    from lrviz.compare.track import Track
    from lrviz.engine.timeline import TickArray

MOST_MARKED = 1000
"""Ranges whose largest differences are drawn to the step."""


def picture_of_pair(pair: Difference, quantity: str) -> Picture:
    """What the drawing needs to know of a pair; its steps are those of the first curve."""
    tracks = (pair.one, pair.other)
    as_stairs = (
        pair.stride == 1
        and pair.case.ticks is None
        and all(track.known is None and are_stairs(track.ran) for track in tracks)
    )
    names = _names(pair)
    lines = [_line(track, name, as_stairs=as_stairs) for track, name in zip(tracks, names, strict=True)]
    drawn = _difference(pair, lines, as_stairs=as_stairs)
    has_log = any(line.points for line in lines)
    apart = Line(f"{names[1]} less {names[0]}", *drawn, 0.0, None, None, points=has_log)
    epochs = {pair.one.epoch, pair.other.epoch}
    return Picture(
        lines=tuple(_stretched(line, pair.stride) for line in lines),
        title=" and ".join(names),
        subtitle=_subtitle(pair),
        steps=(0, max(pair.one.ran, pair.other.ran) * pair.stride),
        steps_per_epoch=epochs.pop() if len(epochs) == 1 and pair.case.by_step else None,
        quantity=NAMES.get(quantity, quantity),
        difference=_stretched(apart, pair.stride),
    )


def _names(pair: Difference) -> tuple[str, str]:
    """What the curves are called, as in any picture; what names the sides where that is the same."""
    labels = pair.one.label, pair.other.label
    return pair.names if len(set(labels)) < len(labels) else labels


def _line(track: Track, name: str, *, as_stairs: bool) -> Line:
    if track.known is not None:
        x = track.known.astype(float)
        y = track.timeline(x)
    elif as_stairs:
        x, y = stairs(track.timeline, 0, track.ran)
    else:
        x, y = polyline(track.timeline, 0, track.ran, COLUMNS)
    stop = (track.ran, track.why) if track.why else None
    last = (track.ran - 1, track.at(track.ran - 1))
    points = track.column is not None
    return Line(name, x, y, float(np.nanmean(y)), None, last, stop=stop, points=points)


def _difference(pair: Difference, lines: list[Line], *, as_stairs: bool) -> Polyline:
    """How far the second is from the first, where both have values."""
    steps = np.arange(pair.case.shared, dtype=float) if as_stairs else _looked_at(pair, lines)
    far = pair.other.timeline(steps) - pair.one.timeline(steps)
    known = np.isfinite(far)
    if not as_stairs:
        return Polyline(steps[known], far[known])
    return Polyline(np.column_stack([steps, steps + 1])[known].ravel(), far[known].repeat(2))


def _looked_at(pair: Difference, lines: list[Line]) -> TickArray:
    """The steps that both have at which the difference is drawn: wherever one of them is."""
    if pair.case.ticks is not None:
        return pair.case.ticks.astype(float)
    marked = pair.found.most_at[:MOST_MARKED].astype(float)
    steps: TickArray = distinct(np.concatenate([*(line.x for line in lines), marked]))
    return steps[steps < pair.case.shared]


def _subtitle(pair: Difference) -> str:
    largest = pair.largest
    if largest is None:
        return "no step differs"
    return pair.cause or f"most at step {largest.step * pair.stride}"


def _stretched(line: Line, stride: int) -> Line:
    """Its places as steps of the first curve."""
    return line if stride == 1 else Line(line.label, line.x * stride, line.y, line.mean, None, None)
