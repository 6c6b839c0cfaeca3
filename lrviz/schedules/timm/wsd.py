"""Warmup, stable and decay: WSDLRScheduler."""

from __future__ import annotations

import math
import typing
from collections.abc import Callable
from functools import cache
from typing import Any, Literal

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import (
    Factor,
    Floor,
    Function,
    Number,
    Ticks,
    Total,
)
from lrviz.engine.expression import Expression
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import MONOTONE, Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import not_negative, positive
from lrviz.schedules.timm.shared import Main, Scheduler, Timed

Decay = Literal["linear", "1-sqrt", "cosine", "power", "exp"]
Stable = Literal["constant", "rsqrt", "power"]
Fall = Callable[[Rates, TickArray], Rates]
"""A factor from the part of the decay that is done, and the tick it is done at."""


@schedule(
    example={"t_initial": 90, "decay_t": 30, "warmup_t": 10, "lr_min": 1e-3, "t_in_epochs": False},
    starter={"decay_t": "20%"},
    in_front=True,
)
def WSDLRScheduler(
    group: Group,
    t_initial: Total,
    decay_t: Ticks,
    lr_min: Floor = 0.0,
    stable_fn: Stable = "constant",
    stable_timescale: Ticks | None = None,
    stable_power: Number = 0.5,
    decay_fn: Decay | Function = "1-sqrt",
    decay_power: Number = 0.5,
    decay_ratio: Factor = 0.1,
    *,
    shared: Timed,
) -> Timeline:
    """A linear warmup, a stable stretch, and a decay to ``lr_min`` over the last ``decay_t`` ticks.

    Formula: s = t - warmup_t; stable(s) = max(B g(s), lr_min), g = 1 (constant), (1 + s / m)^-0.5 (rsqrt) or
    (1 + s / m)^-stable_power (power), m = stable_timescale or warmup_t; from s = t_initial - decay_t on
    lr_min + (stable(s) - lr_min) h(f), f the part of decay_t that is done: h = 1 - f (linear), 1 - sqrt(f),
    (1 + cos(pi f)) / 2 (cosine), 1 - f^decay_power (power), (r^f - r) / (1 - r) with r = decay_ratio (exp),
    or an expression of ``frac`` or a callable. Warmup, noise and lr_scale as CosineLRScheduler.
    Edges: t_initial does not include the warmup. A falling stable part keeps falling under the decay. lr_min
    is reached at warmup_t + t_initial, one tick behind the last: a decay of few epochs ends well above it.
    t_in_epochs: only step() moves it, else only step_update().
    Source: timm 1.0.31 ``WSDLRScheduler``.

    Raises:
        ScheduleError: ``decay_t`` outside (0, t_initial], ``decay_ratio`` outside (0, 1), a power that is not
            positive, a negative ``lr_min``, rsqrt or power without a timescale, or initialize=False.

    """
    positive("WSDLRScheduler", t_initial=t_initial, decay_t=decay_t)
    if decay_t > t_initial:
        raise ScheduleError(
            f"WSDLRScheduler: decay_t must be at most t_initial, {t_initial!r}, got {decay_t!r}",
            hint=f"<decay_t={t_initial}>",
        )
    not_negative("WSDLRScheduler", lr_min=lr_min)
    positive("WSDLRScheduler", decay_power=decay_power, stable_power=stable_power)
    if not 0.0 < decay_ratio < 1.0:
        raise ScheduleError(
            f"WSDLRScheduler: decay_ratio must lie between 0 and 1, got {decay_ratio!r}",
            hint="<decay_ratio=0.1>",
        )
    fall = _fall(decay_fn, decay_power, decay_ratio)
    scale = shared.warmup_t if stable_timescale is None else stable_timescale
    if stable_fn != "constant":
        positive("WSDLRScheduler", stable_timescale=scale)
    timm = Scheduler("WSDLRScheduler", group, shared, True)
    exponent = {"constant": 0.0, "rsqrt": 0.5, "power": stable_power}[stable_fn]

    def stable(s: TickArray) -> Rates:
        factor = (1.0 + s / scale) ** -exponent if exponent else np.ones(s.shape)
        return np.maximum(group.lr * factor, lr_min)

    def decay(s: TickArray) -> Rates:
        passed = s - (t_initial - decay_t)
        factor = fall(np.minimum(passed / decay_t, 1.0), s)
        return np.where(passed > 0, lr_min + (stable(s) - lr_min) * factor, stable(s))

    begin = float(t_initial - decay_t)
    shape = MONOTONE if decay_fn in typing.get_args(Decay) else Opaque(refuses=True)
    phases = [Phase("stable", 0.0, stable)] if begin > 0 else []
    phases += [
        Phase("decay", begin, decay, shape),
        Phase("hold", float(t_initial), decay, shape, label="lowest"),
    ]
    return timm.timeline(Main(tuple(phases), length=t_initial))


def _fall(decay_fn: Any, p: float, r: float) -> Fall:
    """What is left of the stable LR, from the part of the decay that is done, where some of it is."""
    named: dict[str, Callable[[Rates], Rates]] = {
        "linear": lambda f: 1.0 - f,
        "1-sqrt": lambda f: 1.0 - np.sqrt(f),
        "cosine": lambda f: 0.5 * (1.0 + np.cos(math.pi * f)),
        "power": lambda f: 1.0 - f**p,
        "exp": lambda f: (r**f - r) / (1.0 - r),
    }
    if isinstance(decay_fn, str) and decay_fn in named:
        return lambda f, _: named[decay_fn](f)
    is_text = isinstance(decay_fn, str) and (decay_fn == "frac" or not decay_fn.isidentifier())
    if not is_text and not callable(decay_fn):
        raise ScheduleError(
            f"WSDLRScheduler: decay_fn must be {', '.join(named)} or a function of frac, got {decay_fn!r}",
            hint="<decay_fn=linear>",
        )
    function = cache(Expression.parse(decay_fn, "frac").at if is_text else decay_fn)

    def called(done: float, tick: float) -> float:
        try:
            return float(function(done))
        except (ScheduleError, ArithmeticError, ValueError, TypeError) as error:
            raise ScheduleError(
                f"the function raises at frac = {done}: {error}",
                hint="'1 - frac' has a value everywhere",
                step=math.floor(tick),
            ) from None

    def fall(f: Rates, s: TickArray) -> Rates:
        values = np.ones(f.shape)
        running = np.flatnonzero(f > 0)
        for i in running[np.argsort(s[running])]:
            values[i] = called(float(f[i]), float(s[i]))
        return values

    return fall
