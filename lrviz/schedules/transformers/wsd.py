"""Warmup, stable, decay of ``get_scheduler``."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import FloorRate, Number, Ticks, Total, Warmup
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.engine.timeline import constant as flat
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.cosine import half_waves

Shape = Literal["linear", "cosine", "1-sqrt"]


def _eased(kind: str, num_cycles: float) -> Callable[[TickArray], Rates]:
    """The fall from 1 to 0 over u = 0 … 1."""
    if kind == "linear":
        return lambda u: 1.0 - u
    if kind == "1-sqrt":
        return lambda u: 1.0 - np.sqrt(u)
    return lambda u: 0.5 * (1.0 + np.cos(math.pi * num_cycles * 2.0 * u))


@schedule(
    example={"num_warmup_steps": 10, "num_training_steps": 100, "num_decay_steps": 20},
    starter={"num_warmup_steps": "0", "num_decay_steps": "20%"},
    aliases=("wsd", "get_wsd_schedule"),
)
def warmup_stable_decay(
    group: Group,
    num_warmup_steps: Warmup,
    num_decay_steps: Ticks,
    num_training_steps: Total | None = None,
    num_stable_steps: Ticks | None = None,
    warmup_type: Shape = "linear",
    decay_type: Shape = "cosine",
    min_lr_ratio: FloorRate = 0.0,
    num_cycles: Number = 0.5,
) -> Timeline:
    """Warmup, stable, decay (WSD).

    Formula: B max(0, g (1 - r) + r) with r = min_lr_ratio; g rises over W steps as linear u, cosine
    (1 - cos(pi u)) / 2 or 1-sqrt 1 - sqrt(1 - u); is 1 for S = num_stable_steps or T - W - D steps; and
    falls over D = num_decay_steps as linear 1 - u, cosine (1 + cos(2 pi num_cycles u)) / 2 or 1 - sqrt(u).
    Edges: r lifts the warmup too: lr(0) = r B. After W + S + D: r B. With D > T - W the decay starts
    before the warmup is over and is cut by it.
    Source: transformers 5.23.0 ``get_wsd_schedule``.

    Raises:
        ScheduleError: neither ``num_training_steps`` nor ``num_stable_steps``.

    """
    B, W, D, r = group.lr, num_warmup_steps, num_decay_steps, min_lr_ratio
    if num_stable_steps is None and num_training_steps is None:
        raise ScheduleError(
            "one of num_training_steps and num_stable_steps is needed",
            hint="give <steps=1000>, or <num_stable_steps=1000>",
        )
    S = num_stable_steps if num_stable_steps is not None else (num_training_steps or 0) - W - D
    fall, rise = _eased(decay_type, num_cycles), _eased(warmup_type, 0.5)

    def lifted(factor: Rates) -> Rates:
        return B * np.maximum(0.0, factor * (1.0 - r) + r)

    decay_from, over = max(W, W + S), max(W, W + S + D)
    phases = [
        Phase("warmup", 0.0, lambda t: lifted(rise(1.0 - t / max(1.0, W)))),
        flat(B, kind="stable", start=W),
        Phase(
            "decay",
            decay_from,
            lambda t: lifted(fall((t - W - S) / max(1.0, D))),
            half_waves(D / (2.0 * num_cycles) if num_cycles and decay_type == "cosine" else 0, W + S),
        ),
        flat(B * r, kind="hold", label="after the end", start=over),
    ]
    starts = [0.0, W, decay_from, over, math.inf]
    return Timeline(
        tuple(p for p, start, stop in zip(phases, starts, starts[1:], strict=False) if start < stop)
    )
