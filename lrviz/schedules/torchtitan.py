"""Torchtitan: the schedule of its training loop, 0.3.0.

A LambdaLR over the optimizer update t, built by ``LRSchedulersContainer.Config``.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Factor, FloorRate, Ticks, Total, Warmup
from lrviz.engine.timeline import MONOTONE, Formula, Phase, Rates, TickArray, Timeline, constant
from lrviz.schedules.shapes.cosine import cos01, half_waves

FRAMEWORK = Framework("torchtitan", "0.3.0")

FALLS: dict[str, Formula] = {"linear": lambda u: 1.0 - u, "sqrt": lambda u: 1.0 - np.sqrt(u), "cosine": cos01}


@schedule(
    example={"training_steps": 100, "warmup_steps": 10, "decay_ratio": 0.3, "min_lr_factor": 0.1},
    starter={"warmup_steps": "0"},
)
def LRSchedulersContainer(
    group: Group,
    training_steps: Total,
    warmup_steps: Warmup = 200,
    total_steps: Ticks | None = None,
    decay_ratio: Factor | None = None,
    decay_type: Literal["linear", "sqrt", "cosine"] = "linear",
    min_lr_factor: FloorRate = 0.0,
) -> Timeline:
    """A linear warmup that skips 0, B for a while, then a decay in the last part of the run.

    Formula: lr(t) = B (t + 1) / W for t < W; B for S steps; then B (m + (1 - m) g(u)) with
    u = (t + 1 - W - S) / D, m = min_lr_factor and g = 1 - u, 1 - sqrt(u) or (1 + cos(pi u)) / 2.
    T = total_steps or training_steps, W = min(warmup_steps, T), D = T - W or, with a decay_ratio, at most
    round(T decay_ratio), and S = T + 1 - W - D.
    Edges: S counts one step more than is left, so the last update T - 1 has not reached m. Past T nothing
    is clamped: linear and sqrt go on below, cosine rises. Halves round to even: 2.5 is 2. With W = T there
    is no decay, and t = T + 1 is refused. The warmup is 200 steps unless it is given.
    Source: torchtitan 0.3.0 ``LRSchedulersContainer``.
    """
    B, m, T = group.lr, min_lr_factor, training_steps if total_steps is None else total_steps
    W = min(math.trunc(warmup_steps), T)
    D = T - W if decay_ratio is None else min(round(T * decay_ratio), T - W)
    start = T + 1 - D  # W + S
    fall = FALLS[decay_type]

    def rate(t: TickArray) -> Rates:
        return B * (m + (1.0 - m) * fall((t + 1.0 - start) / D))

    waves = half_waves(D, start - 1.0) if decay_type == "cosine" else MONOTONE
    phases = [Phase("warmup", 0.0, lambda t: B * ((t + 1.0) / W))] if W > 0 else []
    phases += [constant(B, kind="stable", start=W)] if start > max(W, 0) else []
    if D == 0:
        return Timeline(tuple(phases), start, f"decay_steps is 0 (warmup_steps={warmup_steps}, total {T})")
    end = start if D < 0 and decay_type == "sqrt" else math.inf
    decay = Phase("decay", start, rate, waves)
    return Timeline(
        (*phases, decay), end, f"the square root of a negative number (decay_ratio={decay_ratio})"
    )
