"""Values that no training can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.engine.facts import facts
from lrviz.engine.sampling import first_tick
from lrviz.engine.timeline import value_at_tick
from lrviz.errors import ScheduleError
from lrviz.findings.rule import Said, of_curve
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.curves.series import Series
    from lrviz.engine.facts import Facts
    from lrviz.findings.look import Look

NOT_FINITE = "not-finite"
MOMENTA = ("momentum",)
"""Quantities that average: at 1 and above nothing old is ever forgotten."""


@of_curve(NOT_FINITE, "error", example="torch.StepLR:step_size=1,gamma=1e99 --steps 100", any_quantity=True)
def not_finite(look: Look) -> Iterator[Said]:
    """A value is infinite or no number.

    From there on every weight is lost. A factor above 1 that is applied too often overflows; an expression
    may divide by zero.
    """
    if look.facts.not_finite is not None:
        yield _no_number(look.row, look.facts.not_finite)


def no_number(row: Series, step: int) -> Finding:
    """The finding of a value that may lie after the end."""
    return Finding(NOT_FINITE, "error", _no_number(row, step).text)


def _no_number(row: Series, step: int) -> Said:
    value = value_at_tick(row.timeline, step)
    return Said(f"{lr_text(value)} at step {step}, which no training can use")


@of_curve("below-zero", "error", example='"lambda:lr_lambda=cos(epoch/20)" --steps 60')
def below_zero(look: Look) -> Iterator[Said]:
    """The LR is below 0.

    Below 0 the optimizer climbs: each update undoes what was learned. A formula is mostly followed beyond the
    length it was made for.
    """
    found = look.facts
    if not found.low < 0:
        return
    first = first_tick(look.row.timeline, look.seen, 0, look.ran, lambda seen: seen.low < 0)
    yield Said(f"the LR is below 0 from step {first} on, {lr_text(found.low)} at step {found.low_at}")


@of_curve(
    "momentum-out-of-range",
    "warning",
    example='"deepspeed.OneCycle:cycle_min_lr=1e-4,cycle_max_lr=1e-3,cycle_first_step_size=5,'
    'decay_mom_rate=0.01,decay_step_size=2" --steps 40 --optimizer adam',
    any_quantity=True,
)
def momentum_out_of_range(look: Look) -> Iterator[Said]:
    """The momentum or beta1 leaves 0 ≤ m < 1.

    At 1 no gradient is ever forgotten, above 1 old ones grow: the training diverges while the LR looks right.
    """
    run = look.row.run
    lines = run.schedule.groups[look.row.index] if run and look.row.index < len(run.schedule.groups) else {}
    for name in MOMENTA:
        found = _facts(look, name) if name in lines else None
        if found is not None and (found.peak >= 1 or found.low < 0):
            worst, at = (found.peak, found.peak_at) if found.peak >= 1 else (found.low, found.low_at)
            yield Said(f"the {name} is {lr_text(worst)} at step {at}, and must stay below 1 and from 0 on")


def _facts(look: Look, name: str) -> Facts | None:
    run = look.row.run
    try:
        return facts(run.schedule.groups[look.row.index][name], look.ran) if run else None
    except ScheduleError:
        return None
