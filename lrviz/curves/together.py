"""Curves that were made apart, in one picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.curves.labels import Named, told_apart
from lrviz.curves.series import numbered_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series


def together(rows: Sequence[Series]) -> list[Series]:
    """The curves under labels that tell them apart, as those of one command have."""
    named = {_origin(row): Named.of_run(row.run) if row.run else Named(row.family, ()) for row in rows}
    families = dict(zip(named, told_apart(list(named.values())), strict=True))
    return numbered_series([_renamed(row, families[_origin(row)]) for row in rows])


def _origin(row: Series) -> int:
    """What the param groups of one run have in common."""
    return id(row.run or row)


def _renamed(row: Series, family: str) -> Series:
    """Its group stands behind its family's name."""
    return replace(row, family=family, label=f"{family}{row.label.removeprefix(row.family)}")
