"""DINOv2: the ``CosineScheduler`` of its training, b8931f7 (2025-08).

The ``cosine_scheduler`` of DINO, BEiT and ConvNeXt makes the same numbers; it is told epochs and the updates
of one, and is over after the last update.
"""

from __future__ import annotations

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Floor, GroupScale, WarmupStart, WholeTicks, WholeTotal, WholeWarmup
from lrviz.engine.compose import scale
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import not_negative
from lrviz.schedules.shapes.cosine import cos01
from lrviz.schedules.shapes.ramps import rise

FRAMEWORK = Framework("dinov2", "b8931f7", group_keys=("lr_scale",))


@schedule(
    example={"total_iters": 100, "warmup_iters": 10, "final_value": 0.01},
    starter={"final_value": "0"},
    aliases=("cosine_scheduler",),
)
def CosineScheduler(
    group: Group,
    final_value: Floor,
    total_iters: WholeTotal,
    warmup_iters: WholeWarmup = 0,
    start_warmup_value: WarmupStart = 0.0,
    freeze_iters: WholeTicks = 0,
    lr_scale: GroupScale = 1.0,
) -> Timeline:
    """A linear warmup that ends one update early, then half a cosine towards ``final_value``.

    Formula: lr(t) = w + (B - w) t / (W - 1) for t < W = warmup_iters, w = start_warmup_value; then
    m + (B - m) (1 + cos(pi (t - W) / (T - W))) / 2 with m = final_value, T = total_iters; m from t = T on.
    Before all that it is 0 for freeze_iters, which are part of T. The whole is multiplied by lr_scale.
    Edges: the warmup is numpy's linspace, which has both its ends: two updates, W - 1 and W, are at B. A
    warmup of one update is at w. The last update has not reached m. lr_scale is what DINOv2 calls
    lr_multiplier; it multiplies m too.
    Source: dinov2 b8931f7 ``CosineScheduler``.

    Raises:
        ScheduleError: a negative number of updates, or more of them frozen and in the warmup than in all.

    """
    B, W, F, T, w, m = group.lr, warmup_iters, freeze_iters, total_iters, start_warmup_value, final_value
    not_negative("CosineScheduler", warmup_iters=W, freeze_iters=F)
    if F + W > T:
        raise ScheduleError(
            f"total_iters={T} has no room for warmup_iters={W} and freeze_iters={F}",
            hint=f"<total_iters={F + W}>",
        )
    start, N = F + W, T - F - W
    frozen = [constant(0.0, kind="hold", label="frozen")] if F else []
    ramp = [phase.shift(F) for phase in rise(w, B, W - 1)] or [constant(w, kind="warmup", start=F)]
    cosine = Phase("decay", start, lambda t: m + (B - m) * cos01((t - start) / N), label="cosine decay")
    after = constant(m, kind="hold", label="after the end", start=T)
    phases = (*frozen, *(ramp if W else []), *([cosine] if N else []), after)
    return scale(Timeline(phases), group.pick("lr_scale", lr_scale))
