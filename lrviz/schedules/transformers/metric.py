"""Names of ``get_scheduler`` that move on a metric: reduce_lr_on_plateau and greedy."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, Literal, NamedTuple

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, Number, PerGroup, Ticks
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.plateau import better, reported, stairs, worst
from lrviz.schedules.torch.plateau import ReduceLROnPlateau

PASSED_OVER = ("num_warmup_steps", "num_training_steps")


@schedule(example={"patience": 5}, ignores=PASSED_OVER)
@wraps(ReduceLROnPlateau, assigned=("__annotations__",))  # its parameters, with a description of its own
def reduce_lr_on_plateau(group: Group, **params: Any) -> Any:
    """Run torch's ReduceLROnPlateau with the parameters passed on.

    Formula: as torch.ReduceLROnPlateau; the Trainer reports after each evaluation.
    Edges: warmup and total are accepted and ignored.
    Source: transformers 5.23.0 ``get_reduce_on_plateau_schedule``.
    """
    return ReduceLROnPlateau(group, **params)


@schedule(example={"patience": 2, "min_lr": 1e-5}, ignores=PASSED_OVER)
def greedy(
    group: Group,
    mode: Literal["min", "max"] = "min",
    factor: Factor = 0.95,
    patience: Ticks = 10,
    threshold: Number = 1e-6,
    threshold_mode: Literal["rel", "abs"] = "abs",
    cooldown: Ticks = 0,
    warmup: Ticks = 0,
    min_lr: Floor | PerGroup = 1e-3,
    max_lr: PerGroup = 1.0,
    eps: Number = 1e-8,
    verbose: bool = False,
    smooth: bool = False,
    window_size: Ticks = 50,
    reset_start: Ticks = 500,
) -> Timeline:
    """Raise the LR while the metric improves, lower it while it does not (GreedyLR).

    Formula: after more than ``patience`` better reports in a row lr = min(lr / factor, max_lr), and the next
    ``warmup`` reports are skipped; after more than ``patience`` worse ones lr = max(lr factor, min_lr), and
    the next ``cooldown`` are skipped; both only if the LR moves by more than ``eps``. With ``smooth`` each
    report is the mean of the last ``window_size``. Once all groups stand at min_lr, each further lowering
    counts ``reset_start`` down; at 0 the LR goes back to its start and everything begins anew.
    Edges: the default min_lr of 1e-3 lies above usual LRs: such an LR is never lowered.
    Source: transformers 5.23.0 ``GreedyLR``.

    Raises:
        ScheduleError: no metrics, ``factor`` of 1 or more, or a list of the wrong length.

    """
    if factor >= 1:
        raise ScheduleError(f"greedy: factor must be below 1, got {factor!r}", hint="<factor=0.95>")
    rules = _Rules(
        floors=_for_all(group, "min_lr", min_lr),
        ceilings=_for_all(group, "max_lr", max_lr),
        factor=factor,
        eps=eps,
        patience=patience,
        warmup=warmup,
        cooldown=cooldown,
        worst=worst(mode),
        is_better=better(mode, threshold_mode, threshold),
        window=window_size if smooth else None,
        lives=reset_start,
    )
    metrics = reported(group, "greedy")
    changes, lr, tick = [], group.lr, 0
    try:
        for tick, lrs in enumerate(_greedy(rules, group.lrs, metrics), start=1):
            if lrs[group.index] != lr:
                lr = lrs[group.index]
                changes.append((tick, lr))
    except ZeroDivisionError:
        why = f"division by zero (factor={factor})"
        return replace(stairs(group.lr, changes, tick), why=why, gives_out=False)
    return stairs(group.lr, changes, len(metrics), "greedy")


def _for_all(group: Group, name: str, value: float | tuple[float, ...]) -> tuple[float, ...]:
    return tuple(replace(group, index=i).pick(name, value) for i in range(len(group.lrs)))


class _Rules(NamedTuple):
    floors: tuple[float, ...]
    ceilings: tuple[float, ...]
    factor: float
    eps: float
    patience: float
    warmup: float
    cooldown: float
    worst: float
    is_better: Callable[[float, float], bool]
    window: float | None  # reports averaged; None: none are
    lives: float

    def raised(self, lrs: list[float]) -> list[float]:
        """Every LR divided by the factor, up to its ceiling, where that moves it by more than eps."""
        highest = [min(lr / self.factor, top) for lr, top in zip(lrs, self.ceilings, strict=True)]
        return [new if new - lr > self.eps else lr for lr, new in zip(lrs, highest, strict=True)]

    def lowered(self, lrs: list[float]) -> list[float]:
        """Every LR times the factor, down to its floor, where that moves it by more than eps."""
        lowest = [max(lr * self.factor, floor) for lr, floor in zip(lrs, self.floors, strict=True)]
        return [new if lr - new > self.eps else lr for lr, new in zip(lrs, lowest, strict=True)]


def _greedy(rules: _Rules, start: tuple[float, ...], metrics: Sequence[float]) -> Iterator[list[float]]:
    """The LRs of all groups after each report."""
    lrs, best, good, bad, skip, lives = list(start), rules.worst, 0, 0, 0.0, rules.lives
    window, total = deque[float](), 0.0
    for metric in metrics:
        current = metric
        if rules.window is not None:
            window.append(metric)
            total += metric  # a running sum, as the framework keeps it: its rounding decides comparisons
            total -= window.popleft() if len(window) > rules.window else 0.0
            current = total / len(window)
        if skip > 0:
            skip, good, bad = skip - 1, 0, 0
            yield lrs
            continue
        if rules.is_better(current, best):
            best, good, bad = current, good + 1, 0
        else:
            good, bad = 0, bad + 1
        if good > rules.patience:
            lrs, skip, good, lives = rules.raised(lrs), rules.warmup, 0, rules.lives
        elif bad > rules.patience:
            lrs, skip, bad = rules.lowered(lrs), rules.cooldown, 0
            if all(lr <= floor for lr, floor in zip(lrs, rules.floors, strict=True)):
                lives -= 1
                if lives <= 0:
                    lrs, best, good, lives = list(start), rules.worst, 0, rules.lives
                    window, total = deque(), 0.0
        yield lrs
