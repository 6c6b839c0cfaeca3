"""Cosine waves: CosineAnnealingLR and CosineRestartLR."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, FloorRate, Ticks
from lrviz.engine.breakpoints import Listed
from lrviz.engine.chain import Chainable, Pairs, apply, around, chained_walk, in_turn
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.engine.traced import look_up
from lrviz.errors import ScheduleError
from lrviz.schedules.mmengine.window import Window
from lrviz.schedules.shapes.cosine import annealing, annealing_alone, cos01


@schedule(example={"T_max": 100, "begin": 0, "end": 100, "by_epoch": False})
def CosineAnnealingLR(
    group: Group,
    T_max: Ticks | None = None,
    eta_min: Floor | None = None,
    eta_min_ratio: FloorRate | None = None,
    *,
    window: Window,
) -> Chainable:
    """A cosine wave from the LR to ``eta_min`` with half waves of ``T_max`` steps, inside the window.

    Formula: lr = eta + (B - eta) (1 + cos(pi k / T_max)) / 2; eta is eta_min or B eta_min_ratio; T_max
    defaults to end - begin.
    Edges: the last step of the window is k = end - begin - 1, so with T_max = end - begin the LR never
    reaches eta and then holds above it. A T_max from 2.98e8 on divides by zero there or just before.
    Source: mmengine 0.10.7 ``CosineAnnealingParamScheduler``.

    Raises:
        ScheduleError: both ``eta_min`` and ``eta_min_ratio``, or an empty window.

    """
    if eta_min is not None and eta_min_ratio is not None:
        raise ScheduleError(
            "CosineAnnealingLR: only one of eta_min and eta_min_ratio may be given",
            hint="drop one of the two",
        )
    place = window.place()
    B, T = group.lr, T_max * place.scale if T_max else place.end - place.begin
    eta = B * eta_min_ratio if eta_min_ratio is not None else eta_min or 0.0

    def maps(k: TickArray) -> Pairs:
        return [(np.where(k == 0, 1.0, a), np.where(k == 0, 0.0, b)) for a, b in annealing(k, T, B, eta)]

    return place.part(group, annealing_alone(T, B, eta, maps), maps)


@schedule(
    example={
        "periods": (40, 60),
        "restart_weights": (1.0, 0.5),
        "eta_min": 0.0,
        "by_epoch": False,
    },
)
def CosineRestartLR(
    group: Group,
    periods: tuple[Ticks, ...],
    restart_weights: tuple[Factor, ...] = (1,),
    eta_min: Floor | None = None,
    eta_min_ratio: FloorRate | None = None,
    *,
    window: Window,
) -> Chainable:
    """A cosine from the LR to ``eta_min`` in each period, period i from restart_weights[i] of the LR.

    Formula: lr = eta + (B w_i - eta) (1 + cos(pi u / P_i)) / 2, u the steps into period i; eta is eta_min or
    B eta_min_ratio.
    Edges: the last step of a period is u = P - 1, so eta is never reached; after the last period the LR holds
    above it. A period that starts between two steps restarts nothing: the wave goes on from the LR it finds.
    Source: mmengine 0.10.7 ``CosineRestartParamScheduler``.

    Raises:
        ScheduleError: not exactly one of ``eta_min`` and ``eta_min_ratio``, or not one weight for each
        period.

    """
    if (eta_min is None) == (eta_min_ratio is None):
        raise ScheduleError("CosineRestartLR needs one of eta_min and eta_min_ratio", hint="<eta_min=0>")
    if len(periods) != len(restart_weights):
        raise ScheduleError(
            f"CosineRestartLR: {len(periods)} periods need as many restart_weights,"
            f" got {len(restart_weights)}",
            hint="periods=40,60 and restart_weights=1,0.5",
        )
    place = window.place()
    B = group.lr
    eta = B * eta_min_ratio if eta_min_ratio is not None else eta_min or 0.0
    wave = _Restarts([period * place.scale for period in periods], [B * w for w in restart_weights], eta)
    return place.part(group, wave.timeline(B), wave.maps)


class _Restarts:
    """Cosines one after the other, each from its own peak to ``eta``."""

    def __init__(self, periods: Sequence[float], peaks: Sequence[float], eta: float) -> None:
        self._ends = np.array([sum(periods[: i + 1]) for i in range(len(periods))])
        self._starts = np.array([0.0, *self._ends[:-1]])[: len(periods)]
        self._periods, self._peaks = np.array(periods, dtype=float), np.array(peaks, dtype=float)
        self._eta = eta

    def _period(self, k: TickArray) -> tuple[np.ndarray, TickArray]:
        """The number of the first period that ends after k (none: that of the last), and k in it."""
        i = np.argmax(k[..., None] < self._ends, axis=-1)
        return i, k - self._starts[i]

    def maps(self, k: TickArray) -> Pairs:
        """A new start at the first step of a period, else a ratio around eta; nothing after all of them."""
        if not self._ends.size:
            return [(np.ones(k.shape), np.zeros(k.shape))]
        i, u = self._period(k)
        P, peak = self._periods[i], self._peaks[i]
        ratio = (1.0 + np.cos(math.pi * u / P)) / (1.0 + np.cos(math.pi * (u - 1.0) / P))
        past, new = k >= self._ends.max(), u == 0
        (one, down), (factor, none), (_, back) = around(self._eta, ratio)
        return [
            (one, np.where(past | new, 0.0, down)),
            (np.where(past, 1.0, np.where(new, 0.0, factor)), none),
            (one, np.where(past, 0.0, np.where(new, peak, back))),
        ]

    def timeline(self, B: float) -> Timeline:
        """The waves of a scheduler that finds B."""
        if not self._ends.size:
            return Timeline((constant(B, kind="cycle", label="cosine cycles"),))
        whole = np.all(self._periods == np.floor(self._periods)) and np.all(self._periods > 0)
        if not whole:
            start = in_turn((float(a[0]), float(b[0])) for a, b in self.maps(np.zeros(1)))
            return chained_walk(apply(start, B), self.maps, [("cycle", 0.0, "cosine cycles")])
        return Timeline(
            (
                Phase(
                    "cycle",
                    0.0,
                    self._rate,
                    Listed(tuple(self._ends.tolist()), jumps=True),
                    label="cosine cycles",
                ),
            )
        )

    def _rate(self, k: TickArray) -> Rates:
        k = np.minimum(k, self._ends[-1] - 1.0)  # the LR holds after the last period
        i = np.searchsorted(self._ends, k, side="right")
        u = (k - look_up(self._starts, i)) / look_up(self._periods, i)
        lr: Rates = self._eta + (look_up(self._peaks, i) - self._eta) * cos01(u)
        return lr
