"""What was said of how to draw, read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrviz.view.size import DPI, POINTS

if TYPE_CHECKING:
    from lrviz.notation.durations import Duration
    from lrviz.view.size import Size

LR = "lr"
"""The quantity that is looked at where nobody names one."""


@dataclass(frozen=True)
class View:
    """How a picture shows its curves; what is not said is left to the drawing.

    Attributes:
        x: what the places of the horizontal axis count: ``step``, ``epoch``, ``percent``, ``samples`` or
            ``tokens``; nothing is steps, or epochs where only those compare.
        tokens_per_step: what an update sees, where tokens are counted.
        seq_len: the tokens of a sample, where those of an update are not said.
        start: where the view begins.
        stop: where it ends.
        panels: the value axes from top to bottom, ``linear``, ``log`` or ``difference``; none is automatic.
        quantities: what is shown; all but the first in panels of their own.
        title: the headline; an empty one is none.
        size: that of the page.
        dpi: pixels of an inch.
        font_size: points of the text at the axes; the other texts go with it.
        theme: the word for its colours, ``light``, ``dark`` or ``print``; nothing is light, and on a page
            what its reader likes.
        transparent: whether nothing is drawn below its axes.
        marks: whether the peak and the last value are marked.
        marked: steps whose values are written at the curves.
        legend: ``labels`` beside the curves, a ``box``, or ``none``; nothing is labels where they have room.
        svg_text: whether the text of an SVG is text, and not its outlines.

    """

    x: str = ""
    tokens_per_step: int | None = None
    seq_len: int | None = None
    start: Duration | None = None
    stop: Duration | None = None
    panels: tuple[str, ...] = ()
    quantities: tuple[str, ...] = (LR,)
    title: str | None = None
    size: Size | None = None
    dpi: float = DPI
    font_size: float | None = None
    theme: str = ""
    transparent: bool = False
    marks: bool = True
    marked: tuple[Duration, ...] = ()
    legend: str = ""
    svg_text: bool = False

    @property
    def points(self) -> float:
        """Of the text at the axes: as was said, or as is usual for the size."""
        return self.font_size or (self.size and self.size.points) or POINTS

    @property
    def colors(self) -> str:
        """The word for the colours of a picture."""
        return self.theme or "light"

    @property
    def inches(self) -> tuple[float, float] | None:
        """Width and height of the page, if it was said how large it is."""
        return self.size.inches(self.dpi) if self.size else None


PLAIN = View()
"""Nothing is said."""
BY_STEP = View(x="step")
