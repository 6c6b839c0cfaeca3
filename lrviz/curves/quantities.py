"""Several quantities of the same curves: the first is what is looked at, the others stand beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.curves.series import numbered_series
from lrviz.errors import SpecError
from lrviz.notation.finding import Finding
from lrviz.notation.text import few, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.view.view import View

NAMES = {"lr": "learning rate", "weight_decay": "weight decay"}
"""What an axis calls them, where that is not their own name."""


def of_quantity(row: Series, quantity: str) -> Series | None:
    """What a curve is of a quantity, if its schedule moves that."""
    if quantity == row.quantity:
        return row
    if row.run is None or quantity not in row.run.schedule.quantities:
        return None
    timeline = row.run.schedule.timelines(quantity)[row.index][quantity]
    return replace(row, timeline=timeline, quantity=quantity)


def others_in(rows: Sequence[Series], view: View) -> tuple[str, ...]:
    """The quantities of a view, after the first, that one of the curves has."""
    return tuple(name for name in view.quantities[1:] if any(of_quantity(row, name) for row in rows))


def labelled(rows: Sequence[Series], quantities: Sequence[str]) -> list[Series]:
    """The curves of each quantity, one quantity after the other, with labels that name it."""
    found = [of_quantity(row, name) for name in quantities for row in rows]
    return numbered_series([replace(row, label=f"{row.label} {row.quantity}") for row in found if row])


def lacking(rows: Sequence[Series], quantities: Sequence[str]) -> Iterator[Finding]:
    """Which curves do not have a quantity that is to be shown.

    Raises:
        SpecError: none of them has it.

    """
    for name in quantities:
        without = [row.label for row in rows if of_quantity(row, name) is None]
        if len(without) == len(rows):
            known = dict.fromkeys(
                one for row in rows for one in (row.run.schedule.quantities if row.run else [row.quantity])
            )
            text = f"no curve here moves {name!r}, but {listed([*known])}"
            raise SpecError(text, hint=f"give <quantity={','.join(known)}>")
        if without:
            text = f"{name} is not shown of {few(without)}: nothing moves it there"
            yield Finding("quantity-left-out", "note", text)
