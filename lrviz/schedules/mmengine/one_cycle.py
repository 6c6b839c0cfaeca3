"""One cycle over the window: OneCycleLR."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import (
    BaseLRs,
    Factor,
    Number,
    WarmupFraction,
    WholeTicks,
)
from lrviz.engine.chain import Chainable, Pairs
from lrviz.engine.timeline import TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.mmengine.window import Window
from lrviz.schedules.shapes.one_cycle import annealed, check_share, levels_of, phase_ends


@schedule(example={"eta_max": 0.1, "total_steps": 100, "by_epoch": False})
def OneCycleLR(
    group: Group,
    eta_max: BaseLRs = 0.0,
    total_steps: WholeTicks | None = None,
    pct_start: WarmupFraction = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    div_factor: Factor = 25.0,
    final_div_factor: Number = 1e4,
    three_phase: bool = False,
    *,
    window: Window,
) -> Chainable:
    """One cycle: from eta_max / div_factor up to eta_max, then down below where it began.

    Formula: the LRs are eta_max / div_factor, eta_max and eta_max / (div_factor final_div_factor). Phases
    end at ticks pct_start T - 1 and T - 1 (three_phase: pct_start T - 1, 2 pct_start T - 2, T - 1); between
    two ends u = (k - start) / (end - start) and lr = to + (from - to) / 2 (cos(pi u) + 1), or (to - from) u
    + from. T is total_steps, or end - begin.
    Edges: as torch's OneCycleLR, but the momentum stays. eta_max is 0 unless given. The LR it finds is not
    looked at, and a window that is longer than T + 1 raises at k = T + 1. Its LRs stand in the param group:
    schedulers built after it take eta_max / div_factor for the base LR, and of two the later one counts for
    both.
    Source: mmengine 0.10.7 ``OneCycleParamScheduler``.

    Raises:
        ScheduleError: total_steps is no positive whole number, pct_start no float in [0, 1], an empty window.

    """
    if total_steps is not None and total_steps <= 0:
        raise ScheduleError(
            f"OneCycleLR: total_steps must be a positive whole number, got {total_steps!r}",
            hint="<total_steps=1000>",
        )
    check_share("OneCycleLR", pct_start)
    place = window.place()
    T = place.end - place.begin if total_steps is None else total_steps * place.scale
    peak = group.pick("eta_max", eta_max)
    initial = peak / div_factor
    group.state["one_cycle"] = (initial, peak, initial / final_div_factor)

    levels = levels_of(group, three_phase=three_phase)
    ends = phase_ends(T, pct_start, three_phase=three_phase)
    alone = annealed(ends, levels, T, anneal_strategy)
    anywhere = Timeline(alone.phases)  # outside the window nothing is refused

    def maps(k: TickArray) -> Pairs:
        return [(np.zeros(k.shape), anywhere(k))]

    return replace(place.part(group, alone, maps), initial_lr=initial)
