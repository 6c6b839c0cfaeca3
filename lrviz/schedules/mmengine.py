"""mmengine: parameter schedulers with a window [begin, end) of a global step, 0.10.7.

Each scheduler acts at global step g only where begin <= g < end, with its local step k = g - begin,
and works on the LR it finds; outside its window it leaves the LR alone. The constructor is step 0.
A list is therefore the fold of its members' maps. Computed in float64. A step is an epoch, or with
``by_epoch`` false an iteration: it says who calls step(), and changes no formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lrviz.arguments import bind
from lrviz.errors import ScheduleError
from lrviz.fold import KEEP, Part, apply, around, folded, in_turn, stepped_to_zero
from lrviz.registry import ByEpoch, Count, Factor, Floor, Framework, Group, Schedules, Ticks, find, schedule
from lrviz.schedules.common import annealed, annealing, half_waves
from lrviz.timeline import MONOTONE, Phase, Rates, Timeline, constant
from lrviz.timeline import Ticks as TickArray
from lrviz.turns import Turns

FRAMEWORK = Framework("mmengine", "0.10.7")

FOREVER = 10**9
"""``end`` where none is given."""

Local = Callable[[TickArray], list[tuple[Rates, Rates]]]


def _windowed(
    group: Group,
    begin: float,
    end: float,
    phase: Phase,
    maps: Local,
    turns: Turns = MONOTONE,
    *,
    raises: tuple[float, str] = (math.inf, ""),
) -> Part:
    """The part that follows ``phase`` (in local steps) and ``maps`` inside the window."""
    if end <= begin:
        raise ScheduleError(
            f"end must be larger than begin, got begin={begin!r}, end={end!r}", hint="begin=0,end=100"
        )

    def within(g: TickArray) -> list[tuple[Rates, Rates]]:
        inside = (g >= begin) & (g < end)
        own = maps(np.where(inside, g - begin, 0.0))
        return [(np.where(inside, a, 1.0), np.where(inside, b, 0.0)) for a, b in own]

    inner = Phase(phase.name, 0.0, phase.rate, turns).shifted(begin)
    held = float(phase.rate(np.array([end - begin - 1.0]))[0])
    before = [constant(group.lr, name="before")] if begin > 0 else []
    timeline = Timeline(
        (*before, inner, constant(held, name="held", start=end)), begin + raises[0], raises[1]
    )
    first = KEEP
    part = Part(timeline, first, within, "a scheduler of mmengine is not entered by another")
    return replace(part, first=stepped_to_zero(part))


@schedule(example={"start_factor": 0.1, "begin": 0, "end": 20, "by_epoch": False})
def LinearLR(
    group: Group,
    start_factor: Factor = 1.0 / 3,
    end_factor: Factor = 1.0,
    begin: Ticks = 0,
    end: Ticks = FOREVER,
    by_epoch: ByEpoch = True,
) -> Part:
    """The LR it finds times a factor from ``start_factor`` to ``end_factor`` over the window.

    Formula: lr = B (s + (e - s) k / N), N = end - begin - 1.
    Edges: e is reached at end - 1, one step earlier than torch's with total_iters = end - begin. A window of
    one step stays at s. s = 0 is accepted and divides by zero at k = 1.
    Source: mmengine 0.10.7 ``LinearParamScheduler``.

    Raises:
        ScheduleError: a factor outside [0, 1], or an empty window.

    """
    for name, factor in (("start_factor", start_factor), ("end_factor", end_factor)):
        if not 0 <= factor <= 1:
            raise ScheduleError(
                f"LinearLR: {name} must be between 0 and 1, got {factor!r}", hint=f"{name}=1.0"
            )
    B, s, e, N = group.lr, start_factor, end_factor, end - begin - 1

    def maps(k: TickArray) -> list[tuple[Rates, Rates]]:
        grown = 1.0 + (e - s) / (N * s + (k - 1.0) * (e - s))
        return [(np.where(k == 0, s, grown), np.zeros(k.shape))]

    phase = Phase("linear", 0.0, lambda k: B * (s + (e - s) * k / N) if N else np.full(k.shape, B * s))
    raises = (1.0, "division by zero (start_factor=0)") if s == 0 and N > 0 else (math.inf, "")
    return _windowed(group, begin, end, phase, maps, raises=raises)


@schedule(example={"T_max": 100, "begin": 0, "end": 100, "by_epoch": False})
def CosineAnnealingLR(
    group: Group,
    T_max: Ticks | None = None,
    eta_min: Floor | None = None,
    begin: Ticks = 0,
    end: Ticks = FOREVER,
    by_epoch: ByEpoch = True,
    eta_min_ratio: Factor | None = None,
) -> Part:
    """A cosine wave from the LR to ``eta_min`` with half waves of ``T_max`` steps, inside the window.

    Formula: lr = eta + (B - eta) (1 + cos(pi k / T_max)) / 2; eta is eta_min or B eta_min_ratio; T_max
    defaults to end - begin.
    Edges: the last step of the window is k = end - begin - 1, so with T_max = end - begin the LR never
    reaches eta and then holds above it.
    Source: mmengine 0.10.7 ``CosineAnnealingParamScheduler``.

    Raises:
        ScheduleError: both ``eta_min`` and ``eta_min_ratio``, or an empty window.

    """
    if eta_min is not None and eta_min_ratio is not None:
        raise ScheduleError(
            "CosineAnnealingLR: only one of eta_min and eta_min_ratio may be given",
            hint="drop one of the two",
        )
    B, T = group.lr, T_max or end - begin
    eta = B * eta_min_ratio if eta_min_ratio is not None else eta_min or 0.0

    def maps(k: TickArray) -> list[tuple[Rates, Rates]]:
        return [(np.where(k == 0, 1.0, a), np.where(k == 0, 0.0, b)) for a, b in annealing(k, T, B, eta)]

    phase = Phase("cosine", 0.0, lambda k: annealed(k, T, B, eta))
    return _windowed(group, begin, end, phase, maps, half_waves(T, monotone=False))


@schedule(example={"power": 2.0, "begin": 0, "end": 100, "by_epoch": False})
def PolyLR(
    group: Group,
    eta_min: Floor = 0.0,
    power: Count = 1.0,
    begin: Ticks = 0,
    end: Ticks = FOREVER,
    by_epoch: ByEpoch = True,
) -> Part:
    """A polynomial from the LR it finds to ``eta_min`` over the window.

    Formula: lr = eta_min + (B - eta_min) (1 - k / N)^power, N = end - begin - 1.
    Edges: eta_min is reached at end - 1, the last step of the window; a negative power divides by zero there.
    Source: mmengine 0.10.7 ``PolyParamScheduler``.

    Raises:
        ScheduleError: an empty window.

    """
    B, N = group.lr, end - begin - 1

    def maps(k: TickArray) -> list[tuple[Rates, Rates]]:
        left = around(eta_min, (1.0 - 1.0 / (N - k + 1.0)) ** power)
        return [(np.where(k == 0, 1.0, a), np.where(k == 0, 0.0, b)) for a, b in left]

    phase = Phase(
        "polynomial decay", 0.0, lambda k: eta_min + (B - eta_min) * (1.0 - k / max(1.0, N)) ** power
    )
    raises = (float(N), f"division by zero (power={power})") if power < 0 and N > 0 else (math.inf, "")
    return _windowed(group, begin, end, phase, maps, raises=raises)


@schedule(
    name="list",
    example={
        "param_scheduler": (
            {"type": "LinearLR", "start_factor": 0.1, "begin": 0, "end": 10, "by_epoch": False},
            {"type": "CosineAnnealingLR", "T_max": 90, "begin": 10, "end": 100, "by_epoch": False},
        )
    },
)
def param_scheduler(group: Group, param_scheduler: Schedules) -> Part:
    """A ``param_scheduler`` list: all members step at every step, each inside its own window.

    Formula: the fold of the members' maps, in order.
    Edges: in a gap between windows the LR holds; where windows overlap each works on the LR the ones before
    it left, which for PolyLR and CosineAnnealingLR is not the product of the two curves.
    Source: mmengine 0.10.7 ``Runner`` and ``_ParamScheduler``.

    Raises:
        ScheduleError: an empty list, an unknown type, or what a member raises.

    """
    if not param_scheduler:
        raise ScheduleError("the param_scheduler list is empty", hint="param_scheduler=LinearLR(end=10)")
    members = [_member(group, item) for item in param_scheduler]

    def maps(g: TickArray) -> list[tuple[Rates, Rates]]:
        return [pair for _, part in members for pair in part.maps(g)]

    first = in_turn(part.first for _, part in members)
    soonest = min((part.timeline for _, part in members), key=lambda timeline: timeline.end)
    names = _names([(name, part.timeline) for name, part in members])
    timeline = folded(apply(first, group.lr), maps, names, end=soonest.end, why=soonest.why)
    return Part(timeline, first, maps, "a list is not entered by another scheduler")


def _member(group: Group, item: Any) -> tuple[str, Part]:
    if not isinstance(item, Mapping) or not ("type" in item or "schedule" in item):
        raise ScheduleError(
            f"a member of param_scheduler is written as a call, got {item!r}", hint="LinearLR(end=10)"
        )
    name = str(item.get("type", item.get("schedule"))).removeprefix("mmengine.")
    params = item.get("params") or {key: value for key, value in item.items() if key != "type"}
    entry = find(f"mmengine.{name}")
    part = entry.function(group, **bind(entry, params))
    assert isinstance(part, Part)  # noqa: S101  (every class of mmengine acts through a Part)
    return name, part


def _names(members: list[tuple[str, Timeline]]) -> list[tuple[str, float]]:
    """Phases are called after the member whose window starts there."""
    starts: dict[float, str] = {0.0: "before"}
    for name, timeline in members:
        begin = next(phase.start for phase in timeline.phases if phase.name not in {"before", "held"})
        starts[begin] = f"{starts[begin]} · {name}" if starts.get(begin, "before") != "before" else name
    return sorted(((name, start) for start, name in starts.items()), key=lambda item: item[1])
