"""The place of a chart in characters: what its axes show, and where a step and a value stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypeVar

import numpy as np

from lrviz.draw.dots import BRAILLE, ONE, dot_rows
from lrviz.draw.ticks import power_text
from lrviz.notation.numbers import epoch_text

if TYPE_CHECKING:
    from lrviz.draw.dots import Dots, Values
    from lrviz.draw.ticks import Scale

Place = TypeVar("Place", float, "Values")
NARROWEST: Final = 8
LONG: Final = 1e7
"""Samples and tokens from which on they are written as powers of ten."""


class Piece(NamedTuple):
    """Text that has the colour of a curve, or none."""

    text: str
    curve: int | None = None


Line: TypeAlias = list[Piece]


class Strokes(NamedTuple):
    """The characters that draw axes and marks."""

    side: str
    tick: str
    corner: str
    floor: str
    mark: str
    stop: str
    before: str


UNICODE: Final = Strokes("│", "┤", "└", "─", "┬", "×", "←")
ASCII: Final = Strokes("|", "+", "+", "-", "+", "x", "<")


@dataclass(frozen=True)
class Area:
    """The place of a chart: what its axes show, in how many characters."""

    scale: Scale
    ends: tuple[float, float]
    unit: str
    steps_per_epoch: float | None
    name: str
    width: int
    rows: int
    ascii_only: bool = False

    @property
    def dots(self) -> Dots:
        """The dots of a character."""
        return ONE if self.ascii_only else BRAILLE

    @property
    def strokes(self) -> Strokes:
        """What its axes are drawn with."""
        return ASCII if self.ascii_only else UNICODE

    @property
    def gutter(self) -> int:
        """The characters left of the axis."""
        names = (self.unit, "epoch") if self.steps_per_epoch else (self.unit,)
        return max(map(len, (*names, *self.scale.texts))) + 1

    @property
    def across(self) -> int:
        """The characters between the axis and half of the last label, which ends the line."""
        return max(self.width - self.gutter - 1 - len(self.place_text(self.ends[1])) // 2, NARROWEST)

    @property
    def columns(self) -> int:
        """The columns of dots."""
        return self.across * self.dots.across

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of dots."""
        return self.rows * self.dots.up, self.columns

    def place_text(self, place: float) -> str:
        """A place as the axis writes it."""
        if self.unit == "epoch":
            return epoch_text(place)
        if self.unit == "percent":
            return f"{place:.7g}%"
        return str(int(place)) if self.unit == "step" or place < LONG else power_text(place)

    @property
    def edges(self) -> Values:
        """The places between the columns of dots."""
        low, high = self.ends
        return low + np.arange(self.columns + 1) * (high - low) / self.columns

    def share(self, place: Place) -> Place:
        """How far along the axis a place is, or each of many, from 0 to 1."""
        low, high = self.ends
        return (place - low) / (high - low)

    def column(self, place: float) -> int:
        """The character of a place."""
        return min(int(self.share(place) * self.across), self.across - 1)

    def row(self, value: float) -> int:
        """The character's row of a value, from the lowest up."""
        return int(dot_rows(np.array(value), self.scale, self.size[0])) // self.dots.up
