"""Cyclical schedulers, which move the momentum too: CyclicLR and OneCycleLR."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from lrviz.compose import product
from lrviz.errors import ScheduleError
from lrviz.fold import Part, overwrites
from lrviz.registry import (
    BaseLRs,
    Count,
    Factor,
    Function,
    Group,
    PerGroup,
    Ticks,
    WarmupFraction,
    WholeTicks,
    WholeTotal,
    schedule,
)
from lrviz.schedules.torch.functions import as_function
from lrviz.timeline import Phase, Rates, Rough, Timeline
from lrviz.timeline import Ticks as TickArray
from lrviz.turns import At, Every, Turns

NO_MOMENTUM = ("adagrad", "adadelta", "rprop", "asgd", "lbfgs", "adafactor")


def _check_momentum(group: Group, schedule: str) -> None:
    if group.optimizer in NO_MOMENTUM:
        raise ScheduleError(
            f"{schedule}: the optimizer {group.optimizer!r} has neither momentum nor beta1 to cycle",
            hint="cycle_momentum=false",
        )


@schedule(
    example={
        "base_lr": 1e-3,
        "max_lr": 6e-3,
        "step_size_up": 20,
        "mode": "triangular2",
        "cycle_momentum": False,
    },
    starter={"base_lr": "lr/10", "step_size_up": "10%"},
    aliases=("cyclic",),
)
def CyclicLR(
    group: Group,
    base_lr: PerGroup,
    max_lr: BaseLRs,
    step_size_up: Ticks = 2000,
    step_size_down: Ticks | None = None,
    mode: Literal["triangular", "triangular2", "exp_range"] = "triangular",
    gamma: Factor = 1.0,
    scale_fn: Function | None = None,
    scale_mode: Literal["cycle", "iterations"] = "cycle",
    cycle_momentum: bool = True,
    base_momentum: float | tuple[float, ...] = 0.8,
    max_momentum: float | tuple[float, ...] = 0.9,
) -> dict[str, Timeline | Part]:
    """Triangles between ``base_lr`` and ``max_lr``: up in ``step_size_up`` ticks, down in ``step_size_down``.

    Formula: lr(t) = base_lr + (max_lr - base_lr) h(t) g, with c = floor(1 + t / S), x = 1 + t / S - c,
    S = up + down; h = x / r for x <= r = up / S, else (x - 1) / (r - 1); g is 1 (triangular), 2^-(c - 1)
    (triangular2), gamma^t (exp_range), scale_fn(c) or, with scale_mode iterations, scale_fn(t).
    Momentum: max_momentum - (max_momentum - base_momentum) h(t) g, also on an SGD that had none.
    Edges: exp_range counts t from the start of the run, not of the cycle. The optimizer's LR is overwritten,
    but if another scheduler was built on the optimizer before, its LR stands at t = 0. step_size_up 0
    divides by zero.
    Source: torch 2.13.0 ``CyclicLR``; Smith 2017.

    Raises:
        ScheduleError: lists whose length is not the number of groups, or no momentum to cycle.

    """
    up = float(step_size_up)
    down = up if step_size_down is None else float(step_size_down)
    if up == 0:
        raise ScheduleError("CyclicLR: division by zero (step_size_up=0)", hint="step_size_up=1 or more")
    low, high = group.pick("base_lr", base_lr), group.pick("max_lr", max_lr)
    if scale_fn is not None:
        waves = _scaled_triangles(up, down, scale_fn, scale_mode)
    else:
        waves = Timeline(
            (
                Phase(
                    "cycles",
                    0.0,
                    lambda t: _height(t, up, down, mode, gamma),
                    _cycle_turns(up, down, mode, gamma),
                ),
            )
        )
    built: dict[str, Timeline | Part] = {
        "lr": _cyclic_part(group, product([waves], scale=high - low, plus=low), low)
    }
    if cycle_momentum:
        _check_momentum(group, "CyclicLR")
        least, most = group.pick("base_momentum", base_momentum), group.pick("max_momentum", max_momentum)
        built["momentum"] = product([waves], scale=-(most - least), plus=most)
    return built


def _cyclic_part(group: Group, timeline: Timeline, low: float) -> Part:
    """Built on a fresh optimizer it writes its base LR there; else the first value is the older one."""
    part = overwrites(timeline)
    standing = low if group.fresh else group.lr
    return Part(
        part.timeline, (0.0, standing), part.maps, part.enter, initial_lr=standing, again=lambda: part
    )


def _triangle(t: TickArray, up: float, down: float) -> tuple[Rates, TickArray]:
    """The height 0 … 1 inside the cycle, and the cycle's number, from 1."""
    size = up + down
    ratio = up / size
    cycle = np.floor(1.0 + t / size)
    x = 1.0 + t / size - cycle
    return np.where(x <= ratio, x / ratio, (x - 1.0) / (ratio - 1.0)), cycle


