"""What is wrong with where the parts of a picture stand, read off its artists without drawing a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from matplotlib.backend_bases import _get_renderer
from matplotlib.text import Text

from lrviz.draw import style
from lrviz.draw.placement import trace
from lrviz.view.size import DPI

NEAREST = 2.0  # pixels by which a name may be nearer to another curve than to its own
BESIDE = 105.0  # pixels from a point that a note of it may stand at


@dataclass
class LaidOut:
    """A figure with the boxes of its texts and the ink of its lines and marks, in pixels."""

    figure: object

    def __post_init__(self):
        with style.settings():
            self.figure.draw_without_rendering()
            renderer = _get_renderer(self.figure)
            seen = [text for text in self.figure.findobj(Text) if text.get_visible() and text.get_text()]
            self.texts = [(text, text.get_window_extent(renderer)) for text in seen]

    def faults(self, picture):
        """All of them, as sentences."""
        return [*self.outside(), *self.overlaps(), *self.covered(), *self.astray(picture)]

    def outside(self):
        page = self.figure.bbox
        for text, box in self.texts:
            if box.x0 < 0 or box.y0 < 0 or box.x1 > page.width or box.y1 > page.height:
                yield f"{text.get_text()!r} leaves the page"

    def overlaps(self):
        for (text, box), (other, taken) in combinations(self.texts, 2):
            if box.overlaps(taken):
                yield f"{text.get_text()!r} lies over {other.get_text()!r}"

    def covered(self):
        for axes in self.figure.axes:
            area = axes.get_window_extent()
            for line in axes.lines:
                ink, kind = _ink(line, area), "line" if len(line.get_xdata()) > 1 else "mark"
                for text, box in self.texts:
                    if ((ink > box.min) & (ink < box.max)).all(axis=1).any():
                        yield f"{text.get_text()!r} lies over a {kind}"

    def astray(self, picture):
        """Names nearer to another curve than to their own, in the panel that they stand in."""
        for axes in self.figure.axes:
            area = axes.get_window_extent()
            paths = {style.clean(line.label): _path(line, axes, area) for line in picture.lines}
            for text, box in self.texts:
                own = text.get_text().split(" = ")[0].split("  ")[0]
                if own in paths and area.contains(*box.min) and area.contains(*box.max):
                    far = {label: _distance(box, path) for label, path in paths.items() if len(path)}
                    nearest = min(far, key=far.get)
                    if far[nearest] < far[own] - NEAREST:
                        yield f"{own!r} stands nearer to {nearest!r}"


def _path(line, axes, area):
    """Points along a curve as a panel shows it."""
    pixels = axes.transData.transform(np.column_stack([line.x, line.y]))
    return trace(pixels[np.isfinite(pixels).all(axis=1)].clip(area.min, area.max), 2.0)


def _ink(line, area):
    """Points all over a line, or over the square of a mark."""
    pixels = line.get_transform().transform(line.get_xydata())
    pixels = pixels[np.isfinite(pixels).all(axis=1)]
    if len(pixels) != 1:
        return trace(pixels.clip(area.min, area.max), 1.0)
    reach = np.linspace(-0.5, 0.5, 9) * line.get_markersize() * DPI / 72
    return pixels + np.stack(np.meshgrid(reach, reach), axis=-1).reshape(-1, 2)


def _distance(box, path):
    beyond = np.maximum(np.maximum(box.min - path, path - box.max), 0)
    return float(np.hypot(*beyond.T).min())
