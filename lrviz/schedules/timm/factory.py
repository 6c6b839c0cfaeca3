"""What train.py calls: create_scheduler_v2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import (
    LR,
    EpochSteps,
    Factor,
    Floor,
    Function,
    GroupScale,
    Number,
    OnEpochs,
    Ticks,
    Total,
    Warmup,
    WholeCount,
)
from lrviz.engine.timeline import Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.timm.cycles import Cycles
from lrviz.schedules.timm.cyclic import CosineLRScheduler, PolyLRScheduler, TanhLRScheduler
from lrviz.schedules.timm.plateau import PlateauLRScheduler, Reported
from lrviz.schedules.timm.shared import Caller, Timed
from lrviz.schedules.timm.steps import MultiStepLRScheduler, StepLRScheduler
from lrviz.schedules.timm.wsd import Decay, Stable, WSDLRScheduler

Sched = Literal["cosine", "tanh", "step", "multistep", "poly", "wsd", "rsqrt", "constant", "plateau", "none"]
CYCLIC = ("cosine", "tanh", "poly", "wsd", "rsqrt")
"""Those with a ``get_cycle_length``."""


@schedule(example={"num_epochs": 90, "warmup_epochs": 10, "cooldown_epochs": 10}, by_epoch=True, plans=True)
def create_scheduler_v2(
    group: Group,
    sched: Sched = "cosine",
    num_epochs: Total = 300,
    decay_epochs: Number | None = None,
    decay_milestones: tuple[Ticks, ...] = (90, 180, 270),
    cooldown_epochs: Ticks = 0,
    patience_epochs: Ticks = 10,
    decay_rate: Factor = 0.1,
    min_lr: Floor = 0.0,
    warmup_lr: LR = 1e-5,
    warmup_epochs: Warmup = 0,
    warmup_prefix: bool = False,
    noise: Number | tuple[Number, ...] | None = None,
    noise_pct: Number = 0.67,
    noise_std: Number = 1.0,
    noise_seed: WholeCount | None = 42,
    cycle_mul: Factor = 1.0,
    cycle_decay: Factor = 0.1,
    cycle_limit: Number = 1,
    k_decay: Number = 1.0,
    decay_fn: Decay | Function | None = None,
    stable_timescale: Ticks | None = None,
    plateau_mode: Literal["min", "max"] = "max",
    step_on_epochs: OnEpochs = True,
    updates_per_epoch: EpochSteps = 0,
    stepped_by: Caller | None = None,
    lr_scale: GroupScale = 1.0,
) -> Timeline:
    """The scheduler called ``sched``, its durations in epochs, and the number of epochs to train.

    Formula: that of CosineLRScheduler, TanhLRScheduler, StepLRScheduler, MultiStepLRScheduler,
    PolyLRScheduler (power = decay_rate), WSDLRScheduler (wsd; rsqrt falls stably and decays linearly) or
    PlateauLRScheduler. constant is StepLRScheduler with decay_rate 1, none no scheduler. Every duration is
    multiplied by updates_per_epoch if ``step_on_epochs`` is false. noise is a part of num_epochs. The run is
    cycles, cooldown and, with ``warmup_prefix``, warmup long.
    Edges: a poly without decay_rate has the power 0.1. cycle_decay is 0.1, not 1 as in the classes. Step,
    multistep, constant and plateau take no cooldown_epochs. wsd and rsqrt put the warmup within num_epochs
    unless warmup_prefix is set; decay_epochs between 0 and 1 is a part of the rest, 0.2 unless given; for
    step it is 90. Epochs left over by updates_per_epoch are cut off the run.
    Source: timm 1.0.31 ``create_scheduler_v2``.

    Raises:
        ScheduleError: ``step_on_epochs`` is false with a plateau or without ``updates_per_epoch``, the decay
            of a wsd does not fit, or the scheduler refuses.

    """
    if not step_on_epochs and updates_per_epoch <= 0:
        raise ScheduleError(
            f"create_scheduler_v2: step_on_epochs=False needs updates_per_epoch, got {updates_per_epoch!r}",
            hint="<updates_per_epoch=100>",
        )
    per = 1 if step_on_epochs else updates_per_epoch
    T, W = num_epochs * per, warmup_epochs * per
    shared: dict[str, Any] = {
        "warmup_t": W,
        "warmup_lr_init": warmup_lr,
        "noise_range_t": _noise_range(noise, T),
        "noise_pct": noise_pct,
        "noise_std": noise_std,
        "noise_seed": noise_seed,
        "stepped_by": stepped_by,
        "lr_scale": lr_scale,
    }
    timed = Timed(**shared, t_in_epochs=step_on_epochs)
    cycles = Cycles(T, min_lr, cycle_mul, cycle_decay, cycle_limit, warmup_prefix)
    left = T if warmup_prefix else T - W
    every = (90 if decay_epochs is None else decay_epochs) * per
    places = tuple(place * per for place in decay_milestones)
    scale = None if stable_timescale is None else stable_timescale * per

    def wsd(stable: Stable, usual: Decay) -> Any:
        fn, decay_t = decay_fn or usual, _decay(decay_epochs, per, left)
        return WSDLRScheduler(group, left, decay_t, min_lr, stable, scale, decay_fn=fn, shared=timed)

    make: Mapping[str, Callable[[], Any]] = {
        "cosine": lambda: CosineLRScheduler(group, cycles, k_decay, shared=timed),
        "tanh": lambda: TanhLRScheduler(group, cycles, shared=timed),
        "poly": lambda: PolyLRScheduler(group, cycles, decay_rate, k_decay, shared=timed),
        "wsd": lambda: wsd("constant", "1-sqrt"),
        "rsqrt": lambda: wsd("rsqrt", "linear"),
        "step": lambda: StepLRScheduler(group, every, decay_rate, warmup_prefix, shared=timed),
        "multistep": lambda: MultiStepLRScheduler(group, places, decay_rate, warmup_prefix, shared=timed),
        "constant": lambda: StepLRScheduler(group, 1, 1.0, warmup_prefix, shared=timed),
        "plateau": lambda: PlateauLRScheduler(
            group, decay_rate, patience_epochs, lr_min=min_lr, mode=plateau_mode, shared=Reported(**shared)
        ),
        "none": lambda: Timeline((constant(group.lr),)),
    }
    if sched == "plateau" and not step_on_epochs:
        raise ScheduleError(
            "create_scheduler_v2: a plateau is stepped per epoch", hint="<step_on_epochs=true>"
        )
    group.pick("lr_scale", lr_scale)
    line: Timeline = make[sched]()
    epochs = num_epochs + (warmup_epochs if warmup_prefix else 0)
    if sched in CYCLIC:
        if line.length is None:
            raise ScheduleError("create_scheduler_v2: these cycles have no length", hint="<cycle_mul=1>")
        ticks = line.length + cooldown_epochs * per
        epochs = ticks if step_on_epochs else ticks // per
    return replace(line, length=epochs * per)


def _noise_range(noise: float | tuple[float, ...] | None, T: float) -> float | tuple[float, ...] | None:
    """The ticks of the noise, whose ends are parts of the run."""
    if not isinstance(noise, tuple):
        return None if noise is None else noise * T
    ends = tuple(end * T for end in noise)
    return ends[0] if len(ends) == 1 else ends


def _decay(epochs: float | None, per: int, ticks: float) -> int:
    """The ticks of a decay at the end of a schedule of so many."""
    given = 0.2 if epochs is None else epochs
    decay = round(given * ticks if 0 < given < 1 else given * per)
    if not 0 < decay <= ticks:
        raise ScheduleError(
            f"create_scheduler_v2: a decay of {decay} does not fit into the {ticks} behind the warmup",
            hint="<decay_epochs=0.2>",
        )
    return decay
