"""What a picture shows, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lrviz.view.place import STEPS
from lrviz.view.view import BY_STEP

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lrviz.view.place import Ruler
    from lrviz.view.view import View


MOST_JOINTS = 12
"""More lines between phases than these hide the curve."""


class Span(NamedTuple):
    """A phase as it is drawn, between two places: a warmup is shaded, where nothing ``ran`` it is grey.

    What has so many ``cycles`` that they cannot be counted says how many they are.
    """

    name: str
    start: float
    end: float
    warmup: bool = False
    ran: bool = True
    cycles: str = ""


@dataclass(frozen=True, eq=False)
class Line:
    """One curve, ready to draw.

    ``x`` (places of optimizer steps) and ``y`` (values) are the polyline with its vertical jumps in it;
    ``mean`` orders the legend; ``peak`` and ``last`` are (step, value); ``stop`` is the step at which the
    framework raises, and why; lines of one ``family`` share a hue, from pale to full. What was measured is
    drawn as ``points``: nothing is known between them. One ``over`` the others hides what it shares with
    them. The ``ruler`` has made places of the steps of ``x``, and makes those of marks. ``name`` is
    the schedule's own, for where no font has the letters of the label. The (step, value) of ``marked`` are
    written beside it; at that of ``planned`` it goes on past the end that it was told. Of each of the
    ``others`` of its picture it has a line too, or nothing.
    """

    label: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    mean: float
    peak: tuple[int, float] | None
    last: tuple[int, float] | None
    phases: tuple[Span, ...] = ()
    stop: tuple[int, str] | None = None
    family: str = ""
    points: bool = False
    over: bool = False
    ruler: Ruler = STEPS
    name: str = ""
    marked: tuple[tuple[int, float], ...] = ()
    others: tuple[Line | None, ...] = ()
    planned: tuple[int, float] | None = None

    @property
    def marks(self) -> list[tuple[str, tuple[int, float]]]:
        """Name and point of its peak and its last value, which may be one."""
        if self.peak and self.last and self.peak[0] == self.last[0]:
            return [("peak = last", self.peak)]
        return [(name, mark) for name, mark in (("peak", self.peak), ("last", self.last)) if mark]

    @property
    def cycles(self) -> str:
        """How many it has, where they cannot be counted."""
        return next((span.cycles for span in self.phases if span.cycles), "")


@dataclass(frozen=True)
class Picture:
    """One figure: a single line with its marks, or several lines compared.

    ``steps`` are the ends of the view: the places of its first step and of one past the last. No
    ``steps_per_epoch``, no epoch axis. Several lines have a logarithmic panel below, or one of their
    ``difference``; ``others`` are quantities in panels of their own. ``log`` makes the one panel logarithmic,
    ``view`` is what was said of how to draw. Of ``stairs`` each value is drawn until the next. The ``footer``
    has what is not seen in the curves: who computes them, what is assumed.
    """

    lines: tuple[Line, ...]
    title: str
    subtitle: str
    steps: tuple[float, float]
    steps_per_epoch: float | None
    quantity: str = "learning rate"
    others: tuple[str, ...] = ()
    log: bool = False
    difference: Line | None = None
    footer: tuple[str, ...] = ()
    stairs: bool = False
    view: View = BY_STEP

    @property
    def foot(self) -> tuple[str, ...]:
        """The footer, begun with what the difference is of."""
        of = () if self.difference is None else (f"difference: {self.difference.label}",)
        return (*of, *self.footer)

    @property
    def phases(self) -> tuple[Span, ...]:
        """All phases of a single line; of several the warmup, if it is the same for all but for a step."""
        if len(self.lines) == 1:
            return self.lines[0].phases
        first, *others = ([phase for phase in line.phases if phase.warmup] for line in self.lines)
        step = max(line.ruler.place(1.0) for line in self.lines)
        return tuple(first) if all(_is_same(first, other, step) for other in others) else ()

    @property
    def joints(self) -> list[float]:
        """Where phases of a single line meet within the view, unless they are too many."""
        first, stop = self.steps
        spans = self.lines[0].phases if len(self.lines) == 1 else ()
        found = [span.start for span in spans if first < span.start < stop and span.ran]
        return found if len(found) <= MOST_JOINTS else []


def _is_same(phases: Sequence[Span], others: Sequence[Span], step: float) -> bool:
    """Whether they begin and end at the same places but for a ``step``, and for how places are rounded."""
    pairs = zip(phases, others, strict=False)
    return len(phases) == len(others) and all(
        max(abs(a.start - b.start), abs(a.end - b.end)) < 1.5 * step for a, b in pairs
    )
