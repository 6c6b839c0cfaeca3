"""The rows of a log in the order of its run, where a restart from a checkpoint went back: each place once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.notation.finding import Finding
from lrviz.notation.numbers import counted, lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.intp]

_ROWS_BETWEEN_RESTARTS = 4
"""A file with more steps back than one in so many rows is in another order than that of its run."""


def ascending(x: Numbers, values: Numbers) -> tuple[Numbers, Numbers, list[Finding]]:
    """The places in their order, of each the value that was written last, and what is to be said of it."""
    apart = np.diff(x)
    if (apart > 0).all():  # as in most logs
        return x, values, []
    back, order = np.flatnonzero(apart < 0) + 1, np.argsort(x, kind="stable")
    is_undone = _undone(x, back)
    restart = f", a restart from {x[back[0]]:g}" if back.size else ""
    findings = [*_repeats(x[order], values[order], restart), *_left_out(x, is_undone)]
    kept = order[~is_undone[order]]
    is_last = np.append(np.diff(x[kept]) > 0, True)
    return x[kept][is_last], values[kept][is_last], findings


def _undone(x: Numbers, back: Places) -> NDArray[np.bool_]:
    """Rows from a place on to which a restart went back later: what it does from there is what counts.

    It goes back between places that are there; where rows are in no order at all, nothing is a restart.
    """
    if back.size * _ROWS_BETWEEN_RESTARTS > x.size:
        return np.zeros(x.size, dtype=bool)
    restarts = back[np.minimum.accumulate(x)[back - 1] < x[back]]
    least = np.full(x.size + 1, np.inf)
    least[restarts] = x[restarts]
    return x >= np.minimum.accumulate(least[::-1])[::-1][1:]


def _repeats(x: Numbers, values: Numbers, restart: str) -> Iterator[Finding]:
    """Places that stand there twice, in their order."""
    again = np.flatnonzero(x[1:] == x[:-1])
    if not again.size:
        return
    before, after = values[again], values[again + 1]
    unequal = np.flatnonzero((before != after) & ~(np.isnan(before) & np.isnan(after)))
    count = counted(int(np.unique(x[again]).size), "place")
    if not unequal.size:
        yield Finding("log-repeats", "note", f"{count} written more than once, with equal values{restart}")
        return
    at = unequal[0]
    text = (
        f"{count} written more than once and the last value counts{restart}: "
        f"at {x[again[at]]:g} {lr_text(before[at])}, then {lr_text(after[at])}"
    )
    yield Finding("log-repeats-differ", "warning", text)


def _left_out(x: Numbers, is_undone: NDArray[np.bool_]) -> Iterator[Finding]:
    """Rows that a restart left behind and did not write again."""
    left = x[is_undone & ~np.isin(x, x[~is_undone])]
    if left.size:
        rows = counted(left.size, "row")
        text = f"{rows} from {left.min():g} to {left.max():g} are left out: a restart went back before them"
        yield Finding("log-restarted", "note", text)
