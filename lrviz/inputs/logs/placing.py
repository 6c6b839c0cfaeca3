"""Where the rows of columns stand: at the cells of one of them, maybe as batches of the epochs in another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.inputs.logs.log_format import RawColumn, Recorded
from lrviz.inputs.logs.names_of_columns import place_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from lrviz.inputs.logs.log import Unit
    from lrviz.inputs.logs.precision import Cells

EPOCH = "epoch"


def place_of(names: Iterable[str]) -> tuple[str, Unit]:
    """The column that says where a row stands, the first of all where none is called so."""
    names = list(names)
    return place_column(names) or (names[0], "update")


def placed(columns: Mapping[str, Cells], **said: Any) -> Recorded:
    """Columns of cells, by name, at the places that one of them has."""
    place, unit = place_of(columns)
    in_epochs = placed_in_epochs(columns, place, **said) if unit == "update" and EPOCH in columns else None
    return in_epochs or Recorded(_but(place, columns, columns[place]), **{"unit": unit, **said})


def placed_in_epochs(
    columns: Mapping[str, Cells], place: str, length: str | float | None = None, **said: Any
) -> Recorded | None:
    """Columns whose places are batches that begin anew whenever the epoch changes; None of any others.

    Where nothing tells how long an epoch is, they are epochs, with the batch as a fraction.
    """
    try:
        batch, epoch = (np.array(columns[name], dtype=np.float64) for name in (place, EPOCH))
    except (TypeError, ValueError):
        return None
    turns = np.diff(epoch) != 0
    if not (turns.any() and np.array_equal(np.diff(batch) <= 0, turns) and np.all(epoch % 1 == 0)):
        return None
    epoch = epoch - min(1.0, epoch.min())
    length = float(length) if length else _length(batch, turns)
    if length:
        raw = _but(place, columns, epoch * length + batch)
        return Recorded(raw, **{"steps_per_epoch": length, **said})
    size = int(batch.max()) + 1
    raw = _but(place, columns, epoch + batch / size)
    return Recorded(raw, **{"unit": "epoch", "batches": size, **said})


def _but(place: str, columns: Mapping[str, Cells], x: Cells) -> dict[str, RawColumn]:
    """All other columns, standing there."""
    return {name: RawColumn(x, cells) for name, cells in columns.items() if name != place}


def _length(batch: NDArray[np.float64], turns: NDArray[np.bool_]) -> float | None:
    """The batches of an epoch, where its last row is one that only its end explains."""
    strides, ends = np.diff(batch)[~turns], batch[:-1][turns]
    if not strides.size or ends.min() != ends.max():
        return None
    sizes, counts = np.unique(strides, return_counts=True)
    stride, first = sizes[counts == counts.max()][-1], batch.min()
    is_end = stride == 1 or (ends[0] - first) % stride != 0
    return float(ends[0] + (first == 0)) if is_end else None
