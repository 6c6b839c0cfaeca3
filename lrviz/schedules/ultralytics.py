"""Ultralytics: what its trainer (``yolo train``, ``model.train()``) does with the LR, 8.4.190.

One step is one batch. The trainer writes LRs for each batch, and its optimizer makes an update at some of
them: at every one while ``nbs`` is not above the batch size, else after ``accumulate`` batches, which grows
from 1 to round(nbs / batch) in the warmup. An update uses the LR of the batch after which it is made.

``optimizer=auto``, the trainer's default, is a choice and no schedule: with more than 10000 iterations of nbs
samples it takes MuSGD and lr0=0.01, else AdamW and lr0=round(0.01 / (4 + classes), 6); warmup_bias_lr=0 then.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import (
    LR,
    BaseLRs,
    EpochSteps,
    Factor,
    FloorRate,
    RunEpochs,
    WarmupEpochs,
    WholeTicks,
)
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.compose import hold
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.engine.timeline import constant as flat
from lrviz.errors import ScheduleError

FRAMEWORK = Framework("ultralytics", "8.4.190")

WITH_MOMENTUM = ("sgd", "sgd_momentum", "musgd", "rmsprop")
"""Optimizers whose groups have a momentum; the Adams have betas, which the trainer leaves alone."""


@schedule(example={"steps_per_epoch": 5, "epochs": 21, "lrf": 0.1}, aliases=("yolo",))
def BaseTrainer(
    group: Group,
    steps_per_epoch: EpochSteps,
    epochs: RunEpochs = 100,
    lr0: BaseLRs | None = None,
    lrf: FloorRate = 0.01,
    cos_lr: bool = False,
    warmup_epochs: WarmupEpochs = 3.0,
    warmup_bias_lr: LR = 0.1,
    warmup_momentum: Factor = 0.8,
    momentum: Factor = 0.937,
    param_group: Literal["weight", "bn", "bias", "muon"] = "weight",
    min_warmup: WholeTicks | None = None,
    reach_lrf: bool = False,
) -> Mapping[str, Timeline]:
    """A warmup by batches, then a line or a cosine that falls to ``lrf`` by epochs.

    Formula: lr(t) = B f(e) in epoch e = t // n; f(e) = (1 - e / E) (1 - lrf) + lrf, or with cos_lr
    1 + (lrf - 1) (1 - cos(pi e / E)) / 2. Up to t = nw = round(min(warmup_epochs, E - 1) n) it is on the line
    from 0, of the bias group from warmup_bias_lr, at t = 0 to B f(e) at t = nw. E = epochs, n is
    steps_per_epoch, the batches of an epoch, which the trainer calls nb, and B is lr0, or the group's LR.
    Momentum: on the line from warmup_momentum to momentum up to nw; only SGD, MuSGD and RMSprop have one.
    Edges: t counts batches, not updates. The line of the warmup aims at the LR of the epoch it is in, so it
    drops a little at each epoch. The last epoch still has more than lrf, and is never part of the warmup: of
    one epoch there is none. Training is over after E n batches. The groups are, in this order, weight, bn and
    bias. MuSGD has muon as well, and two of each, the first with 3 B for parts of the head.
    Older trainers: with min_warmup nw is max(round(warmup_epochs n), min_warmup) and may be longer than the
    run; 100 up to 8.4.102 and in YOLOv5, 1000 in YOLOv7 and in YOLOv5 before 2022. Those two have it even
    where warmup_epochs is 0, which here is no warmup. With reach_lrf the line is over E - 1, as YOLOv7's
    --linear-lr, so that the last epoch has lrf; of one epoch it divides by zero.
    Source: ultralytics 8.4.190 ``BaseTrainer``.

    Raises:
        ScheduleError: lr0, lrf, warmup_bias_lr or a momentum outside [0, 1], no whole number of epochs, a
            muon group without MuSGD, or one epoch with reach_lrf.

    """
    n, E = steps_per_epoch, epochs
    B = group.lr if lr0 is None else group.pick("lr0", lr0)
    shares = {"lr0": B, "lrf": lrf, "warmup_bias_lr": warmup_bias_lr}
    _check(
        {"steps_per_epoch": n, "epochs": E},
        {**shares, "warmup_momentum": warmup_momentum, "momentum": momentum},
    )
    if param_group == "muon" and group.optimizer != "musgd":
        raise ScheduleError(
            f"BaseTrainer: only MuSGD has a param group 'muon', the optimizer is {group.optimizer!r}",
            hint="<optimizer=musgd>",
        )
    if reach_lrf and not cos_lr and E == 1:
        raise ScheduleError("BaseTrainer: division by zero (reach_lrf with 1 epoch)", hint="<epochs=2>")
    nw = _warmup_batches(n, E, warmup_epochs, min_warmup)
    decay = _decay(B, n, E, lrf, E - 1 if reach_lrf else E, cos_lr=cos_lr)
    start = warmup_bias_lr if param_group == "bias" else 0.0

    def rising(t: TickArray) -> Rates:
        return start + (decay.phases[0].rate(t) - start) * (t / nw)

    turns = Periodic(n, jumps=True, monotone=False)
    curves = {"lr": _warmed(Phase("warmup", 0.0, rising, turns), nw, decay)}
    if group.optimizer in WITH_MOMENTUM:
        cycled = Phase("warmup", 0.0, lambda t: warmup_momentum + (momentum - warmup_momentum) * (t / nw))
        curves["momentum"] = _warmed(cycled, nw, replace(decay, phases=(flat(momentum, kind="stable"),)))
    return curves


def _check(counts: Mapping[str, float], shares: Mapping[str, float]) -> None:
    for name, value in shares.items():
        if not 0.0 <= value <= 1.0:
            raise ScheduleError(
                f"BaseTrainer: {name} must be between 0 and 1, got {value!r}", hint=f"<{name}=0.01>"
            )
    for name, count in counts.items():
        if count < 1 or count != int(count):
            raise ScheduleError(
                f"BaseTrainer: {name} must be a whole number above 0, got {count!r}", hint=f"<{name}=100>"
            )


def _warmup_batches(n: int, E: float, warmup_epochs: float, least: int | None) -> int:
    spared = warmup_epochs if least is not None else min(warmup_epochs, max(E - 1, 0))
    return max(round(spared * n), least or 0) if spared > 0 else 0


def _decay(B: float, n: int, E: float, lrf: float, length: float, *, cos_lr: bool) -> Timeline:
    """The LR of each epoch, held for its batches; ``length`` is that of the line, in epochs."""

    def line(e: TickArray) -> Rates:
        return B * (np.maximum(1.0 - e / length, 0.0) * (1.0 - lrf) + lrf)

    def cosine(e: TickArray) -> Rates:
        return B * (np.maximum((1.0 - np.cos(e * math.pi / E)) / 2.0, 0.0) * (lrf - 1.0) + 1.0)

    label, rate = ("cosine decay", cosine) if cos_lr else ("decay", line)
    why = f"training is over after {E:.0f} epochs of {n} batches"
    return hold(Timeline((Phase("decay", 0.0, rate, label=label),), E, why, gives_out=True), n)


def _warmed(warmup: Phase, nw: int, after: Timeline) -> Timeline:
    """The warmup up to batch ``nw``, where the other begins."""
    (phase,) = after.phases
    return replace(after, phases=(warmup, replace(phase, start=float(nw)))) if nw else after
