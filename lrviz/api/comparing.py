"""Two sides held against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.api.curve import Curve
from lrviz.api.evaluating import given_by, refuse_stdin
from lrviz.catalogue.arguments import check_numbers
from lrviz.compare import ALIGNS
from lrviz.compare.difference import SAME, Measure
from lrviz.compare.lengths import compare_words
from lrviz.compare.pairs import Differences, compare_sides
from lrviz.compare.sides import read_sides, side_of
from lrviz.curves.runs import Flags
from lrviz.errors import SpecError, expect
from lrviz.export.diff_lines import diff_lines

if TYPE_CHECKING:
    from lrviz.plan.plan import Plan


class Difference(Differences):
    """What sets schedules apart: ``equal``, ``ranges``, ``largest``, ``cause``; ``pairs`` has each curve."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The lines that the command line prints."""
        return "\n".join(diff_lines(self)) or "<no difference>"


def diff(  # noqa: PLR0913  (as the command has them)
    one: str | Path | Curve,
    other: str | Path | Curve,
    plan: Plan | None = None,
    *,
    quantity: str = "lr",
    tolerance: float = SAME,
    align: str = "steps",
) -> Difference:
    """Hold two curves, specs, configs, logs or files of values against each other, step by step.

    Equal is what is nearer than ``tolerance`` times the larger maximum; the run of specs is as long as
    ``plan``, or as the file beside them. ``align`` as "epochs" or "percent" compares where both have a step.

    Raises:
        LrvizError: one is refused, no two curves belong together, or it cannot be told.

    """
    hint = 'lrviz.diff("run.toml", "cosine:warmup=100")'
    for side in (one, other):
        expect(side, (str, Path, Curve), "a spec, a path or a curve is compared", hint=hint)
        if isinstance(side, str):
            refuse_stdin(side)
    laid = Flags(*given_by(plan))
    share = float(check_numbers("tolerance", tolerance, "tolerance=1e-12", dimensions=(0,)))
    if align not in ALIGNS:
        raise SpecError(f"align has no {align!r}", hint=f"one of {', '.join(ALIGNS)}")
    measure = Measure(share, align=align)
    words = [str(side) for side in (one, other) if not isinstance(side, Curve)]
    if len(words) == 2:
        return Difference(*compare_words(words, laid, quantity, measure)[1])
    read = iter(read_sides(words, laid, quantity))
    first, second = (
        side_of(side.label, side.rows) if isinstance(side, Curve) else next(read) for side in (one, other)
    )
    return Difference(*compare_sides(first, second, measure))
