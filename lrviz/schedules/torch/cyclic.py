"""Triangular cycles, which move the momentum too: CyclicLR."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np

from lrviz.compose import product, scaled
from lrviz.errors import ScheduleError
from lrviz.fold import Part, overwrites
from lrviz.registry import (
    BaseLRs,
    Factor,
    FactorPerGroup,
    Function,
    Group,
    PerGroup,
    Ticks,
    schedule,
)
from lrviz.schedules.torch.functions import as_function
from lrviz.schedules.torch.momentum import check_momentum
from lrviz.timeline import Phase, Rates, Rough, Timeline
from lrviz.timeline import Ticks as TickArray
from lrviz.turns import Every, Turns

Mode = Literal["triangular", "triangular2", "exp_range"]


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
    mode: Mode | str = "triangular",
    gamma: Factor = 1.0,
    scale_fn: Function | None = None,
    scale_mode: Literal["cycle", "iterations"] = "cycle",
    cycle_momentum: bool = True,
    base_momentum: FactorPerGroup = 0.8,
    max_momentum: FactorPerGroup = 0.9,
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
    if scale_fn is None and mode not in get_args(Mode):
        modes = ", ".join(get_args(Mode))
        raise ScheduleError(f"CyclicLR: no mode {mode!r}", hint=f"one of {modes}, or a scale_fn")
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
    built: dict[str, Timeline | Part] = {"lr": _cyclic_part(group, scaled(waves, high - low, low), low)}
    if cycle_momentum:
        check_momentum(group, "CyclicLR")
        least, most = group.pick("base_momentum", base_momentum), group.pick("max_momentum", max_momentum)
        built["momentum"] = scaled(waves, -(most - least), most)
    return built


def _cyclic_part(group: Group, timeline: Timeline, low: float) -> Part:
    """Built on a fresh optimizer it writes its base LR there; else the first value is the older one."""
    standing = low if group.fresh else group.lr
    return replace(overwrites(timeline), first=(0.0, standing), initial_lr=standing)


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

    def scale(t: TickArray) -> Rates:
        try:
            return function(number(t))
        except ScheduleError as error:  # its step is what the function was given
            at = t[number(t) == error.step]
            raise ScheduleError(error.message, step=None if not at.size else int(at.min())) from None

    def spread(low: TickArray, high: TickArray) -> tuple[Rates, Rates]:
        return bounds(number(low), number(high)) if bounds else (low - math.inf, high + math.inf)

    triangles = Phase(
        "cycles", 0.0, lambda t: _triangle(t, up, down)[0], _cycle_turns(up, down, "triangular", 1.0)
    )
    scaled = Phase("cycles", 0.0, scale, Rough(spread if bounds else None))
    return product([Timeline((triangles,)), Timeline((scaled,))])
