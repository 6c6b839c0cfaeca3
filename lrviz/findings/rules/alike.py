"""Curves of one output beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.findings.rule import Said, of_output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.curves.series import Series
    from lrviz.findings.look import Look

DIGITS = 12


@of_output("same-curve", "note", example="cosine:warmup=0 torch.CosineAnnealingLR --steps 100 --lr 0.1")
def same_curve(looks: list[Look]) -> Iterator[tuple[Series, Said]]:
    """Two schedules of one output are the same curve.

    One hides the other in the picture. What was meant to tell them apart changes nothing, or does not differ.
    """
    seen: dict[tuple[object, ...], list[Look]] = {}
    for look in looks:
        found = look.facts
        numbers = (found.first, found.peak, found.mean, found.last)
        alike = seen.setdefault((look.row.steps, *(f"{x:.{DIGITS - 3}g}" for x in numbers)), [])
        same = next((one for one in alike if _is_same(one, look)), None)
        if same is not None:
            yield look.row, Said(f"the same curve as {same.row.label}")
        else:
            alike.append(look)


def _is_same(one: Look, other: Look) -> bool:
    """Whether they are of different runs, and equal in every column."""
    if one.row.run is other.row.run or one.seen.low.size != other.seen.low.size:
        return False
    slack = 10.0**-DIGITS * abs(one.facts.peak)
    pairs = ((one.seen.low, other.seen.low), (one.seen.high, other.seen.high))
    return all(bool(np.all(np.abs(a - b) <= slack)) for a, b in pairs)
