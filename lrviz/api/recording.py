"""A user's own scheduler, stepped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.api.curve import Curve
from lrviz.catalogue.arguments import check_numbers
from lrviz.curves.recorded import MOST, record_series
from lrviz.errors import ScheduleError, expect

if TYPE_CHECKING:
    from collections.abc import Sequence


def record(scheduler: Any, n: int, *, metrics: Sequence[float] | None = None) -> Curve:
    """The curve of a user's own scheduler, or of a function of the step, over ``n`` steps.

    A scheduler has ``optimizer.param_groups`` and ``step()``, as torch's; it is stepped without the
    optimizer, and what it and the param groups held is put back. ``metrics[t]`` is passed to the
    step() after update t. Where either raises, the curve stops.

    Raises:
        ArgumentError: neither a scheduler nor a function, no number of steps, or metrics that are no list.
        ScheduleError: it raises at the first step.

    """
    expect(n, (int, np.integer), "n is a number of steps", hint="n=1000")
    if not 1 <= n <= MOST:
        raise ScheduleError(f"n must be from 1 to {MOST}, got {n}", hint="n=1000")
    if metrics is not None:
        metrics = check_numbers("metrics", metrics, "metrics=[0.9, 0.8]", dimensions=(1,)).tolist()
    return Curve(tuple(record_series(scheduler, int(n), metrics)))
