"""What stands along the horizontal axes of a picture: places, the epochs above them, and their name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lrviz.draw import style
from lrviz.draw.ticks import epoch_marks, span_ticks
from lrviz.notation.numbers import epoch_text, grouped
from lrviz.view.place import AXES

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.draw.placement import Box
    from lrviz.draw.scene import Picture

MANY: Final = 1e9
"""Steps from which on an axis counts them in billions."""
LARGE: Final = ((1e12, "trillions"), (1e9, "billions"), (1e6, "millions"))


def place_ticks(picture: Picture, panel: Box) -> list[tuple[float, str]]:
    """(place, label); the last is the true end."""
    first, stop = picture.steps
    is_whole = picture.view.x not in ("epoch", "percent") or (picture.view.x == "epoch" and stop - first >= 2)
    label = place_label(picture)
    ticks = span_ticks(
        first, stop, lambda t: tick_width(label(t)), panel.right - panel.left, least=1.0 if is_whole else 0.0
    )
    named: dict[str, float] = {}
    for tick in ticks:  # places too close to be told apart are written once
        named.setdefault(label(tick), tick)
    return [(tick, text) for text, tick in named.items()]


def place_label(picture: Picture) -> Callable[[float], str]:
    """How the horizontal axis writes a place; numbers of samples and tokens as its title says."""
    unit, _ = large_unit(picture)
    if picture.view.x == "epoch":
        return epoch_label
    if picture.view.x == "percent":
        return lambda place: f"{place:.7g}%"
    return (lambda place: f"{place / unit:.7g}") if unit > 1 else (lambda place: grouped(int(place)))


def place_title(picture: Picture) -> str:
    """What the horizontal axis counts."""
    _, name = large_unit(picture)
    return AXES[picture.view.x].title + (f", in {name}" if name else "")


def large_unit(picture: Picture) -> tuple[float, str]:
    """What large numbers are counted by: of samples and tokens, and of steps where that loses no digit."""
    x, ends = picture.view.x, picture.steps
    units = (
        (unit, name)
        for unit, name in LARGE
        if (x in ("samples", "tokens") and ends[1] >= unit)
        or (x == "step" and unit >= MANY and _is_exact_in(unit, ends))
    )
    return next(units, (1.0, ""))


def _is_exact_in(unit: float, ends: tuple[float, float]) -> bool:
    """Whether the ends of an axis, which is as long as the unit at least, are written without rounding."""
    return ends[1] - ends[0] >= unit and all(float(f"{end / unit:.7g}") * unit == end for end in ends)


def epoch_ticks(picture: Picture, panel: Box) -> list[tuple[float, str]]:
    """(step, label of the epoch at that step); empty when epochs are unknown."""
    per_epoch = picture.steps_per_epoch
    if not per_epoch:
        return []
    return epoch_marks(picture.steps, per_epoch, epoch_label, tick_width, panel.right - panel.left)


def epoch_label(epoch: float) -> str:
    """The epoch as a picture writes it: as ``epoch_text``, thousands apart."""
    whole, _, decimals = epoch_text(epoch).partition(".")
    return grouped(int(whole)) + (f".{decimals}" if decimals else "")


def tick_width(text: str) -> float:
    """Width of a label of an axis in pixels."""
    return style.size(text, style.TICK_SIZE)[0]
