"""A schedule of one's own, found by its name where --load names this file."""

from typing import Annotated

import numpy as np

import lrviz


@lrviz.schedule(example={"peak": 0.1})
def trapezoid(
    step,
    peak: Annotated[float, "lr"],
    total: Annotated[int, "total_steps"] = 100,
    cool: Annotated[int, "duration"] = 20,
):
    """Flat, and down at the end.

    Formula: lr(t) = peak min(1, (total - t) / cool).
    """
    return peak * np.minimum(1.0, (total - step) / cool)
