"""fairseq's schedulers of one formula after the warmup: inverse_sqrt, polynomial_decay, step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, Number, Ticks, Total, Warmup, WarmupStart
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.timeline import Phase, Timeline, constant, trend
from lrviz.schedules.fairseq.shared import above
from lrviz.schedules.shapes.checks import not_negative, positive
from lrviz.schedules.shapes.ramps import rise

if TYPE_CHECKING:
    from lrviz.engine.timeline import Rates, TickArray


@schedule(example={"warmup_updates": 10})
def inverse_sqrt(group: Group, warmup_updates: Warmup = 4000, warmup_init_lr: WarmupStart = -1) -> Timeline:
    """A linear warmup, then the inverse square root of the update.

    Formula: lr(t) = w + (B - w) t / W for t < W = warmup_updates, with w = warmup_init_lr, or 0 where that is
    below 0; then B sqrt(W) / sqrt(t).
    Edges: B is reached at t = W. The warmup is 4000 updates unless it is given, and none divides by zero.
    Source: fairseq 0.12.2 ``inverse_sqrt``.

    Raises:
        ScheduleError: no warmup.

    """
    B, W = group.lr, warmup_updates
    positive("inverse_sqrt", warmup_updates=W)
    decay = Phase("decay", W, lambda t: B * math.sqrt(W) / np.sqrt(t))
    return Timeline((*rise(max(warmup_init_lr, 0.0), B, W), decay))


@schedule(example={"warmup_updates": 10, "total_num_update": 100, "end_learning_rate": 0.01})
def polynomial_decay(
    group: Group,
    total_num_update: Total,
    warmup_updates: Warmup = 0,
    end_learning_rate: Floor = 0.0,
    power: Number = 1.0,
) -> Timeline:
    """A linear warmup from 0, then a polynomial to ``end_learning_rate``, which then holds.

    Formula: lr(t) = B t / W for t <= W = warmup_updates; E + (B - E) (1 - (t - W) / (T - W))^power up to
    T = total_num_update, with E = end_learning_rate; then E.
    Edges: a warmup that is longer than T reaches B at t = W all the same, and E comes next. An E above B
    rises. Lists of LRs and force_anneal are not taken here.
    Source: fairseq 0.12.2 ``polynomial_decay``.

    Raises:
        ScheduleError: total_num_update not above 0.

    """
    B, E, W, T = group.lr, end_learning_rate, warmup_updates, total_num_update
    positive("polynomial_decay", total_num_update=T)
    start = math.floor(W) + 1 if W > 0 else 0
    end = max(start, math.ceil(T))

    def rate(t: TickArray) -> Rates:
        return (B - E) * (1.0 - (t - W) / (T - W)) ** float(power) + E

    decay = (Phase(trend(B, E) if power >= 0 else "decay", start, rate),) if start < end else ()
    after = constant(E, kind="hold", label="after the end", start=end)
    return Timeline((*rise(0.0, B, W), *decay, after))


@schedule(
    example={"warmup_updates": 10, "lr_deacy_period": 30, "min_lr": 0.02},
)
def step(
    group: Group,
    warmup_updates: Warmup = 0,
    warmup_init_lr: WarmupStart = -1,
    min_lr: Floor = 0.0,
    lr_deacy_period: Ticks = 25000,
    lr_decay: Factor = 0.5,
) -> Timeline:
    """A linear warmup, then the LR times ``lr_decay`` again and again, not below ``min_lr``.

    Formula: lr(t) = w + (B - w) t / W for t < W = warmup_updates, with w = warmup_init_lr, or min_lr where
    that is below 0; then max(min_lr, B lr_decay^k), k the whole part of (t - W) / lr_deacy_period.
    Edges: the period counts from the end of the warmup. It is spelled so.
    Source: fairseq 0.12.2 ``step``.

    Raises:
        ScheduleError: a min_lr below 0 or not below the LR, a period not above 0, or a decay above 1.

    """
    B, W, period = group.lr, warmup_updates, lr_deacy_period
    positive("step", lr_deacy_period=period)
    not_negative("step", min_lr=min_lr, **{"1 - lr_decay": 1 - lr_decay})
    above("step", B, "min_lr", min_lr)

    def rate(t: TickArray) -> Rates:
        return np.maximum(B * float(lr_decay) ** ((t - W) // period), min_lr)

    start = max(W, 0.0)
    turns = Periodic(period, start=W, jumps=True, monotone=lr_decay >= 0)
    first = warmup_init_lr if warmup_init_lr >= 0 else min_lr
    return Timeline((*rise(first, B, W), Phase("decay", start, rate, turns, label="step")))
