"""What a curve has, in words: a value, where it stands, and what an amount is in its run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.checks.measures import value_at
from lrviz.notation.expectation import amount_text
from lrviz.notation.fact import FACTS
from lrviz.notation.numbers import distinct_texts, lr_text
from lrviz.notation.own_step import own_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.checks.measures import Measured
    from lrviz.curves.series import Series
    from lrviz.notation.expectation import Amount
    from lrviz.notation.fact import Fact
    from lrviz.notation.own_step import OwnStep


def fact_text(fact: Fact, found: Measured, wanted: Mapping[Amount | OwnStep, float]) -> str:
    """``peak is 2e-5 at step 19``, ``warmup is 19 (1% is 7)``."""
    if found.value is None:
        return f"{fact} is {found.note}"
    is_place = FACTS[fact.name].unit == "steps"  # what is counted in steps says itself where it is
    place = "" if is_place or found.step is None else f" at step {found.step}"
    texts = {amount_text(one): value for one, value in wanted.items()}
    converted = [f"{text} is {number_text(value)}" for text, value in texts.items() if _is_converted(text)]
    notes = ", ".join(filter(None, [found.note, *converted]))
    return f"{fact} is {number_text(found.value, *wanted.values())}{place}" + (f" ({notes})" if notes else "")


def change_text(row: Series, before: int, after: int) -> str:
    """``from 1e-3 to 1e-4``."""
    one, other = distinct_texts(value_at(row, before), value_at(row, after))
    return f"from {one} to {other}"


def number_text(value: float, *others: float) -> str:
    """A number with as many digits as tell it from the others."""
    if isinstance(value, int):
        return str(value)
    texts = [distinct_texts(value, other)[0] for other in others if other != value]
    return max([lr_text(value), *texts], key=len)


def _is_converted(text: str) -> bool:
    """Whether an amount is a share, in epochs or a step by its name, which each run counts its own way."""
    return text.endswith(("%", "ep")) or own_step(text) is not None
