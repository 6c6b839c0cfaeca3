"""What was said of how to draw, read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrviz.notation.durations import Duration

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

    """

    x: str = ""
    tokens_per_step: int | None = None
    seq_len: int | None = None
    start: Duration | None = None
    stop: Duration | None = None
    panels: tuple[str, ...] = ()
    quantities: tuple[str, ...] = (LR,)
    title: str | None = None


PLAIN = View()
"""Nothing is said."""
BY_STEP = View(x="step")
