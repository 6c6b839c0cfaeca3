"""How the values of a view's keys are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import SpecError
from lrviz.resolve import readers
from lrviz.resolve.key import Key, Unfit
from lrviz.view.size import size_of

if TYPE_CHECKING:
    from lrviz.notation.durations import Duration
    from lrviz.notation.spec import Value
    from lrviz.view.size import Size

PANELS = ("linear", "log", "difference")


def words(key: Key, value: Value) -> tuple[str, ...]:
    """Words, each once; of a key with choices some of these.

    Raises:
        Unfit: they are something else.

    """
    found = readers.texts(key, value)
    if len({*found}) < len(found) or any(key.choices and one not in key.choices for one in found):
        raise Unfit
    return found


def size(_: Key, value: Value) -> Size:
    """The size of a page.

    Raises:
        Unfit: it is something else, or no page.
        SpecError: it lacks the unit.

    """
    found = size_of(value) if isinstance(value, str) else None
    if found is None:
        for unit in ("in", "px"):
            if size_of(f"{value}{unit}"):
                raise SpecError(f"size={value} has no unit", hint=f"<size={value}{unit}>")
        raise Unfit
    return found


def panels(key: Key, value: Value) -> tuple[str, ...]:
    """The panels of a picture, of which the first shows the curves.

    Raises:
        Unfit: they are something else.
        SpecError: the difference stands elsewhere.

    """
    found = words(key, value)
    if not {*found} <= {*PANELS}:
        raise Unfit
    above = [one for one in found if one != "difference"]
    if found != (*above, *found[len(above) :]) or not above:
        order = ",".join((*(above or ["linear"]), "difference"))
        text = "panels: difference stands below another panel"
        raise SpecError(text, hint=f"<panels={order}>, of two schedules")
    return found


def spans(key: Key, value: Value) -> tuple[Duration, ...]:
    """A duration or several.

    Raises:
        LrvizError: they are something else.

    """
    found = readers.one_or_several(readers.duration)(key, value)
    return found if isinstance(found, tuple) else (found,)
