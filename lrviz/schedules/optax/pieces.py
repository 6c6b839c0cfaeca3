"""Between boundaries: piecewise constant and interpolated schedules, and the one-cycles made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import BaseLR, Factor, Scales, Total, WarmupFraction
from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import Kind, Phase, TickArray, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.optax.count import counted
from lrviz.schedules.shapes.float32 import Array, formula, rounded_cos

Interpolation = Literal["linear", "cosine"]
Boundary = tuple[float, float]
"""A boundary and the scale at it."""


@schedule(
    example={"init_value": 0.1, "boundaries_and_scales": {30: 0.5, 80: 0.1}},
    starter={"boundaries_and_scales": "50%:0.1,75%:0.1"},
)
def piecewise_constant_schedule(
    init_value: BaseLR, boundaries_and_scales: Scales | None = None, dtype: str = "float32"
) -> Timeline:
    """Multiply the LR by a scale at each boundary.

    Formula: lr(t) = i times the product of the scales of all boundaries <= t.
    Edges: scales multiply one another: 0.5 and then 0.1 is 0.05. A boundary has the new value already; one
    of 0 or less acts from the start.
    Source: optax 0.2.8 ``piecewise_constant_schedule``.

    Raises:
        ScheduleError: a negative scale, or a boundary that is no int32.

    """
    found = _boundaries(boundaries_and_scales, dtype)
    if not found:
        return Timeline((constant(init_value),))
    places = [place for place, _ in found]
    levels = np.cumprod(np.array([init_value, *(scale for _, scale in found)], dtype=dtype))
    rate = formula(lambda t: levels[np.searchsorted(places, t, side="right")], dtype)
    return Timeline((Phase("constant", 0.0, rate, Listed(tuple(map(float, places)), jumps=True)),))


@schedule(
    example={
        "interpolate_type": "cosine",
        "init_value": 0.01,
        "boundaries_and_scales": {20: 10.0, 60: 0.5, 100: 0.1},
    }
)
def piecewise_interpolate_schedule(
    interpolate_type: Interpolation,
    init_value: BaseLR,
    boundaries_and_scales: Scales | None = None,
    dtype: str = "float32",
) -> Timeline:
    """From one boundary to the next in a straight line or half a cosine; each scales the LR before it.

    Formula: the value is init_value at 0, and at each boundary the one before times the scale. From boundary
    b of value v to the next one, c of value w: u = (t - b) / max(c - b, 1) and lr(t) = (w - v) u + v, or w +
    (v - w) / 2 (cos(pi u) + 1). From the last boundary on, its value.
    Edges: scales multiply one another. A boundary at 0 scales the start; one below 0 starts its stretch
    there.
    Source: optax 0.2.8 ``piecewise_interpolate_schedule``.

    Raises:
        ScheduleError: another type, a negative scale, or a boundary that is no int32.

    """
    return _interpolated(interpolate_type, init_value, _boundaries(boundaries_and_scales, dtype), dtype)


@schedule(example={"transition_steps": 100, "peak_value": 0.1})
def linear_onecycle_schedule(
    transition_steps: Total,
    peak_value: BaseLR,
    pct_start: WarmupFraction = 0.3,
    pct_final: Factor = 0.85,
    div_factor: Factor = 25.0,
    final_div_factor: Factor = 1e4,
    dtype: str = "float32",
) -> Timeline:
    """One cycle in three straight lines: up to the peak, back down, and on to nearly nothing.

    Formula: linear through (0, p / div_factor), (int(pct_start N), p), (int(pct_final N), p / div_factor),
    (N, p / (div_factor final_div_factor)); p = peak_value, N = transition_steps.
    Edges: the end is reached at t = N, so never in a run of N updates. The points are scales in order of
    their steps: of those at one step the last named one counts, and where int(pct N) falls on 0, or
    pct_final is below pct_start, the peak is another or missing.
    Source: optax 0.2.8 ``linear_onecycle_schedule``.

    Raises:
        ScheduleError: ``transition_steps`` is not positive or no int32, or a factor is negative or 0.

    """
    _check_length("linear_onecycle_schedule", transition_steps)
    points: dict[float, float] = {
        int(pct_start * transition_steps): div_factor,
        int(pct_final * transition_steps): 1.0 / div_factor,
        transition_steps: 1.0 / final_div_factor,
    }
    return _interpolated(
        "linear", peak_value / div_factor, _boundaries(points, dtype, "give factors above 0"), dtype
    )


@schedule(example={"transition_steps": 100, "peak_value": 0.1})
def cosine_onecycle_schedule(
    transition_steps: Total,
    peak_value: BaseLR,
    pct_start: WarmupFraction = 0.3,
    div_factor: Factor = 25.0,
    final_div_factor: Factor = 1e4,
    dtype: str = "float32",
) -> Timeline:
    """One cycle in two half cosines: up to the peak and down to nearly nothing.

    Formula: cosine through (0, p / div_factor), (int(pct_start N), p), (int(N), p / (div_factor
    final_div_factor)); p = peak_value, N = transition_steps.
    Edges: the peak stands at int(pct_start N), one step after that of torch's OneCycleLR, and the end at t =
    N, so never in a run of N updates. With int(pct_start N) = 0 it starts at the peak.
    Source: optax 0.2.8 ``cosine_onecycle_schedule``.

    Raises:
        ScheduleError: ``transition_steps`` is not positive or no int32, or a factor is negative or 0.

    """
    _check_length("cosine_onecycle_schedule", transition_steps)
    points: dict[float, float] = {
        int(pct_start * transition_steps): div_factor,
        int(transition_steps): 1.0 / (div_factor * final_div_factor),
    }
    return _interpolated(
        "cosine", peak_value / div_factor, _boundaries(points, dtype, "give factors above 0"), dtype
    )


def _check_length(name: str, transition_steps: float) -> None:
    if transition_steps <= 0:
        raise ScheduleError(
            f"{name}: transition_steps must be above 0, got {transition_steps!r}",
            hint="<transition_steps=1000>",
        )


def _boundaries(
    scales: Mapping[float, float] | None, dtype: str, hint: str = "boundaries_and_scales=30:0.5,80:0.1"
) -> list[Boundary]:
    """The boundaries as they meet the count, ascending; one that is a fraction makes all of them floats.

    Raises:
        ScheduleError: a negative scale, or a boundary that is no int32.

    """
    found = sorted((scales or {}).items())
    for boundary, scale in found:
        if not scale >= 0:
            raise ScheduleError(
                f"the scale at boundary {boundary!r} must not be negative, got {scale!r}", hint=hint
            )
    return [(counted("a boundary", boundary, dtype), scale) for boundary, scale in found]


def _interpolated(kind: Interpolation, init: float, boundaries: list[Boundary], dtype: str) -> Timeline:
    """A phase from each boundary to the next, and one that stays at the last value."""
    places = [0.0, *(float(place) for place, _ in boundaries)]
    values = np.cumprod(np.array([init, *(scale for _, scale in boundaries)], dtype=dtype))
    phases: list[Phase] = []
    for i, (start, stop) in enumerate(pairwise(places)):
        if stop > max(start, 0.0):
            rate = formula(_between(kind, (start, stop), (values[i], values[i + 1]), dtype), dtype)
            phases.append(Phase(_kind(values[i], values[i + 1], first=not phases), start, rate))
    return Timeline((*phases, replace(constant(float(values[-1])), start=places[-1])))


def _kind(before: float, after: float, *, first: bool) -> Kind:
    if before == after:
        return "constant"
    if after < before:
        return "decay"
    return "warmup" if first else "rise"


def _between(
    kind: Interpolation, ends: tuple[float, float], values: tuple[Any, Any], dtype: str
) -> Callable[[TickArray], Array]:
    """From the value at one end to that at the other; a stretch is at least one step long."""
    (start, stop), (before, after) = ends, values
    size = max(stop - start, 1)

    def line(t: TickArray) -> Array:
        u = (t - start).astype(dtype) / size
        straight: Array = (after - before) * u + before
        wave: Array = after + (before - after) / 2.0 * (rounded_cos(np.pi * u) + 1)
        return straight if kind == "linear" else wave

    return line
