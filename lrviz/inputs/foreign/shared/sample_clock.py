"""The samples of each update, where a schedule counts samples: of one batch size, or of one that grows.

Source: megatron-core 0.17.1 and 0.19.2, ``core/num_microbatches_calculator.py``.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from lrviz.notation.pace import Pace, Piece
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST = 100_000
"""Batch sizes of one run."""
_SUFFIXES = {"K": 1_000, "M": 1_000_000, "B": 1_000_000_000, "T": 1_000_000_000_000}


def constant(batch: int) -> Pace:
    """The clock of a batch that stays as it is."""
    return Pace((Piece(None, batch),))


def growing(sizes: Sequence[tuple[int, int]]) -> Pace:
    """The clock of a batch that changes: thresholds of samples, each with the batch from there on."""
    pieces, seen = [], 0
    for (_, batch), (until, _) in pairwise(sizes):
        updates = max(0, ceil_div(until - seen, batch))
        seen += updates * batch
        if updates:
            pieces.append(Piece(updates, batch))
    return Pace((*pieces, Piece(None, sizes[-1][1])))


def updates_until(clock: Pace, samples: float) -> int:
    """The first update before which so many samples were seen."""
    rows = zip(clock.starts, clock.ticks, clock.pieces, strict=True)
    before = [row for row in rows if row[1] < samples]
    if not before:
        return 0
    start, seen, piece = before[-1]
    return start + math.ceil((samples - seen) / piece.ticks)


def ramp(start: int, increment: int, samples: int, batch: int) -> list[tuple[int, int]]:
    """``--rampup-batch-size``: as many samples for each batch from ``start`` up, the last one behind all.

    Raises:
        ValueError: it does not lead from ``start`` to ``batch``, or over too many sizes.

    """
    steps, rest = divmod(batch - start, increment) if increment > 0 else (0, 1)
    if rest or not 1 <= steps <= _MOST or start < 1 or samples < 1:
        raise ValueError
    share = samples / steps
    sizes = [(_first_of(step, share), start + step * increment) for step in range(steps)]
    return [*sizes, (min(_first_of(steps, share), samples + 1), batch)]


def _first_of(step: int, share: float) -> int:
    """The first number of samples n with ``int(n / share) >= step``."""
    n = math.ceil(step * share)
    while n and (n - 1) / share >= step:
        n -= 1
    while n / share < step:
        n += 1
    return n


def steps_of(text: str, seq_len: int | None) -> list[tuple[int, int]]:
    """``0:768 250B:1536``: thresholds in tokens where a sample's length is known, each with its batch.

    Raises:
        ValueError: it is none, does not begin at 0, or does not rise.

    """
    pairs = sorted(_pairs(text, seq_len))
    rises = all(a[0] < b[0] for a, b in pairwise(pairs))
    if not pairs or pairs[0][0] != 0 or not rises or min(batch for _, batch in pairs) < 1:
        raise ValueError
    return pairs


def _pairs(text: str, seq_len: int | None) -> Iterator[tuple[int, int]]:
    for pair in text.replace(",", " ").split():
        threshold, _, batch = pair.partition(":")
        yield _number(threshold) // (seq_len or 1), _number(batch)


def _number(text: str) -> int:
    suffix = text[-1:].upper()
    factor = _SUFFIXES.get(suffix, 1)
    return int(float(text[:-1] if suffix in _SUFFIXES else text) * factor)
