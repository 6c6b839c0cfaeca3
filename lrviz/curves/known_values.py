"""Values of a curve at some of its ticks, as a log has them, and how exactly each is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lrviz.engine.timeline import Rates, TickArray


@dataclass(frozen=True, eq=False)
class KnownValues:
    """Ascending ticks, the values there, and the ``slack``: how far from each the exact one may be."""

    ticks: TickArray
    values: Rates
    slack: Rates

    def __len__(self) -> int:
        return self.ticks.size

    def __getitem__(self, chosen: slice | NDArray[np.integer] | NDArray[np.bool_]) -> Self:
        return replace(self, ticks=self.ticks[chosen], values=self.values[chosen], slack=self.slack[chosen])

    def at(self, offset: float) -> Self:
        """On the clock behind an offset, without those before its tick 0, which are not the schedule's."""
        moved = replace(self, ticks=self.ticks + offset)
        return moved[moved.ticks >= 0]
