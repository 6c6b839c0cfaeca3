"""A schedule among the parameters of another, however it is written."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any, NamedTuple

from lrviz.catalogue.names import find_inner
from lrviz.errors import ScheduleError
from lrviz.notation.spec import Call, Value

if typing.TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry

NAMES = ("schedule", "type")
"""Under which a mapping has its name: as in recordings, or in mmengine's lists."""


class Nested(NamedTuple):
    """A schedule inside ``owner``; its ``name`` is empty where its parameters stand alone."""

    owner: Entry
    name: str
    params: Mapping[str, Any]

    @property
    def entry(self) -> Entry:
        """What it is.

        Raises:
            ScheduleError: it has no name, or one of no schedule.

        """
        if not self.name:
            raise _no_call(self.owner, self.params)
        return find_inner(self.owner, self.name)


def nested(owner: Entry, value: Any) -> Nested:
    """What a parameter of ``owner`` holds, ready to be called.

    Raises:
        ScheduleError: it is no schedule.

    """
    if isinstance(value, str):
        return Nested(owner, value, {})
    if not isinstance(value, Mapping) or not isinstance(value.get("params") or {}, Mapping):
        raise _no_call(owner, value)
    return Nested(owner, *_taken_apart(value))


def phase_end(place: str, start: int, ends: Mapping[str, int]) -> int:
    """The tick at which a phase ends: ``until`` one, or ``for`` so many; ``place`` names it in errors.

    Raises:
        ScheduleError: not one of the two is said, or it ends before it begins.

    """
    if len(ends) > 1:
        raise ScheduleError(f"{place} has both until and for", hint="leave one of them out")
    if not ends:
        text = f"{place} needs until or for: another phase follows"
        raise ScheduleError(text, hint=f"<until={start + 10}>")
    ((key, value),) = ends.items()
    end = value if key == "until" else start + value
    if end <= start:
        raise ScheduleError(
            f"{place} begins at step {start} and ends at {end}",
            hint=f"<{key}={start + 1 if key == 'until' else 1}>",
        )
    return end


def as_call(value: Any) -> Value:
    """A parameter's value as a spec has it, where schedules are calls and scales stand behind boundaries."""
    if isinstance(value, tuple):
        return tuple(map(as_call, value))
    if not isinstance(value, Mapping):
        return typing.cast("Value", value)
    name, params = _taken_apart(value)
    if not name:
        return tuple(f"{boundary}:{scale}" for boundary, scale in params.items())
    return Call(name, tuple((key, as_call(inner)) for key, inner in params.items()))


def _taken_apart(value: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Name and parameters; those may stand beside the name, or under ``params``."""
    name = next((value[key] for key in NAMES if value.get(key)), "")
    if not name:
        return "", dict(value)
    beside = {key: inner for key, inner in value.items() if key not in (*NAMES, "params")}
    return str(name), {**(value.get("params") or {}), **beside}


def _no_call(owner: Entry, value: Any) -> ScheduleError:
    return ScheduleError(
        f"{owner.id}: a schedule inside it is written as a call, got {value!r}",
        hint=f"lrviz info {owner.id} shows one",
    )
