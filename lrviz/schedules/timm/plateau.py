"""Driven by a metric: PlateauLRScheduler."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import (
    Factor,
    Floor,
    Number,
    PerGroup,
    Text,
    Ticks,
    WholeCount,
)
from lrviz.engine.compose import join
from lrviz.engine.timeline import Timeline, constant, value_at_tick
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.plateau import reported
from lrviz.schedules.timm.noise import Noise
from lrviz.schedules.timm.shared import Scheduler, Shared
from lrviz.schedules.torch.plateau import ReduceLROnPlateau


@dataclass(frozen=True)
class Reported(Shared):
    """What a scheduler that moves on a metric takes beside its formula."""

    noise_type: Text = "normal"
    noise_seed: WholeCount | None = None

    @property
    def noise(self) -> Noise:
        """The noise on its LR, even or normal."""
        return replace(super().noise, normal=self.noise_type == "normal")


@schedule(example={"patience_t": 5, "mode": "min"}, by_epoch=True)
def PlateauLRScheduler(
    group: Group,
    decay_rate: Factor = 0.1,
    patience_t: Ticks = 10,
    threshold: Number = 1e-4,
    cooldown_t: Ticks = 0,
    lr_min: Floor | PerGroup = 0.0,
    mode: Literal["min", "max"] = "max",
    *,
    shared: Reported,
) -> Timeline:
    """Multiply the LR by ``decay_rate`` when the metric has not improved for more than ``patience_t`` epochs.

    Formula: w + t (B - w) / W for t <= W = warmup_t, w = warmup_lr_init; then torch's ReduceLROnPlateau
    (factor = decay_rate, rel) on the metric of each epoch. Noise as CosineLRScheduler, behind the warmup
    only; a noise_type other than normal is even within noise_pct. The next epoch starts from the LR without
    noise.
    Edges: mode is max unless given: a loss that falls counts as no better. The warmup reaches B at warmup_t,
    not one tick behind; its metrics are not looked at. A fractional warmup_t ends below B and stays there.
    lr_scale scales the LR, not lr_min. step_update() moves nothing. Deprecated, and its state is in no
    checkpoint.
    Source: timm 1.0.31 ``PlateauLRScheduler``.

    Raises:
        ScheduleError: no metrics, ``decay_rate`` of 1 or more, or initialize=False.

    """
    if decay_rate >= 1:
        raise ScheduleError(
            f"PlateauLRScheduler: decay_rate must be below 1, got {decay_rate!r}", hint="<decay_rate=0.1>"
        )
    timm = Scheduler("PlateauLRScheduler", group, shared, False)
    start, floor = Timeline((constant(timm.start),)), group.pick("lr_min", lr_min)
    if timm.frozen:
        return timm.of_group(start)
    W, metrics = max(0, math.floor(shared.warmup_t)), reported(group, "PlateauLRScheduler")
    warmup = timm.of_group(Timeline((timm.warmup(),)) if W else start)
    level = value_at_tick(warmup, W)
    lrs = tuple(level if i == group.index else lr for i, lr in enumerate(group.lrs))
    found = replace(group, lrs=lrs, metrics=metrics[W:])
    plateau = ReduceLROnPlateau(found, mode, decay_rate, patience_t, threshold, "rel", cooldown_t, floor)
    line = replace(join([warmup, plateau], [W]), why=f"only {len(metrics)} metrics were given")
    return shared.noise.on(line, W + 1)
