"""Refusals of fairseq's schedulers."""

from __future__ import annotations

import math
import sys

from lrviz.errors import ScheduleError


def above(schedule: str, lr: float, name: str, least: float) -> None:
    """Refuse a lowest LR that is not below the LR.

    Raises:
        ScheduleError: it is not.

    """
    if not lr > least:
        hint = f"<{name}={lr / 10:.4g}>" if lr > 0 else "<lr=1e-3>"
        raise ScheduleError(f"{schedule}: {name} must be below the LR {lr!r}, got {least!r}", hint=hint)


def overflow(shrink: float) -> float:
    """The first whole power of ``shrink`` that Python refuses, infinite where there is none."""
    if abs(shrink) <= 1:
        return math.inf
    return math.floor(math.log(sys.float_info.max) / math.log(abs(shrink))) + 1
