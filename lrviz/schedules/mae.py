"""MAE: ``adjust_learning_rate`` as its pretraining and finetuning loops call it, efb2a80 (2022-04).

It counts epochs and parts of them. The loops call it before the first batch of every update, and throw away
what is left of an epoch where its batches are no multiple of ``accum_iter``.
"""

from __future__ import annotations

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import (
    EpochSteps,
    Floor,
    GroupScale,
    RunEpochs,
    WarmupEpochs,
    WholeCount,
)
from lrviz.engine.compose import scale
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import positive
from lrviz.schedules.shapes.cosine import cos01

FRAMEWORK = Framework("mae", "efb2a80", group_keys=("lr_scale",))


@schedule(example={"epochs": 21, "warmup_epochs": 4, "steps_per_epoch": 5, "min_lr": 0.01})
def adjust_learning_rate(
    group: Group,
    steps_per_epoch: EpochSteps,
    epochs: RunEpochs = 400,
    warmup_epochs: WarmupEpochs = 40,
    min_lr: Floor = 0.0,
    accum_iter: WholeCount = 1,
    data_loader_len: WholeCount | None = None,
    lr_scale: GroupScale = 1.0,
) -> Timeline:
    """A linear warmup from 0, then half a cosine to ``min_lr``, by parts of an epoch.

    Formula: lr is B x / W for x < W = warmup_epochs, then min_lr + (B - min_lr)
    (1 + cos(pi (x - W) / (E - W))) / 2 with E = epochs; update t is at x = e + j accum_iter / n with
    u = steps_per_epoch, e = t // u, j = t - e u and n = data_loader_len, or u accum_iter. The whole is
    multiplied by lr_scale.
    Edges: data_loader_len is how many batches an epoch has. Where it is no multiple of accum_iter the rest of
    each epoch is thrown away, and the LR moves more at an epoch's end. min_lr would be reached at
    x = E, when training is over; lr_scale multiplies it too. The defaults are those of the pretraining;
    finetuning has 50 epochs, 5 of warmup and min_lr 1e-6.
    Source: mae efb2a80 ``adjust_learning_rate``.

    Raises:
        ScheduleError: no updates or epochs, or batches that do not make so many updates.

    """
    B, m, W, E, u, acc = group.lr, min_lr, warmup_epochs, epochs, steps_per_epoch, accum_iter
    positive("adjust_learning_rate", steps_per_epoch=u, epochs=E, accum_iter=acc)
    n = u * acc if data_loader_len is None else data_loader_len
    if n // acc != u:
        raise ScheduleError(
            f"{n} batches make {n // acc} updates of {acc} each, not steps_per_epoch={u}",
            hint=f"<data_loader_len={u * acc}>",
        )

    updates, batches, each = float(u), float(n), float(acc)  # NumPy below 2 has no whole numbers beyond int64

    def epoch(t: TickArray) -> TickArray:
        e: TickArray = np.floor(t / updates)
        return (t - e * updates) * each / batches + e

    near = np.floor(W) * u + min(np.floor(W % 1.0 * n / acc), u) + np.arange(-1.0, 3.0)
    start = min(max(float(near[np.searchsorted(epoch(near), W)]), 0.0), E * u)

    def decaying(t: TickArray) -> Rates:
        return m + (B - m) * cos01((epoch(t) - W) / (float(E) - W))

    warmup = (Phase("warmup", 0.0, lambda t: B * (epoch(t) / W)),) if start > 0 else ()
    decay = (Phase("decay", start, decaying, label="cosine decay"),) if start < E * u else ()
    why = f"training is over after {E:g} epochs of {u} updates"
    line = Timeline((*warmup, *decay), E * u, why, gives_out=True)
    return scale(line, group.pick("lr_scale", lr_scale))
