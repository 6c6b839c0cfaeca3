"""One cycle over the run, which moves the momentum too: OneCycleLR."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import (
    BaseLRs,
    Factor,
    FactorPerGroup,
    Number,
    WarmupFraction,
    WholeTotal,
    WholeTotalFactor,
)
from lrviz.engine.chain import Chainable, overwrites
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.one_cycle import annealed, check_share, levels_of, phase_ends
from lrviz.schedules.torch.momentum import check_momentum


@schedule(
    example={"max_lr": 0.1, "total_steps": 100},
    aliases=("onecycle",),
)
def OneCycleLR(
    group: Group,
    max_lr: BaseLRs,
    total_steps: WholeTotal | None = None,
    epochs: WholeTotalFactor | None = None,
    steps_per_epoch: WholeTotalFactor | None = None,
    pct_start: WarmupFraction = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    cycle_momentum: bool = True,
    base_momentum: FactorPerGroup = 0.85,
    max_momentum: FactorPerGroup = 0.95,
    div_factor: Factor = 25.0,
    final_div_factor: Number = 1e4,
    three_phase: bool = False,
) -> dict[str, Timeline | Chainable]:
    """One cycle: from max_lr / div_factor up to max_lr, then down to max_lr / (div_factor final_div_factor).

    Formula: phases end at ticks pct_start T - 1 and T - 1 (three_phase: pct_start T - 1, 2 pct_start T - 2,
    T - 1); between two ends u = (t - start) / (end - start) and lr = to + (from - to) / 2 (cos(pi u) + 1), or
    (to - from) u + from. T is total_steps, or epochs * steps_per_epoch.
    Momentum: max_momentum down to base_momentum and up again (three_phase: it stays up in the third).
    Edges: the first end is fractional: max_lr may fall between two ticks and never be used. lr(T - 1) is the
    minimum; one more step() overshoots it, a further one raises. pct_start T = 1 divides by zero in the
    constructor, pct_start 1.0 at t = T. With three_phase and pct_start > 0.5 the minimum is never reached.
    The three LRs stand in the param group: of two OneCycleLRs on one optimizer the later one counts for both.
    Source: torch 2.13.0 ``OneCycleLR``; Smith and Topin 2018.

    Raises:
        ScheduleError: no length or one that is no positive whole number; pct_start is no float in [0, 1].

    """
    T = _cycle_length(total_steps, epochs, steps_per_epoch)
    check_share("OneCycleLR", pct_start)
    peak = group.pick("max_lr", max_lr)
    initial = peak / div_factor
    group.state["one_cycle"] = (initial, peak, initial / final_div_factor)
    ends = phase_ends(T, pct_start, three_phase=three_phase)

    levels = levels_of(group, three_phase=three_phase)
    line = annealed(ends, levels, T, anneal_strategy)
    if line.end <= 0:
        raise ScheduleError(
            f"OneCycleLR: {line.why}",
            hint="choose pct_start so that pct_start * total_steps is not 1",
            step=0,
        )
    part = overwrites(line)
    built: dict[str, Timeline | Chainable] = {"lr": replace(part, initial_lr=initial)}
    if cycle_momentum:
        check_momentum(group, "OneCycleLR")
        base, top = group.pick("base_momentum", base_momentum), group.pick("max_momentum", max_momentum)
        built["momentum"] = annealed(ends, lambda: [top, base, top, top], T, anneal_strategy)
    return built


def _cycle_length(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total_steps is None and (epochs is None or steps_per_epoch is None):
        raise ScheduleError(
            "OneCycleLR needs total_steps, or epochs and steps_per_epoch",
            hint="give <steps=1000>, or <total_steps=1000>",
        )
    given = (
        {"total_steps": total_steps}
        if total_steps is not None
        else {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
    )
    for name, value in given.items():
        if not isinstance(value, int) or value <= 0:
            raise ScheduleError(
                f"OneCycleLR: {name} must be a positive whole number, got {value!r}", hint=f"<{name}=1000>"
            )
    return math.prod(value for value in given.values() if value is not None)
