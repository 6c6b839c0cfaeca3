"""``100x64,80x128,512``: by how much a count moves after each step of a run, in pieces.

100 times by 64, 80 times by 128, and then by 512 to the end.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple


class Piece(NamedTuple):
    """So many steps, after each of which so many ticks; the last piece may leave open how many steps."""

    steps: int | None
    ticks: int

    def __str__(self) -> str:
        """As it is typed."""
        return f"{self.ticks}" if self.steps is None else f"{self.steps}x{self.ticks}"


@dataclass(frozen=True)
class Pace:
    """The ticks after each step; those of the last piece go on."""

    pieces: tuple[Piece, ...]

    @property
    def length(self) -> int | None:
        """The steps it tells of; None if it goes on."""
        return None if self.pieces[-1].steps is None else sum(piece.steps or 0 for piece in self.pieces)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The step at which each piece begins."""
        return tuple(accumulate((piece.steps or 0 for piece in self.pieces[:-1]), initial=0))

    @cached_property
    def ticks(self) -> tuple[int, ...]:
        """The tick at which each piece begins."""
        passed = ((piece.steps or 0) * piece.ticks for piece in self.pieces[:-1])
        return tuple(accumulate(passed, initial=0))

    def before(self, step: int) -> int:
        """The ticks of all steps before this one."""
        i = bisect_right(self.starts, step) - 1
        return self.ticks[i] + (step - self.starts[i]) * self.pieces[i].ticks

    def __str__(self) -> str:
        """As it is typed."""
        return ",".join(map(str, self.pieces))
