"""Columns with a row for each curve: what it is called, and its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.checks.measures import measure
from lrviz.export.grid import Column, cell, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.curves.series import Series
    from lrviz.notation.fact import Fact

OF_ALL = "first,peak,peak_at,low,mean,last"
FACTS = f"total,warmup_end,{OF_ALL}"
"""The columns of a table that is handed on: of every quantity, and of the first one."""


def label_column(rows: Iterable[Series]) -> Column:
    """What each is called."""
    return texts("label", (row.label for row in rows))._replace(title="schedule")


def fact_columns(rows: Sequence[Series], facts: Iterable[Fact]) -> list[Column]:
    """A column for each fact."""
    found = {fact: [measure(row, fact) for row in rows] for fact in facts}
    return [
        Column(str(fact), fact.title, [cell(one.value, exact=one.exact) for one in values])
        for fact, values in found.items()
    ]
