"""One page under construction: a figure addressed in pixels that knows where it is still white."""

from __future__ import annotations

import math
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lrviz.draw import style
from lrviz.draw.panel import add_panel
from lrviz.draw.placement import Box, Ink, name_curves, trace
from lrviz.draw.strokes import ABOVE_AXES, as_drawn, stroke
from lrviz.draw.theme import LINE_WIDTH, THEMES, Look
from lrviz.engine.sampling import Polyline
from lrviz.view.size import DPI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lrviz.draw.layout import Layout
    from lrviz.draw.scene import Line, Picture
    from lrviz.draw.ticks import Scale

RING: Final = 9.0  # half the side of the square that a marker covers
PHASE_ROW: Final = 34.0


class Canvas:
    """Panels with their axes and the header; what is added later keeps clear of what is there."""

    def __init__(self, figure: Figure, picture: Picture, layout: Layout, scales: Sequence[Scale]) -> None:
        figure.set_size_inches(layout.width / DPI, layout.height / DPI)
        self.figure, self.picture, self.layout, self.scales = figure, picture, layout, scales
        self.theme = THEMES[picture.view.colors]
        self.texts = Ink.blank(layout.width, layout.height)
        self.curves: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        self.below: list[tuple[int, Polyline]] = []  # of other quantities, in the panels of these
        self.drawn: dict[Look, Look] = {}  # how a curve of a look is drawn
        self.panels = [
            add_panel(figure, picture, layout, box, scale)
            for box, scale in zip(layout.panels, scales, strict=True)
        ]

    def room(self, panel: int) -> Box:
        """The part of a panel where text may stand: of the upper one below the row of the phase names."""
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

    def lead(self, point: tuple[float, float], box: Box, color: str) -> bool:
        """Draw a line from the ring at a point to a text far from it, unless over another text or ring."""
        start, end = np.array(point), np.clip(point, box[:2], box[2:])
        away = float(np.hypot(*(end - start)))
        if away <= RING:
            return True
        ends = start + np.outer([RING / away, 1.0], end - start)
        passed = trace(start + np.outer([min(2 * RING / away, 1.0), 1.0], end - start), RING / 2)
        if self.texts.touches([Box(x, y, x, y) for x, y in passed.tolist()], 0.0).any():
            return False
        self.figure.add_artist(style.leader(ends / (self.layout.width, self.layout.height), color))
        self.texts = self.texts.stroke(ends)
        return True

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
        """The points in pixels as they appear in a panel, cut off at its border."""
        box, axes = self.layout.panels[panel], self.panels[panel]
        points = np.column_stack([np.asarray(x, np.float64), np.asarray(y, np.float64)])
        if self.scales[panel].log:
            points[:, 1] = np.maximum(points[:, 1], self.scales[panel].low)
        pixels: NDArray[np.float64] = axes.transData.transform(points)
        return np.clip(pixels[np.isfinite(pixels).all(axis=1)], box[:2], box[2:])

    def pixel(self, point: tuple[float, float], panel: int = 0) -> tuple[float, float]:
        """A place and its value in pixels, as ``path`` does."""
        ((x, y),) = self.path([point[0]], [point[1]], panel).tolist()
        return x, y

    def beside_curves(self, sizes: Sequence[tuple[float, float]]) -> list[Box] | None:
        """Places for a name of each curve: all of them in the first panel that has room for them."""
        for panel, (_, scale) in enumerate(self._of_curves):
            paths = [self.path(x[y >= scale.low], y[y >= scale.low], panel) for x, y in self.curves]
            boxes = name_curves(paths, sizes, self.texts, self.room(panel))
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
        """Draw points in every panel, all of them above the rims that set them off from the curves."""
        for axes, scale in self._of_curves:
            self._dots_in(axes, Polyline(x, self._shown(y, scale)), look.color, clip_on=scale.log)
        self.curves.append((x, y))

    def _dots_in(self, axes: Axes, drawn: Polyline, color: str, *, clip_on: bool) -> None:
        rim, size = (self.theme.ground, style.DOT + style.RIM), (color, style.DOT - style.RIM)
        for own, points in (rim, size):
            axes.plot(
                *drawn,
                "o",
                markersize=points,
                color=own,
                markeredgewidth=0,
                clip_on=clip_on,
                zorder=ABOVE_AXES,
            )

    def _shown(self, y: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
        """The values; on a logarithmic axis 0 is a gap, or below its edge if a step is too narrow for one."""
        left, _, right, _ = self.layout.panels[0]
        first, stop = self.picture.steps
        step = max(line.ruler.place(1.0) for line in self.picture.lines)
        is_gap = (right - left) * step / (stop - first) > LINE_WIDTH * DPI / 72
        return np.where(y > 0, y, math.nan if is_gap else scale.low * 1e-6) if scale.log else y

    def plot_below(self, name: str, drawn: Polyline, look: Look) -> None:
        """Draw what is not the quantity of the picture, in the panel of its name."""
        panel = self.panel_of(name)
        across = self._across(drawn.x)
        stroke(self.panels[panel], drawn, across, as_drawn(across, drawn.y, look), clip_on=False)
        self.below.append((panel, drawn))

    def panel_of(self, name: str) -> int:
        """That of a quantity below."""
        return [scale.name for scale in self.scales].index(name)

    def plot_difference(self, line: Line) -> None:
        """Draw how far two curves are apart in the lowest panel, that of a log at its rows, and 0."""
        self.panels[-1].axhline(0.0, color=self.theme.spine, linewidth=0.9)
        drawn = Polyline(line.x, line.y)
        if not line.points:
            self.plot_below(self.scales[-1].name, drawn, Look(self.theme.text, (), self.theme.text))
            return
        self._dots_in(self.panels[-1], drawn, self.theme.text, clip_on=False)
        self.below.append((len(self.panels) - 1, drawn))

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

    def ring(self, place: float, value: float, color: str, panel: int = 0) -> None:
        """Mark one point of a panel, unless its axis cannot show the value."""
        if self.scales[panel].log and value < self.scales[panel].low:
            return
        self.panels[panel].plot(
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
        self._take(place, value, panel)

    def bar(self, place: float, value: float, color: str) -> None:
        """Mark a point of the upper panel by a stroke across it."""
        if not self.scales[0].log or value >= self.scales[0].low:
            look: dict[str, Any] = {"markersize": 13, "markeredgewidth": 2.0, "clip_on": False, "zorder": 6}
            self.panels[0].plot([place], [value], "|", color=color, **look)
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

    @cached_property
    def ink(self) -> Ink:
        """What the curves cover, once all are drawn."""
        paths = [self.path(x, y) for x, y in self.curves]
        paths += [self.path(drawn.x, drawn.y, panel) for panel, drawn in self.below]
        return reduce(Ink.stroke, paths, Ink.blank(self.layout.width, self.layout.height))

    def _take(self, step: float, value: float, panel: int = 0) -> None:
        x, y = self.pixel((step, value), panel)
        self.texts = self.texts.block(Box(x - RING, y - RING, x + RING, y + RING))
