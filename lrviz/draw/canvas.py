"""One page under construction: a figure addressed in pixels that knows where it is still white."""

from __future__ import annotations

import math
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from lrviz.draw import style
from lrviz.draw.layout import FOOT_ROW, SUBTITLE_ROW, TITLE_ROW, TOP, Layout
from lrviz.draw.panel import add_panel
from lrviz.draw.place_texts import epoch_ticks, place_label, place_ticks, place_title, tick_width
from lrviz.draw.placement import Box, Ink, around, first_free, name_curves, name_phases, nearby, sliding
from lrviz.draw.strokes import ABOVE_AXES, as_drawn, stroke
from lrviz.draw.theme import LINE_WIDTH, THEMES, Look
from lrviz.engine.sampling import Polyline
from lrviz.notation.numbers import grouped
from lrviz.view.place import AXES
from lrviz.view.size import DPI

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lrviz.draw.scene import Line, Picture, Span
    from lrviz.draw.ticks import Scale

RING: Final = 9.0  # half the side of the square that a marker covers
PHASE_ROW: Final = 34.0
MOST_JOINTS: Final = 12  # more lines between phases than these hide the curve
UNSEEN: Final = 6.0  # pixels: a warmup no wider hides behind the axis and the line of its end
DETAIL_GAP: Final = 12.0
REACHES: Final = (11.0, 20.0, 32.0)  # a note stands best at one of these distances from its point
FAR: Final = 80.0  # and still belongs to it at this one
FOOT: Final = 12.0  # lower edge of the footer
BELOW: Final = 16.0  # from an axis to what is written right below it, clear of a mark on the axis


