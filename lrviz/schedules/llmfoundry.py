"""LLM-Foundry: the schedule that it adds to those of composer, 0.22.0: ``inv_sqrt_with_warmup``.

Taken anew after every batch, by composer's rules; durations are texts: 10ba, 2ep, never shares of the run.
Its other names are composer's: cosine_with_warmup is composer.CosineAnnealingWithWarmupScheduler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Factor, FloorRate, Time, WarmupTime
from lrviz.engine.compose import scale
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant, value_at_tick
from lrviz.errors import ScheduleError
from lrviz.schedules.composer.run import Length, Run, parse

if TYPE_CHECKING:
    from lrviz.engine.timeline import Formula

FRAMEWORK = Framework("llmfoundry", "0.22.0", unit="ba")


def _length(run: Run, text: str, name: str, *, scale: bool = True) -> Length:
    """The duration in the unit of the run's own.

    Raises:
        ScheduleError: it has another.

    """
    unit, own = parse(text, name).unit, run.duration.unit
    if unit != own:
        raise ScheduleError(
            f"{name} must have the unit of max_duration ({run.duration}), got {text!r}",
            hint=f"<{name}=10{own}>",
        )
    return run.length(text, name, scale=scale)


@schedule(
    example={"t_warmup": "10ba", "t_scale": "10ba", "t_cooldown": "20ba", "max_duration": "100ba"},
    aliases=("inv_sqrt_with_warmup",),
)
def InverseSquareRootWithWarmupScheduler(
    group: Group,
    t_warmup: WarmupTime,
    t_scale: Time,
    t_cooldown: Time,
    t_max: Time = "1dur",
    alpha_f_decay: FloorRate = 0.0,
    alpha_f_cooldown: Factor = 0.0,
    *,
    run: Run,
) -> Timeline:
    """A linear warmup from 0, the inverse square root of the time, and a straight line at the end.

    Formula: f(t) = t / W for t < W; g(t) = a + (1 - a) / sqrt((t - W + S) / S); from K = max(T - C, W) on
    g(K) + (b - g(K)) min(1, (t - K) / C). W, S, C, T are t_warmup, t_scale, t_cooldown, t_max, a is
    alpha_f_decay, b alpha_f_cooldown; lr(t) = B f(t).
    Edges: W, S and C have the unit of max_duration. Without a cooldown it stays at g(K) from K on; where
    T - C < W the cooldown begins at W and ends after T. scale_schedule_ratio leaves the warmup as it is.
    Source: llmfoundry 0.22.0 ``InverseSquareRootWithWarmupScheduler``.

    Raises:
        ScheduleError: b is above a; W, S or C is a share of the run or of another unit; S is not above 0 and
            there is no warmup, after which it stops otherwise.

    """
    a, b = alpha_f_decay, alpha_f_cooldown
    if a < b:
        raise ScheduleError(
            f"alpha_f_decay {a!r} must not be below alpha_f_cooldown {b!r}", hint="<alpha_f_cooldown=0>"
        )
    W = _length(run, t_warmup, "t_warmup", scale=False)
    S, C = (_length(run, text, name) for text, name in ((t_scale, "t_scale"), (t_cooldown, "t_cooldown")))
    T = run.length(t_max, "t_max")
    if T.unit != W.unit:
        raise ScheduleError(f"t_max must have the unit of t_warmup ({W}), got {T}", hint="leave t_max out")
    warmup = [Phase("warmup", 0.0, W.share)] if W.value > 0 else []
    if S.value <= 0:
        why = f"t_scale must be above 0, got {S}"
        if not warmup:
            raise ScheduleError(why, hint=f"<t_scale=10{run.duration.unit}>", step=0)
        return scale(Timeline(tuple(warmup), W.first, why), group.lr)
    root = _root(a, W, S)
    cooled = max(T.value - C.value, W.value)
    last = value_at_tick(root, cooled)
    each, start = W.each, max(cooled / W.each, 0.0)

    def cooldown(t: TickArray) -> Rates:
        return last + np.minimum(1.0, (t * each - cooled) / C.value) * (b - last)

    decay = [Phase("decay", W.batches, lambda t: root(t * each))] if start > max(W.batches, 0.0) else []
    end = (
        Phase("decay", start, cooldown, label="cooldown")
        if C.value
        else constant(last, kind="hold", start=start)
    )
    return scale(Timeline((*warmup, *decay, end)), group.lr)


def _root(a: float, W: Length, S: Length) -> Formula:
    """The inverse square root of the time since the warmup, ``a`` at last."""
    shift, size = (
        float(S.value - W.value),
        float(S.value),
    )  # older numpy makes no float of a huge whole number
    return lambda time: a + (1.0 - a) / np.sqrt((time + shift) / size)
