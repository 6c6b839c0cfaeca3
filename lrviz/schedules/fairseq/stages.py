"""fairseq's tri_stage and fixed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import LR, EpochSteps, Factor, FloorRate, Number, Ticks, Total, Warmup
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.timeline import Phase, Timeline, constant, trend
from lrviz.engine.traced import look_up
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.ramps import rise

if TYPE_CHECKING:
    from lrviz.engine.timeline import Rates, TickArray


@schedule(
    example={"warmup_steps": 10, "hold_steps": 40, "decay_steps": 50},
    starter={
        "phase_ratio|warmup_steps": "10%",
        "phase_ratio|hold_steps": "40%",
        "phase_ratio|decay_steps": "50%",
    },
)
def tri_stage(
    group: Group,
    warmup_steps: Warmup = 0,
    hold_steps: Ticks = 0,
    decay_steps: Ticks = 0,
    phase_ratio: tuple[Factor, ...] | None = None,
    init_lr_scale: Factor = 0.01,
    final_lr_scale: FloorRate = 0.01,
    max_update: Total | None = None,
) -> Timeline:
    """A linear warmup, the LR for a while, then an exponential decay (SpecAugment's schedule).

    Formula: lr(t) = B (i + (1 - i) t / W) for t < W; B for t < W + H; B f^((t - W - H) / D) up to W + H + D;
    then f B. i = init_lr_scale, f = final_lr_scale; W, H and D are warmup_steps, hold_steps and decay_steps,
    or the whole parts of the three values of phase_ratio times max_update.
    Edges: phase_ratio wins over the steps, and must sum to exactly 1.0 in float64; 0.3,0.6,0.1 does not.
    The warmup starts at i B, not at 0. The whole parts may end the decay before max_update.
    Source: fairseq 0.12.2 ``tri_stage``.

    Raises:
        ScheduleError: ratios that are not three or do not sum to 1, no max_update for them, no
            decay, or final_lr_scale not above 0.

    """
    B, f = group.lr, final_lr_scale
    W, H, D = warmup_steps, hold_steps, decay_steps
    if phase_ratio is not None:
        W, H, D = _stages(phase_ratio, max_update)
    if D == 0 or W + H + D <= 0:
        raise ScheduleError(
            "tri_stage needs decay_steps or a phase_ratio",
            hint="<decay_steps=50%> or <phase_ratio=0.1,0.4,0.5>",
        )
    if f <= 0:
        raise ScheduleError(
            f"final_lr_scale must be above 0, got {f!r}: the decay is exponential",
            hint="<final_lr_scale=0.01>",
        )
    decay_from = max(W + H, W, 0)
    over = max(decay_from, math.floor(W + H + D) + 1)
    slope = -math.log(f) / D
    phases = [
        *rise(B * init_lr_scale, B, W),
        constant(B, kind="stable", start=max(W, 0)),
        Phase(trend(1.0, f), decay_from, lambda t: B * np.exp(-slope * (t - (W + H)))),
        constant(B * f, kind="hold", label="after the end", start=over),
    ]
    starts = [*(phase.start for phase in phases[1:]), math.inf]
    return Timeline(tuple(phase for phase, stop in zip(phases, starts, strict=True) if phase.start < stop))


def _stages(ratio: tuple[float, ...], total: float | None) -> tuple[int, int, int]:
    """The whole steps of each stage."""
    if total is None or total <= 0:
        raise ScheduleError("phase_ratio needs max_update", hint="give <steps=1000>, or <max_update=1000>")
    if len(ratio) != 3 or sum(ratio) != 1:
        raise ScheduleError(
            f"phase_ratio must be three numbers that sum to 1, got {ratio!r}",
            hint="<phase_ratio=0.1,0.4,0.5>",
        )
    warmup, hold, decay = (int(total * part) for part in ratio)
    return warmup, hold, decay


@schedule(
    example={
        "warmup_updates": 10,
        "force_anneal": 4,
        "lr_shrink": 0.5,
        "steps_per_epoch": 20,
    }
)
def fixed(
    group: Group,
    lr_by_epoch: tuple[LR, ...] | None = None,
    force_anneal: Number | None = None,
    lr_shrink: Factor = 0.1,
    warmup_updates: Warmup = 0,
    steps_per_epoch: EpochSteps | None = None,
) -> Timeline:
    """A linear warmup that skips 0; B, or an LR for each epoch, or from an epoch on smaller and smaller ones.

    Formula: lr(t) = r(e) in epoch e = 1 + t // steps_per_epoch, times (t + 1) / W for t < W = warmup_updates.
    r(e) is B, or the e-th value of lr_by_epoch, or its last; with force_anneal A, from e = A on the last
    value times lr_shrink^(e + 1 - A).
    Edges: epochs count from 1, and epoch A is the first one that is annealed. lr_by_epoch is what fairseq is
    told as a list, --lr 0.1,0.05, and B plays no part then. fairseq's trainer knows how many updates an epoch
    has; here it must be known where an epoch changes the LR.
    Source: fairseq 0.12.2 ``fixed``.

    Raises:
        ScheduleError: an empty lr_by_epoch, or an LR that changes by epoch and no steps_per_epoch.

    """
    if lr_by_epoch == ():
        raise ScheduleError("lr_by_epoch is an empty list", hint="<lr_by_epoch=0.1,0.05>")
    lrs = np.array(lr_by_epoch or (group.lr,), dtype=np.float64)
    W, A = warmup_updates, math.inf if force_anneal is None else force_anneal
    n = _epoch(steps_per_epoch, needed=lrs.size > 1 or force_anneal is not None)

    def of_epoch(t: TickArray) -> Rates:
        e = np.floor(t / n) + 1.0
        annealed: Rates = lrs[-1] * float(lr_shrink) ** np.maximum(e + 1.0 - A, 0.0)
        of_epochs = look_up(lrs, np.minimum(e - 1.0, lrs.size - 1.0).astype(int))
        return np.where(e < A, of_epochs, annealed)

    if math.isinf(n):
        after = constant(float(lrs[0]), kind="stable" if W > 0 else "constant", start=max(W, 0.0))
        return Timeline(
            (*((Phase("warmup", 0.0, lambda t: lrs[0] * ((t + 1.0) / W)),) if W > 0 else ()), after)
        )
    turns = Periodic(n, jumps=True, monotone=False)
    warmup = Phase("warmup", 0.0, lambda t: of_epoch(t) * ((t + 1.0) / W), turns)
    decay = Phase("decay", max(W, 0.0), of_epoch, turns, label="by epoch")
    return Timeline((warmup, decay) if W > 0 else (decay,))


def _epoch(steps: int | None, *, needed: bool) -> float:
    """The updates of an epoch, endless where nobody asks for them."""
    if not needed:
        return math.inf
    if steps is None or steps < 1:
        raise ScheduleError(
            "fixed changes the LR by epoch, whose length is unknown", hint="<steps_per_epoch=100>"
        )
    return steps
