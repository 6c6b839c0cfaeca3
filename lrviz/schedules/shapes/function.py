"""A user's function as a formula over ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.engine.expression import Expression
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.engine.breakpoints import Bounds
    from lrviz.engine.timeline import Rates, TickArray


def as_function(value: Any, variable: str) -> tuple[Callable[[TickArray], Rates], Bounds | None]:
    """An expression's text or a Python callable, as a formula over ticks and, if known, its bounds.

    Raises:
        ScheduleError: it is neither, or raises at a tick.

    """
    if isinstance(value, str):
        expression = Expression.parse(value, variable)
        return expression, expression.bounds
    if not callable(value):
        raise ScheduleError(
            f"a function of {variable} is expected, got {value!r}", hint=f"'0.95**{variable}'"
        )

    def called(tick: float) -> float:
        try:
            return float(value(int(tick)))
        except Exception as error:  # noqa: BLE001  (whatever a user's function raises is a refusal)
            message = f"the function raises at {variable} = {tick:.0f}: {error}"
            hint = f"'0.95**{variable}' has a value everywhere"
            raise ScheduleError(message, hint=hint, step=int(tick)) from None

    return lambda ticks: np.array([called(tick) for tick in ticks.ravel()]).reshape(ticks.shape), None
