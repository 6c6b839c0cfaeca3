"""A user's own scheduler, or a function of the step, as curves: what it does is written down."""

from __future__ import annotations

import copy
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.curves.series import Series
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, Timeline
from lrviz.errors import ArgumentError, ScheduleError
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lrviz.engine.timeline import Rates

MOST = 20_000_000
"""Steps that are recorded at most."""
_FUNCTION = "a function of the step returns a number: lrviz.record(lambda step: 0.1 * 0.9**step, 100)"


def record_series(scheduler: Any, steps: int, metrics: Sequence[float] | None) -> list[Series]:
    """One series for each param group of a scheduler, or the one of a function, up to where it raises.

    Raises:
        ArgumentError: it is neither.
        ScheduleError: it raises at once.

    """
    name = getattr(scheduler, "__name__", type(scheduler).__name__)
    if hasattr(scheduler, "step") and hasattr(scheduler, "optimizer"):
        values, why = _step_through(scheduler, steps, metrics)
        hint = "step() is called after each step, with a metric where metrics are given"
    elif callable(scheduler):
        values, why = _call_at(scheduler, steps)
        hint = _FUNCTION
    else:
        raise ArgumentError(
            f"a scheduler or a function of the step is recorded, got {type(scheduler).__name__}",
            hint=_FUNCTION,
        )
    if not values:
        raise ScheduleError(f"{name} raises at step 0: {why}", hint=hint, step=0)
    columns = [np.array(column) for column in zip(*values, strict=True)]
    labels = [f"{name} lr={lr_text(column[0])}" for column in columns] if len(columns) > 1 else [name]
    return [
        Series(label, _timeline(column, steps, why), steps, name)
        for label, column in zip(labels, columns, strict=True)
    ]


def _call_at(function: Callable[[int], Any], steps: int) -> tuple[list[list[float]], str]:
    """What the function returns at each step, and why it ended early."""
    values: list[list[float]] = []
    for step in range(steps):
        try:
            values.append([float(function(step))])
        except Exception as error:  # noqa: BLE001  (whatever it raises is where it stops)
            return values, _reason(error)
    return values, ""


def _step_through(
    scheduler: Any, steps: int, metrics: Sequence[float] | None
) -> tuple[list[list[float]], str]:
    """The LR of every group before each step, and why it ended early; what it held is put back."""
    groups = _groups(scheduler)
    held, state = [dict(group) for group in groups], copy.deepcopy(scheduler.state_dict())
    values: list[list[float]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch asks for optimizer.step(), which would train
            for step in range(steps):
                values.append([float(group["lr"]) for group in groups])
                scheduler.step(*(metrics[step : step + 1] if metrics is not None else ()))
    except Exception as error:  # noqa: BLE001  (whatever it raises is where it stops)
        return values, _reason(error)
    finally:
        scheduler.load_state_dict(state)
        for group, before in zip(groups, held, strict=True):
            group.clear()
            group.update(before)
    return values, ""


def _groups(scheduler: Any) -> list[dict[str, Any]]:
    """The param groups of a scheduler that can be put back where it was."""
    groups = getattr(scheduler.optimizer, "param_groups", None)
    if not (isinstance(groups, list) and groups and all("lr" in group for group in groups)):
        raise ArgumentError(
            f"{type(scheduler).__name__}.optimizer has no param_groups with an lr",
            hint="record a function of the step instead",
        )
    lacking = [name for name in ("state_dict", "load_state_dict") if not hasattr(scheduler, name)]
    if lacking:
        raise ArgumentError(
            f"{type(scheduler).__name__} has no {lacking[0]}(), so it could not be put back where it was",
            hint="record a function of the step instead",
        )
    return groups


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _timeline(values: Rates, steps: int, why: str) -> Timeline:
    phase = Phase("free", 0.0, lambda t: values[t.astype(int)], Opaque(walk=True), label="recorded")
    return Timeline(
        (phase,), float(len(values)), why or f"only {steps} steps were recorded", gives_out=not why
    )
