"""NeMo's CosineAnnealing: two schedules under one name."""

from __future__ import annotations

import math

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, Ticks, Total, Warmup
from lrviz.engine.timeline import Phase, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.nemo.shared import annealed, behind_warmup, lowest, ramp, stretch, zero
from lrviz.schedules.shapes.cosine import cos01


@schedule(example={"warmup_steps": 10, "max_steps": 100, "min_lr": 0.01, "constant_steps": 20})
def CosineAnnealing(
    group: Group,
    *,
    max_steps: Total,
    warmup_steps: Warmup | None = None,
    warmup_ratio: Factor | None = None,
    constant_steps: Ticks | None = None,
    constant_ratio: Factor | None = None,
    min_lr: Floor = 0,
) -> Timeline:
    """A linear warmup, half a cosine to ``min_lr``, and ``min_lr`` for ``constant_steps``.

    Formula: with C = constant_steps = 0, lr(t) = B (t + 1) / (W + 1) for t <= W; min_lr + (B - min_lr)
    (1 + cos(pi (t - W) / (T - W))) / 2 up to T = max_steps; then min_lr. With any other C the warmup is
    B t / W, from 0, the cosine lasts from W to T - C, and B is the default LR, that of the first param group.
    W is warmup_steps, or the whole part of warmup_ratio T, or 0; C as well.
    Edges: constant_steps stand at the end, at min_lr, and are taken from the cosine: with C >= T - W there is
    none, and the LR falls from B to min_lr right after the warmup (in NeMo 2 it is 80000 unless given).
    With C = 0 and T = W = 0, and with C = T and no warmup, it divides by zero.
    Source: nemo 3.0.0 ``CosineAnnealing``.

    Raises:
        ScheduleError: steps and ratio of one stretch, a division by zero at once, or a min_lr above B (with
            constant_steps: or equal to it).

    """
    W = stretch("warmup", warmup_steps, warmup_ratio, max_steps)
    C = stretch("constant", constant_steps, constant_ratio, max_steps)
    B, T = (group.lrs[0] if C else group.lr), max_steps
    if C and min_lr >= B:
        raise ScheduleError(
            f"min_lr must be below the LR {B!r}, got {min_lr!r}", hint=f"<min_lr={B / 10:.4g}>", step=0
        )
    D = T - W - C
    before = ramp(B, W) if not C else (Phase("warmup", 0.0, lambda t: B * (t / W)),) if W > 0 else ()
    decay = Phase(
        "decay", behind_warmup(W), lambda t: (B - min_lr) * cos01((t - W) / D) + min_lr, label="cosine decay"
    )
    end, why = zero(D, max_steps=T, warmup_steps=W, constant_steps=C)
    if lowest(group) < min_lr:
        end, why = -math.inf, f"min_lr {min_lr!r} is above the LR {lowest(group)!r}"
    return annealed(before, decay, min(T, T - C), min_lr, end=end, why=why)
