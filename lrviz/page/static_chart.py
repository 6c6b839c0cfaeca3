"""The chart of a page without its script: SVG whose curves stretch with the page, and whose text does not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from lrviz.draw.placement import Box, name_phases
from lrviz.draw.ticks import span_ticks, value_axis
from lrviz.notation.numbers import grouped, lr_text
from lrviz.page.dense import band_path
from lrviz.page.markup import written
from lrviz.page.plotted import having
from lrviz.view.place import AXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from lrviz.draw.scene import Picture, Span
    from lrviz.draw.ticks import Scale
    from lrviz.page.embedded import Track
    from lrviz.page.plotted import Plotted

ACROSS, UP = 2000, 1000
"""Units of the panel."""
HEADROOM = 0.14
NARROW = 289.0
"""Pixels of the panel on a phone: the ticks are written once, and stand apart there too."""
ROOMY = 640.0
"""Pixels of the panel on the least of the wide pages."""
MARGIN = 16.0
"""Pixels right of the panel: a last tick whose text takes more ends there."""
LETTER = 7.0
"""Pixels of a digit of an axis."""
ALOUD = 6
"""Curves that a screen reader reads out; the table has all."""
SPARSE = 40
"""Pixels between two values that the page has, from which on it says so."""
EDGE = 0.002
"""Of the view, by which it may go beyond a stretch: less is not seen."""
LACK = "; this page has no finer ones"
BAND_OF = "; a band is from the least to the greatest value of up to"
TOLERANCE = 0.8
"""Units by which a drawn curve may miss a value: less than a pixel."""


def figures(curves: Sequence[Plotted], picture: Picture) -> Iterator[str]:
    """A chart of each quantity."""
    for index, name in enumerate((picture.quantity, *picture.others)):
        scale, values = scale_of(curves, picture, index), _values(curves, picture, index)
        yield "<figure>"
        yield from _chart(curves, picture, index, scale)
        shown = f"{written(name)}{remark(scale, values)} by {AXES[picture.view.x].title}"
        yield f"<figcaption>{shown}{band_remark(curves, index)}</figcaption></figure>"


def _chart(curves: Sequence[Plotted], picture: Picture, index: int, scale: Scale) -> Iterator[str]:
    """The lines of the SVG."""
    name = (picture.quantity, *picture.others)[index]
    yield f'<svg class="chart" role="img" aria-label="{written(_about(curves, name, index))}">'
    yield f'<svg class="panel" viewBox="0 0 {ACROSS} {UP}" preserveAspectRatio="none">'
    yield from (_shade(span, picture) for span in picture.phases if span.warmup or not span.ran)
    yield from (_joint(step, picture) for step in picture.joints)
    lines = "".join(f"M0 {float(_down(tick, scale)):.0f}h{ACROSS}" for tick in scale.ticks)
    yield f'<path class="grid" d="{lines}"/>'
    yield from (_curve(one, track, picture, scale) for one, track in having(curves, index))
    yield "</svg>"
    yield from _axis_texts(scale, picture)
    if not index:
        yield from _phase_names(picture)
    yield "</svg>"


def _values(curves: Sequence[Plotted], picture: Picture, index: int) -> list[NDArray[np.float64]]:
    """The values in view."""
    first, stop = picture.steps
    return [
        track.values[slice(*np.searchsorted(one.embedded.ticks, (first, stop)))]
        for one, track in having(curves, index)
    ]


def _axis_texts(scale: Scale, picture: Picture) -> Iterator[str]:
    for tick, text in zip(scale.ticks, scale.texts, strict=True):
        yield f'<text class="value" y="{float(_down(tick, scale)) / UP:.2%}">{text}</text>'
    for tick in span_ticks(*picture.steps, lambda t: LETTER * len(grouped(int(t))), NARROW, least=1):
        text = grouped(int(tick))
        kind = "step wide" if tick == picture.steps[1] and LETTER * len(text) / 2 > MARGIN else "step"
        yield f'<text class="{kind}" y="100%" x="{_right(tick, picture) / ACROSS:.2%}">{text}</text>'


def scale_of(curves: Sequence[Plotted], picture: Picture, index: int) -> Scale:
    """The value axis of a quantity: only that of the first may be logarithmic, as in pictures.

    Raises:
        OutputError: it is to be logarithmic, and no value is above 0.

    """
    return value_axis(_values(curves, picture, index), HEADROOM, log=picture.log and not index)


def remark(scale: Scale, values: Sequence[NDArray[np.float64]]) -> str:
    """What is said of the axis: also that a logarithmic one does not have all values."""
    if scale.log and any((own < scale.low).any() for own in values):
        return f" (log, values below {lr_text(scale.low)} are not shown)"
    return scale.remark


def band_remark(curves: Sequence[Plotted], index: int) -> str:
    """What the bands of a chart are, if it has any."""
    widest = max((track.band.steps for _, track in having(curves, index) if track.band), default=0)
    return f"{BAND_OF} {grouped(widest)} steps{LACK}" if widest else ""


def _about(curves: Sequence[Plotted], quantity: str, index: int) -> str:
    """The chart in words."""
    found = [
        f"{one.line.label}: peak {lr_text(facts.peak)} at step {facts.peak_at}, last {lr_text(facts.last)}"
        for one, track in having(curves, index)
        for facts in [track.series.facts]
    ]
    return f"{quantity} by {AXES['step'].title}. {'; '.join(found[:ALOUD])}"


def key(one: Plotted) -> str:
    """A piece of the curve, as a legend has it."""
    if one.has_band:
        drawn = f'<path {_look(one, "band")} d="M1 1H41V9H1Z"/>'
    else:
        drawn = f'<path {_look(one)} d="{"M4 5h0M21 5h0M38 5h0" if one.line.points else "M0 5h42"}"/>'
    return f'<svg class="key" viewBox="0 0 42 10" aria-hidden="true">{drawn}</svg>'


def _phase_names(picture: Picture) -> Iterator[str]:
    """The names of phases that have room for them, on a phone and on a wide page: its style shows either."""
    for kind, room in (("narrow", NARROW), ("roomy", ROOMY)):
        scale = room / ACROSS
        spans = [
            span._replace(start=_right(span.start, picture) * scale, end=_right(span.end, picture) * scale)
            for span in picture.phases
        ]
        names = [span.cycles or span.name for span in spans]
        widths = [LETTER * len(name) for name in names]
        for index, left in name_phases(spans, widths, Box(0, 0, room, 0)):
            yield f'<text class="phase {kind}" x="{left / room:.2%}">{written(names[index])}</text>'


def _shade(span: Span, picture: Picture) -> str:
    left, right = (_right(step, picture) for step in (span.start, span.end))
    kind = "warmup" if span.warmup else "ended"
    return f'<rect class="{kind}" x="{left:.0f}" width="{max(right - left, 0):.0f}" height="{UP}"/>'


def _joint(step: float, picture: Picture) -> str:
    """A line where a phase begins."""
    return f'<path class="joint" d="M{_right(step, picture):.0f} 0v{UP}"/>'


def _curve(one: Plotted, track: Track, picture: Picture, scale: Scale) -> str:
    x, y = _units(one, track, picture, scale)
    if not track.band:
        return f'<path {_look(one)} d="{_path(one, (x, y), track, picture)}"/>'
    starts = track.band.starts
    band = band_path(starts, x, np.nan_to_num(y, nan=2.0 * UP))
    y[starts[0] + 1 : starts[-1]] = math.nan
    drawn = _path(one, (x, y), track, picture)
    return f'<path {_look(one, "band")} d="{band}"/><path {_look(one)} d="{drawn}"/>'


def _look(one: Plotted, kind: str = "") -> str:
    kind = kind or ("dots" if one.line.points else f"d{one.dash}")
    pale = f' stroke-opacity="{one.opacity:.2f}"' if one.opacity < 1 else ""
    return f'class="curve c{one.hue} {kind}"{pale} stroke-width="{one.width}"'


def _units(
    one: Plotted, track: Track, picture: Picture, scale: Scale
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The curve in units; a value that the axis does not have is a gap, as is what is not in view."""
    x = _right(one.embedded.ticks.astype(float), picture)
    with np.errstate(all="ignore"):
        down = _down(track.values, scale)
    near = np.append(x[1:], math.inf) >= 0, np.insert(x[:-1], 0, -math.inf) <= ACROSS
    return x, np.where(np.isinf(down) | ~np.logical_and(*near), math.nan, down.clip(-UP, 2 * UP))


