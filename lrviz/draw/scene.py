"""What a picture shows, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Span(NamedTuple):
    """A phase as it is drawn, in steps: a warmup is shaded, and where nothing ``ran`` any more is grey.

    What has so many ``cycles`` that they cannot be counted says how many they are.
    """

    name: str
    start: float
    end: float
    warmup: bool = False
    ran: bool = True
    cycles: str = ""


@dataclass(frozen=True)
class Line:
    """One curve, ready to draw.

    ``x`` (optimizer steps) and ``y`` (values) are the polyline with its vertical jumps in it; ``mean`` orders
    the legend; ``peak`` and ``last`` are (step, value); ``stop`` is the step at which the framework raises,
    and why; lines of one ``family`` share a hue, from pale to full. What was measured is drawn as ``points``:
    nothing is known between them. One ``over`` the others hides what it shares with them.
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


@dataclass(frozen=True)
class Picture:
    """One figure: a single line with its marks, or several lines compared.

    ``steps`` is the view: first step and one past the last. No ``steps_per_epoch``, no epoch axis.
    Several lines have a logarithmic panel below, or one of their ``difference``; ``log`` makes the one panel
    logarithmic. The ``footer`` has what is not seen in the curves: who computes them, what is assumed.
    """

    lines: tuple[Line, ...]
    title: str
    subtitle: str
    steps: tuple[int, int]
    steps_per_epoch: float | None
    quantity: str = "learning rate"
    log: bool = False
    difference: Line | None = None
    footer: tuple[str, ...] = ()
