"""The line of one curve in a panel: thinner where it swings often, a band where no line shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lrviz.draw import style
from lrviz.draw.thinning import BAND, edges, line_width, swings_of, thin
from lrviz.view.size import DPI

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from lrviz.draw.theme import Look
    from lrviz.draw.thinning import Edges

ABOVE_AXES: Final = 3.0  # above the frame, below the marks
OVER: Final = 0.5  # of one curve above the others
PIXEL: Final = 72 / DPI  # in points


def as_drawn(across: NDArray[np.float64], y: NDArray[np.float64], look: Look) -> Look:
    """The look of a curve as its cycles, if it has many, change it; ``across`` is where its points stand.

    No dash can be seen in dense cycles.
    """
    swings = swings_of(across, y)
    if swings is None:
        return look
    if swings.period < BAND:
        return look._replace(dashes=(), band=True)
    width = line_width(swings.period, look.width / PIXEL) * PIXEL
    return look._replace(width=width, dashes=()) if width < look.width else look


def stroke(
    axes: Axes,
    points: tuple[NDArray[np.float64], NDArray[np.float64]],
    across: NDArray[np.float64],
    look: Look,
    *,
    clip_on: bool,
) -> None:
    """Draw a curve through ``points``, which stand ``across`` the page, in one panel."""
    x, y = points
    line: dict[str, Any] = {
        "color": look.color,
        "linewidth": look.width,
        "zorder": ABOVE_AXES + look.over * OVER,
        "clip_on": clip_on,
    }
    if look.dashes:
        line["dashes"] = look.dashes
    if len(x) and x[0] == x[-1]:  # a curve of a single step has no length: it is drawn as a dot
        line |= {"marker": "o", "markersize": 4.0}
    parts = [slice(0, len(x))]
    swings = swings_of(across, y) if look.band else None
    if swings is not None:
        parts = [slice(0, swings.first + 1), slice(swings.last, len(x))]
        dense = slice(swings.first, swings.last + 1)
        _band(axes, x[dense], edges(across[dense], y[dense]), look)
    for part in parts:
        drawn = thin(across[part], y[part], look.width / PIXEL)
        axes.plot(x[part][drawn], y[part][drawn], **line)


def _band(axes: Axes, x: NDArray[np.float64], band: Edges, look: Look) -> None:
    """What cycles too narrow for a line cover: pale, between two edges."""
    steps = np.append(x[band.starts], x[-1])
    low, high = (np.append(edge, edge[-1]) for edge in (band.low, band.high))
    order = ABOVE_AXES + look.over * OVER
    axes.fill_between(
        steps, low, high, step="post", color=look.color, alpha=style.DENSE, linewidth=0, zorder=order
    )
    for edge in (low, high):
        axes.step(steps, edge, where="post", color=look.color, linewidth=style.EDGE, zorder=order)
