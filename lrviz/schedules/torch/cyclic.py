"""Triangular cycles, which move the momentum too: CyclicLR."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import BaseLRs, Factor, FactorPerGroup, Floor, Function, PerGroup, Ticks
from lrviz.engine.chain import Chainable, overwrites
from lrviz.engine.compose import scale
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.triangles import Mode, scaled_triangles, triangles
from lrviz.schedules.torch.momentum import check_momentum


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
    base_lr: Floor | PerGroup,
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
) -> dict[str, Timeline | Chainable]:
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
        raise ScheduleError("CyclicLR: division by zero (step_size_up=0)", hint="<step_size_up=1> or more")
    if scale_fn is None and mode not in get_args(Mode):
        modes = ", ".join(get_args(Mode))
        raise ScheduleError(f"CyclicLR: no mode {mode!r}", hint=f"one of {modes}, or a scale_fn")
    low, high = group.pick("base_lr", base_lr), group.pick("max_lr", max_lr)
    waves = (
        triangles(up, down, mode, gamma)
        if scale_fn is None
        else scaled_triangles(up, down, scale_fn, scale_mode)
    )
    built: dict[str, Timeline | Chainable] = {"lr": _cyclic_part(group, scale(waves, high - low, low), low)}
    if cycle_momentum:
        check_momentum(group, "CyclicLR")
        least, most = group.pick("base_momentum", base_momentum), group.pick("max_momentum", max_momentum)
        built["momentum"] = scale(waves, -(most - least), most)
    return built


def _cyclic_part(group: Group, timeline: Timeline, low: float) -> Chainable:
    """Built on a fresh optimizer it writes its base LR there; else the first value is the older one."""
    standing = low if group.fresh else group.lr
    return replace(overwrites(timeline), first=(0.0, standing), initial_lr=standing)
