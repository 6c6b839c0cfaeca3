"""For notebooks and tests: a spec evaluated over a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lrviz.resolve import resolve
from lrviz.rows import Row, rows
from lrviz.spec import Spec, parse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lrviz.curve import Facts
    from lrviz.plan import Plan
    from lrviz.timeline import Rates


@dataclass(frozen=True)
class Curve:
    """A schedule over a run of ``len(curve)`` steps; ``rows`` holds one curve for each param group."""

    rows: tuple[Row, ...]
    quantity: str = "lr"

    def __len__(self) -> int:
        return self.rows[0].steps

    @property
    def label(self) -> str:
        """The text in the legend."""
        return self.rows[0].of.label

    @property
    def steps(self) -> NDArray[np.int64]:
        """0 … len - 1."""
        return np.arange(len(self))

    @property
    def lr(self) -> Rates:
        """The value each step uses: one row for each param group where there are several.

        Raises:
            ScheduleError: the framework stops inside the run; ``step`` says where.

        """
        ticks = np.arange(len(self), dtype=float)
        values = [row.timeline(ticks) for row in self.rows]
        return values[0] if len(values) == 1 else np.stack(values)

    @property
    def facts(self) -> Facts:
        """First, peak, last and more of the first param group."""
        return self.rows[0].facts

    def save(self, path: str | Path) -> Path:
        """Draw the curve into a PNG, SVG or PDF file, by its suffix.

        Raises:
            OutputError: an unknown format, or a place that cannot be written.

        """
        from lrviz.draw.image import render  # noqa: PLC0415  (matplotlib loads only for a picture)
        from lrviz.files import write  # noqa: PLC0415
        from lrviz.picture import compose  # noqa: PLC0415

        target = Path(path)
        write(target, render(compose(self.rows, self.quantity), target.suffix[1:].lower()))
        return target


def evaluate(spec: str | Spec, plan: Plan | None = None, *, quantity: str = "lr") -> Curve:
    """The curve of a spec, ``"cosine:warmup=100,lr=3e-4"``, in a run as long as ``plan``.

    Keys of the plan in the spec win. Nothing is assumed: the spec names the LR and all the
    framework insists on.

    Raises:
        LrvizError: whatever is unknown, missing, contradictory or refused by the framework.

    """
    flags = plan.given if plan is not None else {}
    found = resolve(parse(spec) if isinstance(spec, str) else spec, flags)
    return Curve(tuple(rows([found], quantity)), quantity)
