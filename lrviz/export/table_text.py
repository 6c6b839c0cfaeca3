"""Aligned columns for people, full precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.notation.numbers import epoch_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.engine.timeline import TickArray
    from lrviz.export.rows import Table


def table_text(table: Table, blocks: Iterable[TickArray]) -> Iterator[str]:
    """Right-aligned columns; steps after the end of the run are marked."""
    widths = [max(12, len(str(table.total_steps))), 8, *(max(22, len(label)) for label in table.labels)]
    yield _line(["step", "epoch", *table.labels], widths)
    for steps in blocks:
        epochs = table.epochs(steps)
        for i, (step, *values) in enumerate(
            zip(steps.astype(int).tolist(), *table.columns(steps), strict=True)
        ):
            epoch = epoch_text(epochs[i]) if epochs is not None else ""
            mark = "  after the end" if step >= table.total_steps else ""
            yield _line([str(step), epoch, *map(repr, values)], widths, mark)


def _line(cells: list[str], widths: list[int], mark: str = "") -> str:
    return "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)) + mark + "\n"
