"""What every format writes: steps, epochs, and one column per curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.engine.timeline import Rates, TickArray
    from lrviz.notation.finding import Finding


@dataclass(frozen=True)
class Table:
    """The columns; ``steps_per_epoch`` is None where an epoch has no known length.

    A ``width`` is that of the terminal that they are read on.
    """

    labels: tuple[str, ...]
    timelines: tuple[Callable[[TickArray], Rates], ...]
    steps_per_epoch: int | None
    total_steps: int
    findings: tuple[Finding, ...] = ()
    width: int | None = None

    @property
    def titles(self) -> list[str]:
        """What heads each column, the steps' and the epochs' first."""
        return ["step", "epoch", *self.labels]

    def columns(self, steps: TickArray) -> list[list[float]]:
        """The values of each curve at ``steps``, as Python floats, whose repr is exact."""
        return [timeline(steps).tolist() for timeline in self.timelines]

    def epochs(self, steps: TickArray) -> list[float] | None:
        """The steps in epochs."""
        return None if self.steps_per_epoch is None else (steps / self.steps_per_epoch).tolist()
