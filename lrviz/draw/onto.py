"""Curves on axes of the user's own, in whose style they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.view.place import AXES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lrviz.draw.scene import Line, Picture


def draw_onto(axes: Axes, picture: Picture) -> None:
    """Add a line for each curve, with its label for a legend; an axis that has a name keeps it."""
    for line in picture.lines:
        _draw(axes, line)
    if not axes.get_xlabel():
        axes.set_xlabel(AXES[picture.view.x].title)
    if not axes.get_ylabel():
        axes.set_ylabel(picture.quantity)
    if picture.log:
        axes.set_yscale("log")


def _draw(axes: Axes, line: Line) -> None:
    as_points: dict[str, Any] = {"marker": "o", "linestyle": ""} if line.points else {}
    label = line.label.replace("$", r"\$")  # which would begin a formula
    (drawn,) = axes.plot(line.x, line.y, label=label, **as_points)
    if line.stop:
        axes.plot(line.x[-1:], line.y[-1:], marker="x", linestyle="", color=drawn.get_color())
