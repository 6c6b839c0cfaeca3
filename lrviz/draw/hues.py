"""Which hue each line has: those of one family share one, from pale to full."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.draw.scene import Line


class Hue(NamedTuple):
    """The number of a hue; the place in its family, from 0 to 1; and how many members that has."""

    number: int
    depth: float
    members: int


def hues_of(lines: Sequence[Line]) -> list[Hue]:
    """The hue of each line; one without a family is its own."""
    families: dict[object, list[int]] = {}
    for index, line in enumerate(lines):
        families.setdefault(line.family or index, []).append(index)
    hues = {
        index: Hue(hue, place / (len(family) - 1) if len(family) > 1 else 1.0, len(family))
        for hue, family in enumerate(families.values())
        for place, index in enumerate(family)
    }
    return [hues[index] for index in range(len(lines))]