def _height(t: TickArray, up: float, down: float, mode: str, gamma: float) -> Rates:
    height, cycle = _triangle(t, up, down)
    if mode == "triangular2":
        return height * (1.0 / 2.0 ** (cycle - 1.0))
    return height * float(gamma) ** t if mode == "exp_range" else height


def _cycle_turns(up: float, down: float, mode: str, gamma: float) -> Turns:
    """Foot and peak; exp_range turns once more inside a leg, where growth and decay balance."""
    offsets = {0.0, up}
    if mode == "exp_range" and gamma <= 0:
        return Every(1, monotone=False)
    if mode == "exp_range" and gamma != 1:
        balance = -1.0 / math.log(gamma)
        offsets |= {place for place in (balance,) if 0 < place < up}
        offsets |= {place for place in (up + down + balance,) if up < place < up + down}
    return Every(up + down, tuple(sorted(offsets)))


def _scaled_triangles(up: float, down: float, scale_fn: Any, scale_mode: str) -> Timeline:
    function, bounds = as_function(scale_fn, "x")

    def number(t: TickArray) -> TickArray:
        return np.floor(1.0 + t / (up + down)) if scale_mode == "cycle" else t

    def spread(low: TickArray, high: TickArray) -> tuple[Rates, Rates]:
        return bounds(number(low), number(high)) if bounds else (low - math.inf, high + math.inf)

    triangles = Phase(
        "cycles", 0.0, lambda t: _triangle(t, up, down)[0], _cycle_turns(up, down, "triangular", 1.0)
    )
    scale = Phase("cycles", 0.0, lambda t: function(number(t)), Rough(spread if bounds else None))
    return product([Timeline((triangles,)), Timeline((scale,))])