class Canvas:
    """Panels with their axes and the header; what is added later keeps clear of what is there."""

    def __init__(self, figure: Figure, picture: Picture, layout: Layout, scales: Sequence[Scale]) -> None:
        figure.set_size_inches(layout.width / DPI, layout.height / DPI)
        self.figure, self.picture, self.layout, self.scales = figure, picture, layout, scales
        self.theme = THEMES[picture.view.colors]
        self.texts = Ink.blank(layout.width, layout.height)
        self.curves: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        self.drawn: dict[Look, Look] = {}  # how a curve of a look is drawn
        self.panels = [
            add_panel(figure, picture, layout, box, scale)
            for box, scale in zip(layout.panels, scales, strict=True)
        ]
        self._header()
        self._place_axis()
        self._epoch_axis()

    @property
    def room(self) -> Box:
        """The part of the upper panel where text may stand, below the row of the phase names."""
        return self._room(0)

    def _room(self, panel: int) -> Box:
        left, bottom, right, top = self.layout.panels[panel]
        return Box(left + 8, bottom + 8, right - 4, top - (4 if panel else PHASE_ROW))

    def write(
        self, text: str, corner: tuple[float, float], points: float, color: str, *, bold: bool = False
    ) -> None:
        """Write one line with its lower left corner at ``corner``."""
        (left, bottom), (width, height, depth) = corner, style.size(text, points, bold=bold)
        place = (left / self.layout.width, (bottom + depth) / self.layout.height)
        font = style.font(text, points, bold=bold)
        box = Box(left, bottom, left + width, bottom + height)
        if text and self._on_grid(box):
            halo = style.halo(self.figure, text, (left, bottom + depth), points, bold=bold)
            halo.set_color(self.theme.ground)
            self.figure.patches.append(halo)
        self.figure.text(*place, text, fontproperties=font, color=color, va="baseline")
        self.texts = self.texts.block(box)

    def _on_grid(self, box: Box) -> bool:
        """Whether a line of the grid of a panel goes through a box."""
        return any(
            panel.holds(box) and box.bottom < axes.transData.transform((0, tick))[1] < box.top
            for panel, axes, scale in zip(self.layout.panels, self.panels, self.scales, strict=True)
            for tick in scale.ticks
        )

    def path(
        self,
        x: Sequence[float] | NDArray[np.float64],
        y: Sequence[float] | NDArray[np.float64],
        panel: int = 0,
    ) -> NDArray[np.float64]:
        """Return the points in pixels as they appear in a panel, cut off at its border."""
        box, axes = self.layout.panels[panel], self.panels[panel]
        points = np.column_stack([np.asarray(x, np.float64), np.asarray(y, np.float64)])
        if self.scales[panel].log:
            points[:, 1] = np.maximum(points[:, 1], self.scales[panel].low)
        pixels: NDArray[np.float64] = axes.transData.transform(points)
        return np.clip(pixels[np.isfinite(pixels).all(axis=1)], box[:2], box[2:])

    def beside_curves(self, sizes: Sequence[tuple[float, float]]) -> list[Box] | None:
        """Places for a name of each curve: all of them in the first panel that has room for them."""
        for panel, (_, scale) in enumerate(self._of_curves):
            paths = [self.path(x[y >= scale.low], y[y >= scale.low], panel) for x, y in self.curves]
            boxes = name_curves(paths, sizes, self.texts, self._room(panel))
            if boxes:
                return boxes
        return None

    def plot(
        self, x: NDArray[np.float64], y: NDArray[np.float64], look: Look, *, above_only: bool = False
    ) -> None:
        """Draw one curve in every panel, or ``above_only``; one that swings often by a thinner line."""
        across = self._across(x)
        self.drawn[look] = as_drawn(across, y, look)
        for axes, scale in self._of_curves[: 1 if above_only else None]:
            shown = self._shown(y, scale)
            # A linear axis holds every value: a curve on its floor is drawn in its whole width.
            stroke(axes, (x, shown), across, self.drawn[look], clip_on=scale.log)
            left_at = scale.left_at(x, y)
            if left_at is not None:
                axes.plot(
                    [left_at], [scale.low], "v", markersize=6, color=look.color, clip_on=False, zorder=5
                )
        self.curves.append((x, y))

    def dots(self, x: NDArray[np.float64], y: NDArray[np.float64], look: Look) -> None:
        """Draw points in every panel."""
        for axes, scale in self._of_curves:
            shown = self._shown(y, scale)
            axes.plot(
                x,
                shown,
                "o",
                markersize=style.DOT,
                color=look.color,
                markeredgecolor=self.theme.ground,
                markeredgewidth=0.4,
                clip_on=scale.log,
                zorder=ABOVE_AXES,
            )
        self.curves.append((x, y))

    def _shown(self, y: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
        """The values; on a logarithmic axis 0 is a gap, or below its edge if a step is too narrow for one."""
        left, _, right, _ = self.layout.panels[0]
        first, stop = self.picture.steps
        step = max(line.ruler.place(1.0) for line in self.picture.lines)
        is_gap = (right - left) * step / (stop - first) > LINE_WIDTH * DPI / 72
        return np.where(y > 0, y, math.nan if is_gap else scale.low * 1e-6) if scale.log else y

    def plot_below(self, name: str, drawn: Polyline, look: Look) -> None:
        """Draw what is not the quantity of the picture, in the panel of its name."""
        place = [scale.name for scale in self.scales].index(name)
        across = self._across(drawn.x)
        stroke(self.panels[place], drawn, across, as_drawn(across, drawn.y, look), clip_on=False)

    def plot_difference(self, line: Line) -> None:
        """Draw how far two curves are apart, in the lowest panel, and the line of those that are equal."""
        self.panels[-1].axhline(0.0, color=self.theme.spine, linewidth=0.9)
        look = Look(self.theme.text, (), self.theme.text)
        self.plot_below(self.scales[-1].name, Polyline(line.x, line.y), look)

    @property
    def _of_curves(self) -> list[tuple[Axes, Scale]]:
        """The panels that show the curves."""
        panels = zip(self.panels, self.scales, strict=True)
        return [(axes, scale) for axes, scale in panels if scale.of_curves]

    def _across(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where each step stands across the page."""
        points = np.column_stack([x, np.ones_like(x)])
        pixels: NDArray[np.float64] = self.panels[0].transData.transform(points)
        return pixels[:, 0]

    def shade(self, spans: Sequence[Span], color: str, *, boundary: bool) -> None:
        """Tint the warmup, mark where phases meet, and name those that have room for their name."""
        first, stop = self.picture.steps
        spans = [span for span in spans if span.start < stop and span.end > first]
        for span in spans:
            if span.warmup or not span.ran:
                tint = (color, style.SHADE) if span.ran else (self.theme.spine, style.NOTHING)
                for axes in self.panels:
                    axes.axvspan(max(span.start, first), min(span.end, stop), color=tint, linewidth=0)
        joints = [span.start for span in spans if span.start > first and span.ran]
        if boundary and len(joints) <= MOST_JOINTS:
            for joint in joints:
                self._boundary(joint)
        self._phase_names(spans)

    def ring(self, place: float, value: float, color: str) -> None:
        """Mark one point of the upper panel, unless its axis cannot show the value."""
        if self.scales[0].log and value < self.scales[0].low:
            return
        self.panels[0].plot(
            [place],
            [value],
            "o",
            markersize=7,
            markerfacecolor=self.theme.ground,
            markeredgecolor=color,
            markeredgewidth=2,
            clip_on=False,
            zorder=5,
        )
        self._take(place, value)

    def cross(self, step: float, value: float, color: str) -> None:
        """Mark the point where a curve is cut off by an error, in every panel that shows its value."""
        for panel, (axes, scale) in enumerate(self._of_curves):
            if not scale.log or value >= scale.low:
                self._take(step, value, panel)
                axes.plot(
                    [step],
                    [value],
                    "x",
                    markersize=8,
                    color=color,
                    markeredgewidth=2.4,
                    clip_on=False,
                    zorder=6,
                )

    def note(
        self,
        point: tuple[float, float],
        number: str,
        details: Sequence[str],
        color: str,
        rivals: Sequence[tuple[float, float]] = (),
    ) -> bool:
        """Write ``number`` in bold and the longest of ``details`` that fits, near the point, or nothing.

        It stands nearer to its point than to any of the ``rivals``, which it could be taken to be of.
        """
        x, y = self.path([point[0]], [point[1]])[0]
        others = self.path([rival[0] for rival in rivals], [rival[1] for rival in rivals])
        ink = self.texts + self._curves
        offers = [self._places(x, y, self._note_size(number, detail)) for detail in details]
        for places in zip(*offers, strict=True):
            for detail, boxes in zip(details, places, strict=True):
                own = [box for box in boxes if all(_away(box, x, y) <= _away(box, *at) for at in others)]
                box = first_free(own, ink)
                if box:
                    self._note(number, detail, box, color)
                    return True
        return False

    def _places(self, x: float, y: float, size: tuple[float, float]) -> Iterator[list[Box]]:
        """Beside the point, farther from it, and in the free strips above the curves and below the axis."""
        near = [box for reach in REACHES for box in around(x, y, size, reach)]
        yield [box for box in near if self.room.holds(box)]
        yield [box for box in nearby(x, y, size, FAR) if self.room.holds(box)]
        rows = self._row_above(), self._row_below(size[1])
        for bottom in sorted(rows, key=lambda bottom: abs(bottom - y)):
            yield sliding(x, bottom, *size, self.room)

    def _row_above(self) -> float:
        return float(self.path([self.picture.steps[0]], [self.scales[0].top])[0][1]) + REACHES[0]

    def _row_below(self, height: float) -> float:
        """Lower edge of the row below the axis: that of its title, or the gap to the panel below."""
        bottom = self.layout.panels[0].bottom
        return self.layout.axis_title if len(self.panels) == 1 else bottom - BELOW - height

    def _note_size(self, number: str, detail: str) -> tuple[float, float]:
        wide, high, _ = style.size(number, style.SUBTITLE_SIZE, bold=True)
        extra, lower, _ = style.size(detail, style.NOTE_SIZE)
        gap = DETAIL_GAP if number and detail else 0.0
        return wide + gap + extra, high if number else lower

    def _note(self, number: str, detail: str, box: Box, color: str) -> None:
        depth = style.size("", style.SUBTITLE_SIZE, bold=True)[2] - style.size("", style.NOTE_SIZE)[2]
        if number:
            self.write(number, (box.left, box.bottom), style.SUBTITLE_SIZE, color, bold=True)
        if detail:
            left = box.right - style.size(detail, style.NOTE_SIZE)[0]
            bottom = box.bottom + (depth if number else 0)
            self.write(detail, (left, bottom), style.NOTE_SIZE, self.theme.grey if number else color)

    @cached_property
    def _curves(self) -> Ink:
        """What the curves cover, once all are drawn."""
        paths = (self.path(x, y) for x, y in self.curves)
        return reduce(Ink.stroke, paths, Ink.blank(self.layout.width, self.layout.height))

    def _take(self, step: float, value: float, panel: int = 0) -> None:
        x, y = self.path([step], [value], panel)[0]
        self.texts = self.texts.block(Box(x - RING, y - RING, x + RING, y + RING))

    def _boundary(self, step: float) -> None:
        for axes in self.panels:
            axes.axvline(step, color=self.theme.spine, linewidth=0.9, dashes=(4.0, 3.0))
        box = self.layout.panels[0]
        x = self.path([step], [self.scales[0].top])[0][0]
        self.texts = self.texts.stroke(np.array([[x, box.bottom], [x, box.top]]))

    def _phase_names(self, spans: Sequence[Span]) -> None:
        box = self.layout.panels[0]
        edges = [self.path([span.start, span.end], [self.scales[0].top] * 2)[:, 0] for span in spans]
        names = [
            style.clean(self._until(span) if is_unseen else span.cycles or span.name)
            for span, (a, b) in zip(spans, edges, strict=True)
            for is_unseen in [span.warmup and b - a < UNSEEN]
        ]
        widths = [tick_width(name) for name in names]
        pixels = [
            span._replace(start=float(a), end=float(b)) for span, (a, b) in zip(spans, edges, strict=True)
        ]
        for index, left in name_phases(pixels, widths, box):
            self.write(names[index], (left, box.top - PHASE_ROW + 2), style.TICK_SIZE, self.theme.grey)

    def _until(self, span: Span) -> str:
        x = self.picture.view.x
        end = span.end if x in ("epoch", "percent") else math.ceil(span.end)
        text = grouped(math.ceil(end)) if x == "step" else place_label(self.picture)(end)
        return f"{span.name} until {AXES[x].unit} {text}"

    def _header(self) -> None:
        left, top = self.layout.panels[0].left, self.layout.height - TOP + 4
        for line in self.layout.title:
            top -= TITLE_ROW
            self.write(line, (left, top), style.TITLE_SIZE, self.theme.text, bold=True)
        top -= 4
        for line in self.layout.subtitle:
            top -= SUBTITLE_ROW
            self.write(line, (left, top), style.SUBTITLE_SIZE, self.theme.grey)
        for row, line in enumerate(reversed(self.layout.footer)):
            self.write(line, (left, FOOT + row * FOOT_ROW), style.NOTE_SIZE, self.theme.grey)

    def _place_axis(self) -> None:
        ticks = place_ticks(self.picture, self.layout.panels[0])
        for axes in self.panels:
            axes.set_xticks([step for step, _ in ticks], [""] * len(ticks))
        self.panels[-1].set_xticklabels([text for _, text in ticks])
        box, title = self.layout.panels[-1], place_title(self.picture)
        left = (box.left + box.right - style.size(title, style.LABEL_SIZE)[0]) / 2
        self.write(title, (left, self.layout.axis_title), style.LABEL_SIZE, self.theme.text)

    def _epoch_axis(self) -> None:
        box = self.layout.panels[0]
        ticks = epoch_ticks(self.picture, box)
        if not ticks:
            return
        above = self.panels[0].secondary_xaxis("top")
        above.spines["top"].set_visible(False)
        above.set_xticks([step for step, _ in ticks], [text for _, text in ticks])
        above.tick_params(length=3, pad=2)
        width, half = tick_width("epoch"), tick_width(ticks[0][1]) / 2
        left = box.left - max(half + 16, 30) - width
        self.write("epoch", (left, box.top + 5 * DPI / 72), style.TICK_SIZE, self.theme.grey)


def _away(box: Box, x: float, y: float) -> float:
    """How far a point is from a box."""
    return math.hypot(max(box.left - x, 0.0, x - box.right), max(box.bottom - y, 0.0, y - box.top))
