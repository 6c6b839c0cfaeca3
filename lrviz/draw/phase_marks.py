"""The phases of a picture: tinted, parted and named."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from lrviz.draw import style
from lrviz.draw.canvas import PHASE_ROW
from lrviz.draw.place_texts import place_label, tick_width
from lrviz.draw.placement import name_phases
from lrviz.notation.numbers import grouped
from lrviz.view.place import AXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.draw.canvas import Canvas
    from lrviz.draw.scene import Span

UNSEEN: Final = 6.0  # pixels: a warmup no wider hides behind the axis and the line of its end


def shade(page: Canvas, spans: Sequence[Span], color: str) -> None:
    """Tint the warmup, mark where phases meet, and name those that have room for their name."""
    first, stop = page.picture.steps
    spans = [span for span in spans if span.start < stop and span.end > first]
    for span in spans:
        if span.warmup or not span.ran:
            tint = (color, style.SHADE) if span.ran else (page.theme.spine, style.NOTHING)
            for axes in page.panels:
                axes.axvspan(max(span.start, first), min(span.end, stop), color=tint, linewidth=0)
    for joint in page.picture.joints:
        _boundary(page, joint)
    _phase_names(page, spans)


def _boundary(page: Canvas, step: float) -> None:
    for axes, box in zip(page.panels, page.layout.panels, strict=True):
        axes.axvline(step, color=page.theme.spine, linewidth=0.9, dashes=(4.0, 3.0))
        x = page.path([step], [page.scales[0].top])[0][0]
        page.texts = page.texts.stroke(np.array([[x, box.bottom], [x, box.top]]))


def _phase_names(page: Canvas, spans: Sequence[Span]) -> None:
    box = page.layout.panels[0]
    edges = [page.path([span.start, span.end], [page.scales[0].top] * 2)[:, 0] for span in spans]
    names = [
        style.clean(_until(page, span) if is_unseen else span.cycles or span.name)
        for span, (a, b) in zip(spans, edges, strict=True)
        for is_unseen in [span.warmup and b - a < UNSEEN]
    ]
    widths = [tick_width(name) for name in names]
    pixels = [span._replace(start=float(a), end=float(b)) for span, (a, b) in zip(spans, edges, strict=True)]
    for index, left in name_phases(pixels, widths, box):
        page.write(names[index], (left, box.top - PHASE_ROW + 2), style.TICK_SIZE, page.theme.grey)


def _until(page: Canvas, span: Span) -> str:
    x = page.picture.view.x
    end = span.end if x in ("epoch", "percent") else math.ceil(span.end)
    text = grouped(math.ceil(end)) if x == "step" else place_label(page.picture)(end)
    return f"{span.name} until {AXES[x].unit} {text}"
