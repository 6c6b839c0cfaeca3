"""What stands around the curves of a chart: the numbers of both axes, the phases below."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from lrviz.draw.letters import LETTERS
from lrviz.draw.placement import Box, name_phases
from lrviz.draw.text_area import Piece
from lrviz.draw.ticks import epoch_marks, span_ticks
from lrviz.notation.numbers import epoch_text
from lrviz.notation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.draw.scene import Span
    from lrviz.draw.text_area import Area, Line

PIXELS: Final = 8.0
"""Of a character, as the rules of pictures count."""
MOST_ROWS: Final = 4
"""More different rows of phases are not named."""


def value_labels(area: Area) -> dict[int, str]:
    """The text of each row that has one: from the highest down so many that no two rows touch."""
    ticks = [(area.row(value), text) for value, text in zip(area.scale.ticks, area.scale.texts, strict=True)]
    ticks.sort(reverse=True)
    shown = (ticks[::stride] for stride in range(1, len(ticks) + 1))
    return dict(next((few for few in shown if all(a[0] > b[0] + 1 for a, b in pairwise(few))), ticks[:1]))


def step_axes(area: Area) -> Iterator[Line]:
    """The axis with its marks, the steps, and the epochs where they are known."""
    pixels = PIXELS * area.across
    least = 0.0 if area.unit in ("epoch", "percent") else 1.0
    ticks = span_ticks(*area.ends, lambda tick: _width(area.place_text(tick)), pixels, least=least)
    marks = {area.column(tick) for tick in ticks}
    floor = (area.strokes.mark if i in marks else area.strokes.floor for i in range(area.across))
    yield [Piece(f"{'':>{area.gutter}}{area.strokes.corner}{''.join(floor)}")]
    yield [Piece(_labels(area, area.unit, [(tick, area.place_text(tick)) for tick in ticks]))]
    if area.steps_per_epoch:
        epochs = epoch_marks(area.ends, area.steps_per_epoch, epoch_text, _width, pixels)
        yield [Piece(_labels(area, "epoch", epochs))]


def _width(text: str) -> float:
    return PIXELS * len(text)


def _labels(area: Area, name: str, texts: Iterable[tuple[float, str]]) -> str:
    """The texts below their places, behind what they count."""
    line = f"{name:>{area.gutter - 1}}"
    for place, text in texts:
        start = area.gutter + 1 + area.column(place) - len(text) // 2
        if start > len(line):
            line = f"{line:<{start}}{text}"
    return line


def phase_rows(area: Area, curves: Sequence[Sequence[Span]]) -> Iterator[Line]:
    """The phases of each curve at their steps; those of several that are alike once."""
    alike: dict[tuple[Span, ...], list[int]] = {}
    for index, spans in enumerate(curves):
        if spans:
            alike.setdefault(tuple(spans), []).append(index)
    if len(alike) <= MOST_ROWS:
        for spans, of in alike.items():
            letters = "".join(LETTERS[i] for i in of) if len(curves) > 1 else ""
            room = area.gutter - 1
            head = letters if len(letters) <= room else f"{letters[: room - 2]}.."
            yield [Piece(f"{head:>{room}}  {_phases(area, spans)}".rstrip())]


def _phases(area: Area, spans: Sequence[Span]) -> str:
    """A bar at each joint, and the names that have room; that of a short warmup points back to it."""
    pixels = PIXELS * area.across
    placed = [
        one._replace(
            name=one_line(one.name), start=area.share(one.start) * pixels, end=area.share(one.end) * pixels
        )
        for one in spans
    ]
    widths = [PIXELS * (len(one.name) + one.warmup) for one in placed]
    row = [" "] * area.across
    for one in spans:
        if one.start > area.ends[0]:
            row[area.column(one.start)] = area.strokes.side
    for index, left in name_phases(placed, widths, Box(0.0, 0.0, pixels, 0.0)):
        one, start = placed[index], round(left / PIXELS)
        text = one.name
        if left >= one.end:
            text, start = f"{area.strokes.before}{text}", area.column(spans[index].end) + 1
        row[start : start + len(text)] = text
    return "".join(row)
