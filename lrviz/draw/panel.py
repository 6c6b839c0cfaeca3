"""One panel of a page: axes in a box, their values on a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lrviz.draw import style
from lrviz.draw.theme import THEMES
from lrviz.draw.wrapping import shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from lrviz.draw.layout import Layout
    from lrviz.draw.placement import Box
    from lrviz.draw.scene import Picture
    from lrviz.draw.theme import Theme
    from lrviz.draw.ticks import Scale

BREAK: Final = (12.0, 19.0)  # of an axis that is cut off, from its foot
OVER_SPINE: Final = 2.6
SHORT: Final = {"learning rate": "LR"}
"""What a low panel is named."""


def add_panel(figure: Figure, picture: Picture, layout: Layout, box: Box, scale: Scale) -> Axes:
    """Add the axes, with the ticks of the scale and the name of what the picture shows."""
    across, up = box.right - box.left, box.top - box.bottom
    theme = THEMES[picture.view.colors]
    axes = figure.add_axes(
        (box.left / layout.width, box.bottom / layout.height, across / layout.width, up / layout.height)
    )
    axes.set_yscale("log" if scale.log else "linear")
    axes.set_xlim(*picture.steps)
    axes.set_ylim(scale.low, scale.high)
    axes.set_yticks(scale.ticks, scale.texts)
    axes.set_yticks([], minor=True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=theme.grid, linewidth=0.9)
    label = _label(style.clean(scale.name or picture.quantity), scale.remark, up)
    font = style.font(label, style.LABEL_SIZE)
    axes.set_ylabel(label, fontproperties=font, color=theme.text, va="center")
    axes.yaxis.set_label_coords((36 - box.left) / across, 0.5)
    if scale.cut_off:
        _break_mark(axes, up, theme)
    return axes


def _label(quantity: str, remark: str, room: float) -> str:
    """The name of the axis; one without room for all goes without the remark, which is seen in its ticks."""

    def fits(part: str) -> bool:
        return style.size(part, style.LABEL_SIZE)[0] <= room

    short = SHORT.get(quantity, quantity)
    whole = (quantity + remark, quantity, short + remark)
    return next(filter(fits, whole), shorten(short, fits))


def _break_mark(axes: Axes, height: float, theme: Theme) -> None:
    """Two slanted strokes across the foot of the value axis, and nothing of it between them."""
    ends = [BREAK[0] / height, BREAK[1] / height]
    shared: dict[str, Any] = {"transform": axes.transAxes, "clip_on": False, "zorder": OVER_SPINE}
    axes.plot([0, 0], ends, color=theme.ground, linewidth=2.0, **shared)
    slanted = [(-1.0, -0.5), (1.0, 0.5)]
    axes.plot([0, 0], ends, linestyle="", marker=slanted, markersize=9, color=theme.spine, **shared)
