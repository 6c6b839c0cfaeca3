"""One panel of a page: axes in a box, their values on a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.draw import style
from lrviz.draw.layout import shorten
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from lrviz.draw.layout import Layout
    from lrviz.draw.placement import Box
    from lrviz.draw.scene import Picture
    from lrviz.draw.ticks import Scale


def add_panel(figure: Figure, picture: Picture, layout: Layout, box: Box, scale: Scale) -> Axes:
    """Add the axes, with the ticks of the scale and the name of what the picture shows."""
    across, up = box.right - box.left, box.top - box.bottom
    axes = figure.add_axes(
        (box.left / layout.width, box.bottom / layout.height, across / layout.width, up / layout.height)
    )
    axes.set_yscale("log" if scale.log else "linear")
    axes.set_xlim(*picture.steps)
    axes.set_ylim(scale.low, scale.high)
    axes.set_yticks(scale.ticks, [lr_text(tick) for tick in scale.ticks])
    axes.set_yticks([], minor=True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=style.GRID, linewidth=0.9)
    quantity = style.clean(scale.name or picture.quantity) + (" (log)" if scale.log else "")
    label = shorten(quantity, lambda part: style.size(part, style.LABEL_SIZE)[0] <= up)
    axes.set_ylabel(label, size=style.LABEL_SIZE, color=style.TEXT, va="center")
    axes.yaxis.set_label_coords((36 - box.left) / across, 0.5)
    return axes
