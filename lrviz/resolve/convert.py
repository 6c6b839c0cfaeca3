"""A value of a spec as the framework's parameter takes it: durations in ticks, functions as text."""

from __future__ import annotations

import math
import typing
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from lrviz.catalogue.arguments import check_values
from lrviz.catalogue.names import find_inner, name_within
from lrviz.catalogue.param_types import DURATIONS, is_choice, takes_fractions, takes_text
from lrviz.catalogue.roles import Role
from lrviz.errors import LrvizError, SpecError
from lrviz.notation.durations import parse_duration
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import is_number, read_number
from lrviz.notation.rendering import render_value
from lrviz.notation.spec import Call, Value
from lrviz.resolve.calls import has_epochs, is_converted

if typing.TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry, Param
    from lrviz.resolve.clock import Clock


@dataclass(frozen=True, eq=False)
class Converter:
    """Reads values against one clock; ``findings`` gathers what was rounded.

    ``in_epochs``: the durations are epochs although the clock counts steps.
    """

    clock: Clock
    findings: list[Finding] = field(default_factory=list)
    in_epochs: bool = False

    def params(self, entry: Entry, values: dict[str, Value]) -> dict[str, Any]:
        """Every value of a schedule, each of a type it takes, as the run computes with them.

        Raises:
            LrvizError: an unknown name, or a value that cannot be read or is of the wrong type.

        """
        reader = replace(self, in_epochs=self.in_epochs or is_converted(entry, values))
        params = {name: reader.value(entry, name, value) for name, value in values.items()}
        check_values(entry, params)
        return params

    def value(self, entry: Entry, name: str, value: Value) -> Any:
        """One value; a single one becomes a list where only a list is taken."""
        param = entry.params.get(name)
        if param is None:
            return value
        if param.types == (str,) and param.role not in DURATIONS:  # its commas and numbers are its own
            pieces = value if isinstance(value, tuple) else (value,)
            return ",".join(piece if isinstance(piece, str) else render_value(piece) for piece in pieces)
        if param.role in AT_TICKS and value is not None:
            return self._at_ticks(param, value)
        if isinstance(value, tuple):
            return tuple(self._one(entry, param, item) for item in value)
        one = self._one(entry, param, value)
        only_listed = [typing.get_origin(kind) for kind in param.types] == [tuple]
        return (one,) if only_listed else one

    def _at_ticks(self, param: Param, value: Value) -> dict[float, float]:
        """``30:0.5,50%:0.1``, with or without Python's braces, as the number at each tick.

        Raises:
            SpecError: a tick stands twice.

        """
        read = scales_at(value, what=param.name, each=AT_TICKS[param.role])
        found = {self._ticks(param, boundary): scale for boundary, scale in read}
        if len(found) < len(read):
            what = AT_TICKS[param.role].partition(" and ")[0]
            raise SpecError(f"{param.name} has {what} twice", hint=f"<{param.name}=30:0.5,80:0.1>")
        return found

    def _ticks(self, param: Param, value: str | float) -> float:
        """A duration in ticks; a bare number is what the framework takes it for, fractions too."""
        clock = self.clock.by_epoch() if self.in_epochs else self.clock
        number = read_number(value) if isinstance(value, str) else value
        number = None if number is not None and math.isnan(number) else number  # of the text "nan"
        if number is not None and 0 < number < 1:
            text = f"{param.name}={number:g} is {number:g} {clock.unit}; {100 * number:g}% is of the run"
            self.findings.append(Finding("part-of-a-tick", "note", text))
        if number is not None:
            return int(number) if number == int(number) else number
        fractional = takes_fractions(param)
        ticks, note = clock.ticks(parse_duration(value, what=param.name), what=param.name, parts=fractional)
        if note:
            self.findings.append(Finding("rounded-share", "note", f"{param.name}: {note}"))
        return ticks

    def _one(self, entry: Entry, param: Param, value: Value) -> Any:
        if isinstance(value, Call):
            inner, params = find_inner(entry, value.name), dict(value.params)
            own = entry.by_role(Role.EPOCH_STEPS) is not None and has_epochs(inner, params)
            reader = replace(self, in_epochs=own and self.clock.interval == "step")
            return {"schedule": name_within(entry, inner), "params": reader.params(inner, params)}
        if value is None and is_choice(param, "none"):
            return "none"
        if param.role is Role.FUNCTION and value is not None:
            return value if isinstance(value, str) else render_value(value)
        if isinstance(value, float) and not math.isfinite(value):
            raise SpecError(
                f"{param.name} must be a finite number, got {value!r}", hint=f"<{param.name}=1.0>"
            )
        own_text = isinstance(value, str) and takes_text(param) and not value.endswith("%")
        if param.role in DURATIONS and isinstance(value, (str, float)) and not own_text:
            return duration(entry, param, self._ticks(param, value))
        if param.role in DURATIONS and takes_text(param) and type(value) is int:
            return duration(entry, param, value)
        if isinstance(value, str) and param.types == (object,) and is_number(param.default):
            raise self._no_number(entry, param, value)
        return value

    def _no_number(self, entry: Entry, param: Param, value: str) -> SpecError:
        """A text where a function of the user's own has a number: whether it counts ticks, nobody says."""
        meant = param.default
        if isinstance(meant, int):
            with suppress(LrvizError):
                span = parse_duration(value, what=param.name)
                meant, _ = self.clock.ticks(span, what=param.name)
        text = f"{entry.id}: {param.name} must be a number, as {param.default!r} is, got {value!r}"
        return SpecError(text, hint=f"<{param.name}={meant}>")


AT_TICKS = {Role.SCALES: "a boundary and its scale", Role.POINTS: "a step and its LR"}
"""What holds a number for each of some ticks, and what each of these is."""


def scales_at(value: Value, *, what: str, each: str) -> list[tuple[str, float]]:
    """Each boundary with its scale, of ``30:0.5,50%:0.1``; ``what`` and ``each`` name them in errors.

    Raises:
        SpecError: anything else.

    """
    items = value if isinstance(value, tuple) else str(value).strip("{}").split(",")
    return [_scale_at(item, what, each) for item in items]


def _scale_at(value: Value, what: str, each: str) -> tuple[str, float]:
    """A boundary and its scale, of ``30:0.5`` or ``50%:0.5``.

    Raises:
        SpecError: anything else.

    """
    boundary, _, scale = str(value).partition(":")
    number = read_number(scale)
    if number is None or not boundary:
        raise SpecError(
            f"{what} are {each} each, got {str(value)!r}",
            hint=f"<{what}=30:0.5,80:0.1>",
        )
    if read_number(boundary) is None:
        parse_duration(boundary, what=what)
    return boundary, number


def duration(entry: Entry, param: Param, ticks: float) -> float | str:
    """So many ticks as the parameter takes them: a number, or a text with the framework's unit."""
    return f"{ticks}{entry.framework.unit}" if takes_text(param) else ticks
