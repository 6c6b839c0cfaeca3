"""Values each once. What numpy has for it loads its masked arrays, which takes longer than a curve needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def distinct(values: ArrayLike) -> NDArray[Any]:
    """The values in their order, each once."""
    ordered = np.sort(values, axis=None)
    starts = np.ones(ordered.shape, bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    return ordered[starts]


def numbered(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The distinct values, and which of them each value is."""
    found = distinct(values)
    return found, np.searchsorted(found, values)
