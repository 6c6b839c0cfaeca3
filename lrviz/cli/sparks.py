"""The column of sparklines, and what is to be said of their scales."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.sparkline import Heights
    from lrviz.export.grid import Column
    from lrviz.notation.finding import Finding


def spark_column(
    chosen: Sequence[Series], width: int, *, common: bool, ascii_only: bool
) -> tuple[Column, list[Finding]]:
    """A sparkline of each curve, on a scale of its own or ``common`` to its quantity, and what it shows."""
    from lrviz.draw.sparkline import heights, spark_of
    from lrviz.engine.sampling import cells_apart
    from lrviz.export.grid import texts

    stretches = [cells_apart(row.timeline, row.steps, width) for row in chosen]
    values = [[*one.low.tolist(), *one.high.tolist()] for one in stretches]
    scales = [heights(one) for one in values]
    of_quantity = {
        name: heights(x for row, one in zip(chosen, values, strict=True) if row.quantity == name for x in one)
        for name in {row.quantity for row in chosen}
    }
    whole = [of_quantity[row.quantity] for row in chosen]
    shown = whole if common else scales
    pairs = zip(stretches, shown, strict=True)
    column = texts("", (spark_of(cells, scale, ascii_only=ascii_only) for cells, scale in pairs))
    return column._replace(title=quantities(chosen)), list(_scaled(chosen, shown, whole))


def quantities(chosen: Sequence[Series]) -> str:
    """What the curves show."""
    return ", ".join(dict.fromkeys(row.quantity for row in chosen))


def _scaled(
    chosen: Sequence[Series], shown: Sequence[Heights], whole: Sequence[Heights]
) -> Iterator[Finding]:
    """Where heights do not compare."""
    from lrviz.notation.finding import Finding

    for row, scale in zip(chosen, shown, strict=True):
        if scale.bottom > 0:
            yield Finding(
                "sparkline-not-from-0", "note", "the sparkline begins at its low, not at 0", label=row.label
            )
    if not all(largest.shows(scale) for largest, scale in zip(whole, shown, strict=True)):
        text = "each sparkline has a scale of its own, so their heights do not compare"
        yield Finding("sparkline-scales", "note", text, hint="--common-scale draws them on one")
