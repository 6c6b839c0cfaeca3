"""Levanter: the schedule that its ``optimizer`` config builds of optax's, 1.2.dev1644.

A function of the updates made before, in float32 as optax's own.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np

from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import BaseLR, FloorRate, Number, Role, WarmupFraction, WholeTotal
from lrviz.engine.timeline import Phase, TickArray, Timeline, constant, value_at_tick
from lrviz.errors import ScheduleError
from lrviz.schedules.optax.decay import cosine, polynomial
from lrviz.schedules.optax.joined import joined
from lrviz.schedules.shapes.checks import positive
from lrviz.schedules.shapes.float32 import Array, formula

FRAMEWORK = Framework("levanter", "1.2.dev1644", optimizer=False, dtypes=("float32", "float64"))

Shape = Literal["constant", "cosine", "linear", "inv_sqrt", "inv", "power"]
Cycles = Annotated[float | tuple[float, ...], Role.NUMBER]

MOST_CYCLES = 10_000
"""Each is a warmup, a decay and more, built one by one."""
MOST_TOKENS = 2**31 - 1
"""JAX counts tokens in int32; beyond, their power is not a number."""


@schedule(example={"learning_rate": 0.1, "num_train_steps": 100, "lr_schedule": "inv", "warmup": 0.1})
def lr_scheduler(
    learning_rate: BaseLR,
    num_train_steps: WholeTotal,
    lr_schedule: Shape = "cosine",
    min_lr_ratio: FloorRate = 0.1,
    warmup: WarmupFraction = 0.01,
    decay: Number | None = None,
    rewarmup: Number = 0.0,
    cycles: Cycles | None = None,
    cycle_length: Cycles | None = None,
    cooldown: Number | None = None,
    exponent: Number = 1.0,
    timescale: Number = 10_000,
    amplitude: Number | None = None,
    tokens_per_step: Number | None = None,
    token_power: Number = -0.51,
    dtype: str = "float32",
) -> Timeline:
    """Cycles of warmup, stable and decay, and a cooldown at the end.

    Formula: in a cycle of N steps with W = warmup (rewarmup after the first) and D = decay or N - W: a line
    from 0, or the end of the cycle before, to B over W steps; B; then at k = 0 … D of the decay, with
    m = min_lr_ratio B, cosine (to the power of exponent) and linear to m; inv max(m, B / ((B / m - 1)
    max(k, 1) / D + 1)); inv_sqrt max(m, B min(1, sqrt(timescale / max(k + W, 1)))); power min(B, amplitude
    (k tokens_per_step)^token_power), whose amplitude is its a times the batch. Over the last cooldown steps a
    line from the end of the last decay to m.
    Edges: warmup, decay, rewarmup, cooldown and a cycle_length up to 1 are shares, of the cycle, and 1 is all
    of it; above they are whole steps. cycles are so many, or a list of their ends. The first update of a
    warmup has 0. inv_sqrt is flat to step timescale, counted with the warmup. The shorter last cycle of a
    cycle_length belongs to the one before.
    Source: levanter 1.2.dev1644 ``OptimizerConfig.lr_scheduler``.

    Raises:
        ScheduleError: a length above 1 that is not whole, or negative; both cycles and cycle_length; cycles
            longer than the run; no room for a cosine; inv without a min_lr_ratio; a timescale that is not
            positive; power without amplitude or tokens_per_step, that rises, or of more tokens than int32
            holds.

    """
    B, m = learning_rate, learning_rate * min_lr_ratio
    positive("lr_scheduler", timescale=timescale)
    of_shape = {"cosine": exponent, "inv_sqrt": timescale}.get(lr_schedule, 0.0)
    cooled = _steps("cooldown", cooldown or 0, num_train_steps)
    points = _ends(num_train_steps - cooled, cycles, cycle_length)
    parts: list[Timeline] = []
    boundaries: list[float] = []
    last = 0.0
    for start, end in pairwise(points):
        W = _steps(*(("rewarmup", rewarmup) if start else ("warmup", warmup)), end - start)
        D = end - start - W if decay is None else _steps("decay", decay, end - start)
        if W:
            rise = polynomial(last, B, 1, W, 0, dtype, "warmup")
            parts.append(rise if start else _named(rise))
            boundaries.append(start + W)
        if end - start - W - D:
            parts.append(Timeline((constant(B, kind="stable"),)))
            boundaries.append(end - D)
        if lr_schedule == "power":
            fall = _power(B, amplitude, tokens_per_step, token_power, D, dtype)
        else:
            fall = _decay(lr_schedule, B, min_lr_ratio, of_shape, W, D, dtype)
        last = value_at_tick(fall, D)
        parts.append(fall)
        boundaries.append(end)
    if cooled:
        parts.append(polynomial(last, m, 1, cooled, 0, dtype, "cooldown"))
    return joined(parts, boundaries[: len(parts) - 1], dtype)


def _named(rise: Timeline) -> Timeline:
    return replace(rise, phases=tuple(replace(phase, kind="warmup") for phase in rise.phases))


def _steps(name: str, length: float, N: int) -> int:
    """A share of N up to 1, whole steps above.

    Raises:
        ScheduleError: neither.

    """
    if length < 0 or (length > 1 and length % 1):
        raise ScheduleError(
            f"{name} must be a share up to 1 or a whole number of steps, got {length!r}", hint=f"<{name}=0.1>"
        )
    return int(length * N) if length <= 1 else int(length)


def _ends(N: int, cycles: Cycles | None, cycle_length: Cycles | None) -> list[int]:
    """Where cycles begin and the last one ends.

    Raises:
        ScheduleError: both are given, or they do not fit in N steps.

    """
    if cycles is not None and cycle_length is not None:
        raise ScheduleError("only one of cycles and cycle_length may be given", hint="drop one of the two")
    inner: list[int] = []
    if isinstance(cycle_length, tuple):
        inner = [int(end) for end in np.cumsum(cycle_length)]
        if inner and inner[-1] > N:
            raise ScheduleError(f"the cycles have {inner[-1]} steps, the run {N}", hint="give shorter ones")
    elif cycle_length is not None:
        length = _steps("cycle_length", cycle_length, N)
        if not length:
            raise ScheduleError("division by zero (cycle_length is 0 steps)", hint="<cycle_length=1.0>")
        inner = [i * length for i in range(1, _bounded(N // length))]
    elif isinstance(cycles, tuple):
        inner = [int(end) for end in cycles]
    elif cycles is not None:
        inner = [int(N / cycles * (i + 1)) for i in range(_bounded(int(cycles)) - 1)]
    return [0, *inner] if [0, *inner][-1] == N else [0, *inner, N]


def _bounded(count: int) -> int:
    """A number of cycles that have a phase each.

    Raises:
        ScheduleError: too many.

    """
    if count > MOST_CYCLES:
        raise ScheduleError(f"{count} cycles are more than {MOST_CYCLES}", hint="<cycles=10>")
    return count


def _decay(shape: Shape, B: float, ratio: float, own: float, W: int, D: int, dtype: str) -> Timeline:
    """The decay of a cycle, from its own 0; ``own`` is the exponent of a cosine, the timescale of a root."""
    m = B * ratio
    if shape == "constant":
        return Timeline((constant(B),))
    if shape == "cosine":
        return cosine(B, D, ratio, own, dtype)
    if shape == "linear":
        return polynomial(B, m, 1, D, 0, dtype, "linear")
    if shape == "inv" and not m:
        raise ScheduleError("division by zero (inv without a floor)", hint="<min_lr_ratio=0.1>", step=0)

    def inverse(k: TickArray) -> Array:
        return 1 / ((B / m - 1) * np.maximum(k, 1).astype(dtype) / D + 1)

    def root(k: TickArray) -> Array:
        return 1 / np.sqrt(np.maximum(k + W, 1).astype(dtype) / own)

    values = inverse if shape == "inv" else root
    rate = formula(lambda k: np.maximum(B * np.minimum(values(k), 1), m), dtype)
    return Timeline((Phase("decay", 0.0, rate, label=f"{shape} decay"),))


def _power(
    B: float, amplitude: float | None, tokens: float | None, exponent: float, steps: int, dtype: str
) -> Timeline:
    """A power of the tokens since the warmup, at most B.

    Raises:
        ScheduleError: what it needs is not given or rises, or there are too many tokens.

    """
    if amplitude is None or tokens is None:
        raise ScheduleError(
            "power needs amplitude and tokens_per_step", hint="<amplitude=2355>,<tokens_per_step=524288>"
        )
    positive("lr_scheduler", amplitude=amplitude, tokens_per_step=tokens)
    if exponent >= 0:
        raise ScheduleError(f"token_power must be below 0, got {exponent!r}", hint="<token_power=-0.51>")
    least = int(MOST_TOKENS // tokens) + 1
    if steps - 1 >= least:
        raise ScheduleError(
            f"its tokens overflow int32 {least} updates after the warmup: the LR is not a number",
            hint=f"<steps={least}>",
            step=least,
        )

    def power(k: TickArray) -> Array:
        counted = np.maximum(k, 1).astype(dtype) * np.asarray(tokens, dtype)
        return np.minimum(B, np.where(k < 1, np.inf, amplitude * counted**exponent))

    return Timeline((Phase("decay", 0.0, formula(power, dtype), label="power decay"),))
