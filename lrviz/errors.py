"""Every deliberate refusal: what and which value (message), the way out (hint), the exit code."""

from __future__ import annotations


class LrvizError(Exception):
    """A refusal lrviz means: one line saying what is wrong, one saying what to do."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def about(self, subject: str) -> None:
        """Begin the message with what it is about: one schedule of many."""
        self.message = f"{subject}: {self.message}"
        self.args = (self.message,)


class ScheduleError(LrvizError, ValueError):
    """The framework refuses these parameters, or stops at a tick.

    ``step`` is the first tick at which the framework raises, or ``None`` when it
    refuses to build the scheduler at all.
    """

    def __init__(self, message: str, *, hint: str = "", step: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.step = step


class UnknownScheduleError(ScheduleError):
    """No schedule of that name is in the catalogue."""


class SpecError(LrvizError, ValueError):
    """The words that describe a schedule cannot be read."""


class PlanError(LrvizError, ValueError):
    """The length of the run is missing, contradictory or zero."""


class OutputError(LrvizError):
    """A result cannot be written where it was asked for."""


class ConfigError(LrvizError, ValueError):
    """A config cannot be read; ``faults`` holds one line for each thing wrong with it."""

    def __init__(self, *faults: str, hint: str = "") -> None:
        super().__init__("\n".join(faults), hint=hint)
        self.faults = faults
