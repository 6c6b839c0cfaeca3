"""Refusals that several frameworks share."""

from __future__ import annotations

import math

from lrviz.errors import ScheduleError


def positive(schedule: str, **values: float) -> None:
    """Refuse a value that a formula divides by or takes the logarithm of.

    Raises:
        ScheduleError: one is not greater than 0.

    """
    for name, value in values.items():
        if not value > 0:
            raise ScheduleError(
                f"{schedule}: {name} must be greater than 0, got {value!r}", hint=f"<{name}=1>"
            )


def not_negative(schedule: str, **values: float) -> None:
    """Refuse a value below 0.

    Raises:
        ScheduleError: one is.

    """
    for name, value in values.items():
        if not value >= 0:
            raise ScheduleError(f"{schedule}: {name} must not be negative, got {value!r}", hint=f"<{name}=0>")


def finite(schedule: str, **values: float) -> None:
    """Refuse a value that no formula reaches the end of.

    Raises:
        ScheduleError: one is infinite or nan.

    """
    for name, value in values.items():
        if not math.isfinite(value):
            raise ScheduleError(
                f"{schedule}: {name} must be a finite number, got {value!r}", hint=f"<{name}=1>"
            )
