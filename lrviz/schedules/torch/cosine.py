"""Cosine schedulers: CosineAnnealingLR and CosineAnnealingWarmRestarts."""

from __future__ import annotations

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Floor, Number, Ticks, Total
from lrviz.engine.chain import KEEP, Chainable, Pairs, overwrites
from lrviz.engine.timeline import TickArray, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.cosine import annealing, annealing_alone
from lrviz.schedules.shapes.warm_restarts import warm_restarts


@schedule(example={"T_max": 100}, aliases=("cosine_annealing",))
def CosineAnnealingLR(group: Group, T_max: Total, eta_min: Floor = 0.0) -> Chainable:
    """A cosine wave between the LR and ``eta_min`` with half waves of ``T_max`` ticks.

    Formula: lr(t) = eta_min + (B - eta_min) (1 + cos(pi t / T_max)) / 2 for every t.
    Edges: past T_max it rises again, to B at 2 T_max. ``eta_min`` is absolute, the same for all groups; above
    B the curve rises to it. T_max 0 divides by zero at the first step(), one from 2.98e8 on at T_max or
    just before. A fractional T_max is accepted; where a trough falls on a tick by rounding alone, the next
    one divides by zero.
    Source: torch 2.13.0 ``CosineAnnealingLR``.
    """
    B, T, floor, why = group.lr, T_max, eta_min, "modulo by zero (T_max=0)"

    def maps(k: TickArray) -> Pairs:
        if T == 0:
            raise ScheduleError(why, hint="<T_max=10>", step=0)
        return annealing(k, T, B, floor)

    if T == 0:
        return Chainable(Timeline((constant(B, kind="decay", label="cosine"),), 1.0, why), KEEP, maps, why)
    return Chainable(annealing_alone(T, B, floor, maps), KEEP, maps, (0.0, floor + (B - floor)))


@schedule(example={"T_0": 20, "T_mult": 2}, starter={"T_0": "25%"}, aliases=("warm_restarts",))
def CosineAnnealingWarmRestarts(
    group: Group, T_0: Ticks, T_mult: Number = 1, eta_min: Floor = 0.0
) -> Chainable:
    """Cosine cycles of T_0, T_0 T_mult, T_0 T_mult² … ticks, each from the LR towards ``eta_min`` (SGDR).

    Formula: lr = eta_min + (B - eta_min) (1 + cos(pi u / L)) / 2, u ticks into a cycle of L ticks.
    Edges: lr is B exactly at each restart; ``eta_min`` is never reached: a cycle ends at u = L - 1.
    Source: torch 2.13.0 ``CosineAnnealingWarmRestarts``; Loshchilov and Hutter 2017.

    Raises:
        ScheduleError: ``T_0`` or ``T_mult`` is no positive whole number.

    """
    if not isinstance(T_0, int) or T_0 <= 0:
        raise ScheduleError(
            f"CosineAnnealingWarmRestarts: T_0 must be a positive whole number, got {T_0!r}", hint="<T_0=10>"
        )
    if not isinstance(T_mult, int) or T_mult < 1:
        raise ScheduleError(
            f"CosineAnnealingWarmRestarts: T_mult must be a whole number >= 1, got {T_mult!r}",
            hint="<T_mult=2>",
        )
    return overwrites(warm_restarts(group.lr, eta_min, T_0, T_mult))
