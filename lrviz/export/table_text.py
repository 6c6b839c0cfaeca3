"""Aligned columns for people, full precision; where they have no room, a line for each value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lrviz.notation.numbers import epoch_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.engine.timeline import TickArray
    from lrviz.export.rows import Table

STEP: Final = 8
EPOCH: Final = 8
VALUE: Final = 22
GAP: Final = 2
AFTER: Final = "after the end"


def table_text(table: Table, blocks: Iterable[TickArray]) -> Iterator[str]:
    """Steps, epochs where they are known, and values point below point; what lies after the end is marked."""
    widths = [max(STEP, len(str(table.total_steps))), *([EPOCH] if table.steps_per_epoch else [])]
    widths += [max(VALUE, len(label)) for label in table.labels]
    fits = table.width is None or sum(widths) + GAP * (len(widths) - 1) <= table.width
    if fits:
        yield _line(_heads(table, "step", "epoch"), table.labels, widths)
    for steps in blocks:
        epochs = list(map(epoch_text, table.epochs(steps) or ())) or [""] * len(steps)
        values = zip(*map(_aligned, table.columns(steps)), strict=True)
        for step, epoch, cells in zip(steps.astype(int).tolist(), epochs, values, strict=True):
            place = _heads(table, str(step), epoch)
            mark = [AFTER] if step >= table.total_steps else []
            if fits:
                yield _line(place, [*cells, *mark], [*widths, *map(len, mark)])
            else:
                yield from _stacked(place, table.labels, cells, mark)


def _heads(table: Table, step: str, epoch: str) -> list[str]:
    return [step, epoch] if table.steps_per_epoch else [step]


def _aligned(values: Sequence[float]) -> list[str]:
    """The values in full, so that their points stand below each other."""
    parts = [re.match(r"([^.e]*)(.*)", repr(value)) for value in values]
    cells = [(found[1], found[2]) for found in parts if found]
    widest = max(len(whole) for whole, _ in cells)
    return [f"{whole:>{widest}}{rest}" for whole, rest in cells]


def _line(places: Sequence[str], cells: Sequence[str], widths: Sequence[int]) -> str:
    """Places to the right, values to the left."""
    texts = [text.rjust(width) for text, width in zip(places, widths, strict=False)]
    texts += [text.ljust(width) for text, width in zip(cells, widths[len(places) :], strict=True)]
    return (" " * GAP).join(texts).rstrip() + "\n"


def _stacked(
    places: Sequence[str], labels: Sequence[str], cells: Sequence[str], mark: Sequence[str]
) -> Iterator[str]:
    """A step, and below it the value of each curve."""
    names = zip(("step", "epoch"), places, strict=False)
    yield ", ".join([*(f"{name} {text}" for name, text in names), *mark]) + "\n"
    widest = max(map(len, labels))
    yield from (f"  {label:<{widest}}  {cell}\n" for label, cell in zip(labels, cells, strict=True))
