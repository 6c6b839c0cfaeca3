"""OpenCLIP: the schedules of ``--lr-scheduler`` in its training, 3.3.0.

Its loop sets the LR of all param groups before update t. ``--lr`` is B, ``--warmup`` is warmup_length, and
steps are the updates of the run.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Floor, Number, Ticks, Total, Warmup
from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.schedules.shapes.cosine import half_waves

if TYPE_CHECKING:
    from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import Rates, TickArray

FRAMEWORK = Framework("open_clip", "3.3.0")


def _ramp(lr: float, W: float) -> tuple[Phase, ...]:
    """``lr`` (t + 1) / W for t < W."""
    return (Phase("warmup", 0.0, lambda t: lr * ((t + 1.0) / W)),) if W > 0 else ()


@schedule(example={"warmup_length": 10}, starter={"warmup_length": "0"}, ignores=("steps",))
def const_lr(group: Group, warmup_length: Warmup, steps: Total | None = None) -> Timeline:
    """A linear warmup that skips 0, then B.

    Formula: lr(t) = B (t + 1) / W for t < W = warmup_length, then B.
    Edges: B is reached at t = W - 1. steps play no part.
    Source: open_clip 3.3.0 ``const_lr``.
    """
    stable = constant(group.lr, kind="stable", start=max(warmup_length, 0.0))
    return Timeline((*_ramp(group.lr, warmup_length), stable))


@schedule(
    example={
        "warmup_length": 10,
        "steps": 100,
        "cooldown_steps": 30,
        "cooldown_power": 2.0,
        "cooldown_end_lr": 0.01,
    },
    starter={"warmup_length": "0", "cooldown_steps": "20%"},
)
def const_lr_cooldown(
    group: Group,
    warmup_length: Warmup,
    steps: Total,
    cooldown_steps: Ticks,
    cooldown_power: Number = 1.0,
    cooldown_end_lr: Floor = 0.0,
) -> Timeline:
    """A linear warmup that skips 0, B for a while, then a polynomial over the last ``cooldown_steps``.

    Formula: lr(t) = B (t + 1) / W for t < W = warmup_length; B for t < T - C with T = steps and
    C = cooldown_steps; then E + (B - E) (1 - (t - T + C) / C)^cooldown_power, E = cooldown_end_lr.
    Edges: E is reached at t = T, after the last update; nothing is clamped there, and a power that is not
    whole makes complex numbers of later ones. A warmup that reaches into the cooldown is followed by the rest
    of it. A cooldown of no steps divides by zero at T.
    Source: open_clip 3.3.0 ``const_lr_cooldown``.
    """
    B, W, T, C, E = group.lr, max(warmup_length, 0.0), steps, cooldown_steps, cooldown_end_lr
    power = float(cooldown_power)
    start = max(W, T - C)

    def rate(t: TickArray) -> Rates:
        left = 1.0 - (t - (T - C)) / C
        return left**power * (B - E) + E

    stable = (constant(B, kind="stable", start=W),) if start > W else ()
    end, why = math.inf, ""
    if C == 0:
        end, why = math.ceil(start), "division by zero (cooldown_steps=0)"
    elif power < 0 and float(T).is_integer() and start <= T:
        end, why = T, f"division by zero (cooldown_power={power})"
    elif not power.is_integer():
        end, why = max(math.ceil(start), math.floor(T) + 1), "the LR would be a complex number"
    return Timeline((*_ramp(B, warmup_length), *stable, Phase("decay", start, rate, Listed((T,)))), end, why)


@schedule(example={"warmup_length": 10, "steps": 100}, starter={"warmup_length": "0"})
def cosine_lr(group: Group, warmup_length: Warmup, steps: Total) -> Timeline:
    """A linear warmup that skips 0, then half a cosine to 0.

    Formula: lr(t) = B (t + 1) / W for t < W = warmup_length; then B (1 + cos(pi (t - W) / (T - W))) / 2 with
    T = steps.
    Edges: B is reached at t = W - 1 and kept at t = W. A warmup that is longer than the run goes on: the LR
    reaches B T / W, and no more (``--warmup`` is 10000 unless it is given). Past T the cosine rises again; a
    warmup of T steps divides by zero there.
    Source: open_clip 3.3.0 ``cosine_lr``.
    """
    B, W, T = group.lr, warmup_length, steps
    start = max(W, 0.0)

    def rate(t: TickArray) -> Rates:
        return 0.5 * (1.0 + np.cos(math.pi * (t - W) / (T - W))) * B

    decay = Phase("decay", start, rate, half_waves(T - W, W), label="cosine decay")
    end = math.ceil(start) if W == T else math.inf
    return Timeline((*_ramp(B, W), decay), end, f"division by zero (warmup_length={W}, steps={T})")
