"""Every deliberate refusal: what and which value (message), the way out (hint), the exit code.

A hint writes a key of the run as ``<batch_size=32>``, and each edge as its users type it: an option, a line
of a config, or a word of a spec and of Python. Keys with a space between them belong together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from enum import Enum

ANSWERED_NO, REFUSED, INTERRUPTED, CLOSED_PIPE = 1, 2, 130, 141
EXIT_CODES = {
    0: "done",
    ANSWERED_NO: "the answer is no",
    REFUSED: "refused",
    INTERRUPTED: "interrupted",
    CLOSED_PIPE: "nobody reads stdout",
    143: "terminated",
}

# Patterns as text: few runs have a hint to write, and compiling takes a millisecond.
_MARK = r"<(\w+)(?:=((?:[^<>]| [<>] )*))?>"
_MARKS = rf"{_MARK}(?: {_MARK})*"


class Style(NamedTuple):
    """How a key is typed: the key and a value, which may be empty; and what stands between two of them."""

    write: Callable[[str, str], str]
    between: str

    def render(self, hint: str, *, but: Container[str] = ()) -> str:
        """The hint with every key of the run as it is typed; those of ``but`` are left to another style."""
        if "<" not in hint:
            return hint
        return re.sub(_MARKS, lambda marks: self._typed(marks[0], but), hint)

    def _typed(self, marks: str, but: Container[str]) -> str:
        found = re.findall(_MARK, marks)
        if all(key in but for key, _ in found):
            return marks
        return self.between.join(self.write(key, value) for key, value in found)


def marked(samples: Mapping[str, object]) -> str:
    """Keys with their values as a hint writes them, together."""
    return " ".join(f"<{key}={value}>" for key, value in samples.items())


WORDS = Style(lambda key, value: f"{key}={value}" if value else key, ",")


class Lack(NamedTuple):
    """What is missing: what it is called, its key, a value it may have, and what else would say it."""

    what: str
    key: str
    value: str
    instead: str = ""


class LrvizError(Exception):
    """A refusal lrviz means: one line saying what is wrong, one saying what to do."""

    exit_code = REFUSED
    place: object = None
    """Where it stands in a file, if its part of a schedule has a place of its own."""
    lacks: tuple[Lack, ...] = ()
    """What is missing, if that is why it is refused."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.template = hint

    @property
    def hint(self) -> str:
        """The way out, as a spec and Python write it."""
        return WORDS.render(self.template)

    def about(self, subject: str) -> None:
        """Begin the message with what it is about: one schedule of many."""
        self.message = f"{subject}: {self.message}"
        self.args = (self.message,)

    def also(self, text: str) -> None:
        """End the message with what may be the reason."""
        self.message = f"{self.message}{text}"
        self.args = (self.message,)

    def write_hint(self, style: Style, *, but: Container[str] = ()) -> None:
        """Write the keys in the hint as one edge has them, but those that came by another."""
        self.template = style.render(self.template, but=but)


class ScheduleError(LrvizError, ValueError):
    """The framework refuses these parameters, or stops at a tick.

    ``step`` is the first tick at which the framework raises, or ``None`` when it
    refuses to build the scheduler at all.
    """

    def __init__(self, message: str, *, hint: str = "", step: int | None = None) -> None:
        if step is not None and not hint:
            hint = (
                f"the steps before {step} have values"
                if step
                else "no step has a value: change what it names"
            )
        super().__init__(message, hint=hint)
        self.step = step


class ArgumentError(LrvizError, TypeError):
    """A Python caller gives an object of another kind."""


def expect(value: Any, kind: type | tuple[type, ...], what: str, *, hint: str) -> None:
    """Refuse an object of another kind.

    Raises:
        ArgumentError: begun with ``what``, which says what it is to be.

    """
    if not isinstance(value, kind):
        raise ArgumentError(f"{what}, got {type(value).__name__}", hint=hint)


class MissingParameterError(ScheduleError):
    """Parameters that the schedule of that id insists on, with what each means to a run."""

    def __init__(
        self, message: str, *, hint: str, schedule: str, lacks: tuple[Lack, ...], roles: Sequence[Enum]
    ) -> None:
        super().__init__(message, hint=hint)
        self.schedule = schedule
        self.lacks = lacks
        self.roles = roles

    def write_hint(self, style: Style, *, but: Container[str] = ()) -> None:
        """A spec has them behind its name, a config as keys of their own."""
        if style is not WORDS:
            self.template = marked({lack.key: lack.value for lack in self.lacks})
        super().write_hint(style, but=but)


class MissingMetricError(ScheduleError):
    """The schedule moves on a metric, and there is none."""


class UnknownParameterError(ScheduleError):
    """A parameter, and its value, that the schedule of that id does not have."""

    near: Sequence[str] = ()
    """Its parameters that are called nearly so."""
    beside: Sequence[str] = ()
    """What else was given."""

    def __init__(self, message: str, *, hint: str, name: str, value: Any, schedule: str) -> None:
        super().__init__(message, hint=hint)
        self.name, self.value = name, value
        self.schedule = schedule


class UnknownScheduleError(ScheduleError):
    """No schedule called ``name`` is in the catalogue."""

    def __init__(self, message: str, *, hint: str, name: str) -> None:
        super().__init__(message, hint=hint)
        self.name = name


class SpecError(LrvizError, ValueError):
    """The words that describe a schedule cannot be read."""


class UnfitError(SpecError):
    """A value is not what its key takes."""


class PlanError(LrvizError, ValueError):
    """The length of the run is missing, contradictory or zero."""

    def __init__(self, message: str, *, hint: str, lacks: tuple[Lack, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.lacks = lacks


class OutputError(LrvizError):
    """A result cannot be written where it was asked for."""


class ConfigError(LrvizError, ValueError):
    """A config cannot be read: one line for each thing wrong with it."""

    def __init__(self, *faults: str, hint: str = "") -> None:
        super().__init__("\n".join(faults), hint=hint)

    @property
    def faults(self) -> tuple[str, ...]:
        """Each of them."""
        return tuple(self.message.split("\n"))