@schedule(
    example={"max_lr": 0.1, "total_steps": 100},
    starter={},
    aliases=("onecycle",),
)
def OneCycleLR(
    group: Group,
    max_lr: BaseLRs,
    total_steps: WholeTotal | None = None,
    epochs: WholeTicks | None = None,
    steps_per_epoch: WholeTicks | None = None,
    pct_start: WarmupFraction = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    cycle_momentum: bool = True,
    base_momentum: float | tuple[float, ...] = 0.85,
    max_momentum: float | tuple[float, ...] = 0.95,
    div_factor: Factor = 25.0,
    final_div_factor: Count = 1e4,
    three_phase: bool = False,
) -> dict[str, Timeline | Part]:
    """One cycle: from max_lr / div_factor up to max_lr, then down to max_lr / (div_factor final_div_factor).

    Formula: phases end at ticks pct_start T - 1 and T - 1 (three_phase: pct_start T - 1, 2 pct_start T - 2,
    T - 1); between two ends u = (t - start) / (end - start) and lr = to + (from - to) / 2 (cos(pi u) + 1), or
    (to - from) u + from. T is total_steps, or epochs * steps_per_epoch.
    Momentum: max_momentum down to base_momentum and up again (three_phase: it stays up in the third).
    Edges: the first end is fractional: max_lr may fall between two ticks and never be used. lr(T - 1) is the
    minimum; one more step() overshoots it, a further one raises. pct_start T = 1 divides by zero in the
    constructor, pct_start 1.0 at t = T. With three_phase and pct_start > 0.5 the minimum is never reached.
    Source: torch 2.13.0 ``OneCycleLR``; Smith and Topin 2018.

    Raises:
        ScheduleError: no length or one that is no positive whole number; pct_start is no float in [0, 1].

    """
    T = _cycle_length(total_steps, epochs, steps_per_epoch)
    if isinstance(pct_start, int) or not 0 <= pct_start <= 1:  # torch insists on a float
        raise ScheduleError(
            f"OneCycleLR: pct_start must be a float between 0 and 1, got {pct_start!r}", hint="pct_start=0.3"
        )
    peak = group.pick("max_lr", max_lr)
    initial = peak / div_factor
    lowest = initial / final_div_factor
    ends = (
        [pct_start * T - 1, 2 * pct_start * T - 2, T - 1.0] if three_phase else [pct_start * T - 1, T - 1.0]
    )
    levels = [initial, peak, initial, lowest] if three_phase else [initial, peak, lowest]
    part = overwrites(_annealed(ends, levels, T, anneal_strategy))
    built: dict[str, Timeline | Part] = {
        "lr": Part(part.timeline, part.first, part.maps, part.enter, initial_lr=initial)
    }
    if cycle_momentum:
        _check_momentum(group, "OneCycleLR")
        base, top = group.pick("base_momentum", base_momentum), group.pick("max_momentum", max_momentum)
        built["momentum"] = _annealed(ends, [top, base, top, top][: len(levels)], T, anneal_strategy)
    return built


def _cycle_length(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total_steps is None and (epochs is None or steps_per_epoch is None):
        raise ScheduleError(
            "OneCycleLR needs total_steps, or epochs and steps_per_epoch",
            hint="give --steps, or total_steps=1000",
        )
    given = (
        {"total_steps": total_steps}
        if total_steps is not None
        else {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
    )
    for name, value in given.items():
        if not isinstance(value, int) or value <= 0:
            raise ScheduleError(
                f"OneCycleLR: {name} must be a positive whole number, got {value!r}", hint=f"{name}=1000"
            )
    return math.prod(value for value in given.values() if value is not None)


def _annealed(ends: list[float], levels: list[float], T: int, strategy: str) -> Timeline:
    """Phase i goes from levels[i] at ends[i - 1] (0 for the first) to levels[i + 1] at ends[i]."""
    names = ["warmup", "annealing"] if len(ends) == 2 else ["warmup", "cooldown", "annihilation"]
    phases: list[Phase] = []
    stop, why = T + 1.0, f"tried to step {T + 1} times, total_steps is {T}"
    for i, end in enumerate(ends):
        start = ends[i - 1] if i else 0.0
        first = max(0, math.floor(max(ends[:i])) + 1) if i else 0
        last = T if end == ends[-1] and i == len(ends) - 1 else math.floor(end)
        if first > last:
            continue
        if end == start and first < stop:
            stop, why = float(first), f"division by zero (a phase of no length ends at tick {end})"
        phases.append(
            Phase(
                names[i],
                float(first),
                _anneal(start, end, levels[i], levels[i + 1], strategy),
                At((T - 1.0,)),
            )
        )
    if stop <= 0:
        raise ScheduleError(
            f"OneCycleLR: {why}", hint="choose pct_start so that pct_start * total_steps is not 1", step=0
        )
    return Timeline(tuple(phases), stop, why)


def _anneal(start: float, end: float, before: float, after: float, strategy: str) -> Any:
    def rate(t: TickArray) -> Rates:
        u = (t - start) / (end - start) if end != start else np.zeros(t.shape)
        if strategy == "cos":
            return after + (before - after) / 2.0 * (np.cos(math.pi * u) + 1.0)
        return (after - before) * u + before

    return rate
