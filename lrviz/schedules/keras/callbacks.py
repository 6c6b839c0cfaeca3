"""Callbacks that set the optimizer's LR once per epoch: LearningRateScheduler and ReduceLROnPlateau."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import LR, Factor, Function, Number, Text, Ticks
from lrviz.engine.expression import Expression
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, TickArray, Timeline, constant
from lrviz.engine.walk import Walk
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.float32 import f32
from lrviz.schedules.shapes.plateau import reported, stairs

Step = Callable[[int, float], float]
"""The LR of an epoch, from its number and the LR before."""


@schedule(
    name="callbacks.LearningRateScheduler",
    example={"schedule": "lr if epoch < 10 else lr * math.exp(-0.1)"},
    ignores=("verbose",),
    by_epoch=True,
)
def learning_rate_scheduler(group: Group, schedule: Function) -> Timeline:
    """The LR that a function makes of the epoch and the LR before it.

    Formula: lr(0) = f(0, B), lr(epoch) = f(epoch, lr(epoch - 1)), each rounded to float32. f is an expression
    of ``epoch`` and ``lr``, or a pasted ``lambda``, also of the epoch alone.
    Edges: f acts on the first epoch already. It must make a float: an int, as ``0 if epoch > 9 else lr``
    makes at epoch 10, is an error there. A schedule object as the optimizer's LR cannot be set by a
    callback.
    Source: keras 3.15.1 ``LearningRateScheduler``.

    Raises:
        ScheduleError: f is no function, raises or makes no float; ``step`` says where.

    """
    walk = _Walk(group.lr, _step(schedule))
    return Timeline((Phase("free", 0.0, walk, Opaque(walk=True), label="function"),))


def _step(function: Any) -> Step:
    called = _parsed(function) if isinstance(function, str) else function
    if not callable(called):
        raise ScheduleError(
            f"schedule must be a function of epoch and lr, got {function!r}", hint="<schedule='lr * 0.95'>"
        )

    def step(epoch: int, lr: float) -> float:
        made = _called(called, epoch, lr)
        if not isinstance(made, (float, np.float32)):
            raise ScheduleError(
                f"the function makes {made!r} at epoch = {epoch}, which is no float",
                hint="write 0.0 for 0, or float(…) around it",
                step=epoch,
            )
        return float(f32(made))

    return step


def _called(function: Callable[..., Any], epoch: int, lr: float) -> Any:
    """The function of epoch and LR, or where it does not take both, of the epoch."""
    try:
        try:
            return function(epoch, lr)
        except TypeError:
            return function(epoch)
    except (ArithmeticError, ValueError, TypeError) as error:
        text = f"the function raises at epoch = {epoch}: {error}"
        raise ScheduleError(text, hint="'lr * 0.95' has a value everywhere", step=epoch) from None


def _parsed(text: str) -> Callable[..., float]:
    try:
        return Expression.parse(text, "epoch", "lr").number
    except ScheduleError as refusal:
        try:
            of_epoch = Expression.parse(text, "epoch")
        except ScheduleError:
            raise refusal from None
        return lambda epoch, _: of_epoch.number(epoch)


class _Walk(Walk):
    """The LR of every epoch; where the function refuses one, the walk stops."""

    def __init__(self, base: float, step: Step) -> None:
        first, end, why = float(f32(base)), math.inf, ""
        try:
            first = step(0, first)
        except ScheduleError as refusal:  # the callback is made, and stops at its first epoch
            end, why = 0.0, refusal.message
        super().__init__(first, np.asarray, end)
        self._step, self._why = step, why

    def _along(self, before: float, maps: TickArray) -> list[float]:
        values = [before]
        for epoch in map(int, maps):
            try:
                values.append(self._step(epoch, values[-1]))
            except ScheduleError as refusal:
                self._end, self._why = float(epoch), refusal.message
                break
        return values


@schedule(
    name="callbacks.ReduceLROnPlateau",
    example={"patience": 5, "factor": 0.5},
    ignores=("verbose",),
    by_epoch=True,
)
def reduce_lr_on_plateau(
    group: Group,
    monitor: Text = "val_loss",
    factor: Factor = 0.1,
    patience: Ticks = 10,
    mode: Text = "auto",
    min_delta: Number = 1e-4,
    cooldown: Ticks = 0,
    min_lr: LR = 0.0,
) -> Timeline:
    """Multiply the LR by ``factor`` when the metric has not improved for ``patience`` epochs.

    Formula: a report m is better than the best if m + min_delta < best (min) or m - min_delta > best (max),
    in float32. In a cooldown reports do not count. After ``patience`` that are no better lr = max(lr factor,
    min_lr) if the LR lies above min_lr, and a cooldown begins.
    Edges: the first report is always better; a flat metric acts after patience + 1 reports, one sooner than
    in torch. min_delta is a distance, never a share, and its sign is dropped. A first report of nan stays
    the best for ever. Mode auto is min for a loss; of other names the model's metric decides, which lrviz
    cannot know. A mode of another name counts as auto, with a warning.
    Source: keras 3.15.1 ``ReduceLROnPlateau`` and ``MonitorCallback``.

    Raises:
        ScheduleError: no metrics, or ``factor`` of 1 or more.

    """
    if factor >= 1:
        raise ScheduleError(f"ReduceLROnPlateau: factor must be below 1, got {factor!r}", hint="<factor=0.1>")
    metrics, lr = reported(group, "ReduceLROnPlateau"), float(f32(group.lr))
    if mode not in ("min", "max") and monitor.removeprefix("val_") != "loss":
        why = f"mode auto cannot tell whether {monitor} is to rise or to fall: give mode=max or mode=min"
        return Timeline((constant(lr, kind="decay", label="plateau"),), 1.0, why)
    changes, level = [], lr
    for tick in _reductions(metrics, _better(mode, min_delta), patience, cooldown):
        if level <= f32(min_lr):
            break
        level = float(f32(max(level * factor, min_lr)))
        changes.append((tick, level))
    return stairs(lr, changes, len(metrics))


def _better(mode: str, min_delta: float) -> Callable[[float, float], bool]:
    """Whether a report beats the best one, compared in float32."""
    if mode == "max":
        return lambda m, best: bool(f32(m - abs(min_delta)) > f32(best))
    return lambda m, best: bool(f32(m + abs(min_delta)) < f32(best))


def _reductions(
    metrics: Sequence[float], is_better: Callable[[float, float], bool], patience: float, cooldown: float
) -> Iterator[int]:
    """The ticks at which the LR is to be lowered, as long as it can be: report t acts on epoch t + 1."""
    best, wait, cooling = None, 0, 0.0
    for t, metric in enumerate(metrics):
        if cooling > 0:
            cooling, wait = cooling - 1, 0
        if best is None or is_better(metric, best):
            best, wait = metric, 0
        elif cooling <= 0:
            wait += 1
            if wait >= patience:
                yield t + 1
                cooling, wait = cooldown, 0
