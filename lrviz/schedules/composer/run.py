"""Composer's durations, and the run that gives them a length."""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass

from lrviz.catalogue.roles import BatchSamples, EpochSteps, Factor, RunTime, WholeCount
from lrviz.engine.timeline import Rates, TickArray
from lrviz.errors import ScheduleError

UNITS = {
    "ba": "batches",
    "ep": "epochs",
    "dur": "shares of the run",
    "sp": "samples",
    "tok": "tokens",
    "sec": "seconds",
    "iter": "iterations",
}
_TEXT = re.compile(rf"(.+)({'|'.join(UNITS)})", re.IGNORECASE)
_BY_THE_CLOCK = re.compile(r"(\d+h)?(\d+m)?(\d+s)?")


@dataclass(frozen=True)
class Duration:
    """So many of one unit; shares of the run are a fraction, everything else is whole."""

    value: float
    unit: str

    def __str__(self) -> str:
        """As composer writes it."""
        return f"{self.value}{self.unit}"


def parse(text: str, name: str) -> Duration:
    """Read a duration; ``name`` is the parameter's.

    Raises:
        ScheduleError: not a number and a unit, or no whole number of a unit that has no parts.

    """
    if _BY_THE_CLOCK.fullmatch(text):
        return Duration(math.nan, "sec")
    match = _TEXT.fullmatch(text)
    value = _number(match[1]) if match else math.nan
    if match is None or not math.isfinite(value):
        raise ScheduleError(
            f"{name} must be a number and a unit ({', '.join(UNITS)}), got {text!r}", hint=f"<{name}=10ba>"
        )
    unit = match[2].lower()
    if unit == "dur":
        return Duration(value, unit)
    if not value.is_integer():
        raise ScheduleError(
            f"{name} must be a whole number of {UNITS[unit]}, got {text!r}", hint=f"<{name}=0.5dur> has parts"
        )
    return Duration(int(value), unit)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


@dataclass(frozen=True)
class Length:
    """A duration in the run: ``value`` of a unit of which ``each`` batch has so many."""

    value: int
    unit: str
    each: int

    def __str__(self) -> str:
        """As composer writes it."""
        return f"{self.value}{self.unit}"

    @property
    def batches(self) -> float:
        """Where it ends."""
        return self.value / self.each

    @property
    def first(self) -> int:
        """The first batch that does not lie in it."""
        return -(-self.value // self.each)

    def share(self, t: TickArray) -> Rates:
        """How many times it has passed before batch t."""
        return t * self.each / float(self.value)

    def divides(self, name: str) -> Length:
        """Itself, where composer divides by it.

        Raises:
            ScheduleError: it is 0.

        """
        if self.value == 0:
            raise ScheduleError(f"division by zero ({name} is {self})", hint=f"<{name}=10ba>")
        return self


@dataclass(frozen=True)
class Run:
    """What the trainer tells a scheduler of its run.

    ``max_duration`` and ``batches_per_epoch`` are those of the run as it is done, after the trainer has
    multiplied its own max_duration by ``scale_schedule_ratio``. Every batch has ``samples_per_batch``
    samples and ``tokens_per_batch`` tokens, which only sp and tok need.
    """

    max_duration: RunTime
    batches_per_epoch: EpochSteps | None = None
    scale_schedule_ratio: Factor = 1.0
    samples_per_batch: BatchSamples | None = None
    tokens_per_batch: WholeCount | None = None

    def __post_init__(self) -> None:
        """Refuse a duration that is none, or a share of itself."""
        if self.duration.unit == "dur":
            raise ScheduleError(
                f"max_duration must not be a share of itself, got {self.max_duration!r}",
                hint="<max_duration=4ep>",
            )

    @functools.cached_property
    def duration(self) -> Duration:
        """``max_duration``."""
        return parse(self.max_duration, "max_duration")

    def length(self, text: str, name: str, *, scale: bool = True) -> Length:
        """The duration ``text`` in this run; ``scale``: times scale_schedule_ratio, unless it is a share.

        Raises:
            ScheduleError: it is no duration, one by the clock, or of a unit whose size is not known.

        """
        time = parse(text, name)
        if time.unit == "sec":
            raise ScheduleError(
                f"{name} must not be a time by the clock, got {text!r}", hint=f"<{name}=10ba>"
            )
        if time.unit == "dur":
            unit = self.duration.unit
            value = time.value * (self._epoch() if unit == "ep" else 1) * self.duration.value
        else:
            unit = time.unit
            value = time.value * (self._epoch() if unit == "ep" else 1)
            value *= self.scale_schedule_ratio if scale else 1
        unit = "ba" if unit == "ep" else unit
        each = self._each(unit)
        return Length(int(value), unit, each)

    def _epoch(self) -> int:
        if self.batches_per_epoch is None:
            raise ScheduleError(
                "the batches of an epoch are not known",
                hint="<batches_per_epoch=100>, or <steps_per_epoch=100>",
            )
        return self.batches_per_epoch

    def _each(self, unit: str) -> int:
        """How many of a unit there are in a batch."""
        names = {"sp": "samples_per_batch", "tok": "tokens_per_batch"}
        if unit == "ba":
            return 1
        if unit not in names:
            raise ScheduleError(f"{UNITS[unit]} are not known before the run", hint="count batches: 10ba")
        each: int | None = getattr(self, names[unit])
        if each is None:
            raise ScheduleError(
                f"{UNITS[unit]} are not known without {names[unit]}", hint=f"<{names[unit]}=512>"
            )
        if each < 1:
            raise ScheduleError(f"{names[unit]} must be 1 or more, got {each}", hint=f"<{names[unit]}=512>")
        return each

    def covered_by(self, t_max: Length) -> None:
        """Refuse a schedule that ends before the run, as far as their units can be compared.

        Raises:
            ScheduleError: it does.

        """
        duration, end = self.duration, self.duration.value
        if duration.unit == "ep" and t_max.unit == "ba" and self.batches_per_epoch is not None:
            end = duration.value * self.batches_per_epoch
        elif duration.unit != t_max.unit:
            return
        if t_max.value < end:
            raise ScheduleError(
                f"t_max must be max_duration ({duration}) or more, got {t_max}", hint="leave t_max out"
            )