def _path(
    one: Plotted, points: tuple[NDArray[np.float64], NDArray[np.float64]], track: Track, picture: Picture
) -> str:
    """The curve through these points, in whole units."""
    x, y = points
    if one.line.points:
        return "".join(f"M{a:.0f} {b:.0f}h0" for a, b in zip(x, y, strict=True) if math.isfinite(b))
    if not picture.stairs:
        jumps = track.jumps
        x, y = np.insert(x, jumps, x[jumps]), np.insert(y, jumps, y[jumps - 1])
    else:
        x, y = np.column_stack([x, x + _right(picture.steps[0] + 1, picture)]).ravel(), y.repeat(2)
    pieces = np.split(np.column_stack([x, y]), np.flatnonzero(np.diff(np.isfinite(y))) + 1)
    return "".join(_drawn(piece) for piece in pieces if np.isfinite(piece[0, 1]))


def _drawn(points: NDArray[np.float64]) -> str:
    kept = points[simplified(points)]
    return f"M{'L'.join(f'{x:.0f} {y:.0f}' for x, y in kept.tolist())}{'h0' if len(kept) == 1 else ''}"


def simplified(points: NDArray[np.float64]) -> NDArray[np.intp]:
    """The points that a line must go through to miss none of the others by more than the tolerance."""
    kept, parts = {0, len(points) - 1}, [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        (x, y), (across, up) = points[first], points[last] - points[first]
        between = points[first + 1 : last]
        away = np.abs((between[:, 1] - y) * across - (between[:, 0] - x) * up)
        if away.size and away.max() > TOLERANCE * max(math.hypot(across, up), 1e-9):
            middle = first + 1 + int(away.argmax())
            kept.add(middle)
            parts += [(first, middle), (middle, last)]
    return np.array(sorted(kept))


@overload
def _right(step: float, picture: Picture) -> float: ...
@overload
def _right(step: NDArray[np.float64], picture: Picture) -> NDArray[np.float64]: ...
def _right(step: Any, picture: Picture) -> Any:
    """Units from the left edge."""
    first, stop = picture.steps
    return (step - first) / (stop - first) * ACROSS


def _down(value: float | NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    """Units from the upper edge."""
    low, high, at = scale.low, scale.high, np.asarray(value)
    share = np.log(at / low) / math.log(high / low) if scale.log else (at - low) / (high - low)
    return UP * (1 - share)
