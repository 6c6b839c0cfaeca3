"""Bare numbers for a shell: the values of each step on a line, apart by a space."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.engine.timeline import TickArray
    from lrviz.export.rows import Table


def plain_text(table: Table, blocks: Iterable[TickArray]) -> Iterator[str]:
    """One line for each step, one number for each curve, in full precision."""
    for steps in blocks:
        columns = [map(repr, column) for column in table.columns(steps)]
        yield "\n".join(map(" ".join, zip(*columns, strict=True))) + "\n"
