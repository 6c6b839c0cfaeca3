"""nanoGPT: ``get_lr`` of its train.py, 3adf61e1 (2025-11); as it is since 2024-12.

Before that the warmup was t / W, which is Megatron's cosine: megatron.OptimizerParamScheduler.
"""

from __future__ import annotations

import math

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Floor, Total, Warmup
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.schedules.shapes.cosine import cos01

FRAMEWORK = Framework("nanogpt", "3adf61e1")


@schedule(
    example={"lr_decay_iters": 100, "warmup_iters": 10, "min_lr": 0.01},
    starter={"warmup_iters": "0"},
    aliases=("nanogpt",),
)
def get_lr(
    group: Group, lr_decay_iters: Total, warmup_iters: Warmup = 2000, min_lr: Floor = 6e-5
) -> Timeline:
    """A linear warmup that skips 0, then half a cosine to ``min_lr``, which then holds.

    Formula: lr(t) = B (t + 1) / (W + 1) for t < W = warmup_iters; min_lr + (B - min_lr)
    (1 + cos(pi (t - W) / (T - W))) / 2 up to T = lr_decay_iters; then min_lr.
    Edges: B is reached at t = W. The training loop makes max_iters + 1 updates, so that with
    lr_decay_iters = max_iters the last one has min_lr. A warmup as long as T divides by zero at t = T; a
    longer one goes on past T, and min_lr comes next.
    Source: nanogpt 3adf61e1 ``get_lr``.
    """
    B, W, T = group.lr, warmup_iters, lr_decay_iters
    start = max(W, 0.0)
    stop = max(start, math.floor(T) + 1)
    warmup = (Phase("warmup", 0.0, lambda t: B * ((t + 1.0) / (W + 1.0))),) if W > 0 else ()
    decay = Phase(
        "decay", start, lambda t: min_lr + cos01((t - W) / (T - W)) * (B - min_lr), label="cosine decay"
    )
    after = constant(min_lr, kind="hold", label="after the end", start=stop)
    phases = (*warmup, *((decay,) if start < stop else ()), after)
    end = W if W == T and float(W).is_integer() else math.inf
    return Timeline(phases, end, f"division by zero (warmup_iters={W}, lr_decay_iters={T})")
