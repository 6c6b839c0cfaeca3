"""Random cases of optax: schedules called with a count, a plateau fed with values; in 32 and 64 bits."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# All counts go through at once. XLA would then divide by a constant as a product with its reciprocal, which
# it does not where a schedule is called with one count; without that pass the values are bit by bit the same.
os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_disable_hlo_passes=algsimp"

import jax
import jax.numpy as jnp
import numpy as np
import optax
from live_case import WRONG, Case, Draw, Run, stop_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Params = dict[str, Any]
BEYOND = 3_000_000_000  # no int32
LENGTHS = (128, 2048, 65536)


def rate(draw: Draw) -> float:
    return draw.some(draw.rate(), 0.0, 0, 1, 2, -0.1, *WRONG, often=0.12)


def length(draw: Draw) -> float:
    return draw.some(draw.span(), 0, -3, 1, 2.5, 0.5, 33.0, BEYOND, often=0.25)


def begin(draw: Draw) -> float:
    return draw.some(draw.randint(0, draw.steps), 0, -4, 2.5, 3.3, BEYOND, often=0.4)


def required(draw: Draw, params: Params, *others: str) -> Params:
    """Those that have defaults, which are ``others``, may be left out."""
    always = tuple(name for name in params if name not in others)
    return draw.subset(params, 0.6, always=always if draw.random() < 0.97 else always[1:])


def constant(draw: Draw) -> Params:
    return required(draw, {"value": rate(draw)})


def linear(draw: Draw) -> Params:
    params = {
        "init_value": rate(draw),
        "end_value": rate(draw),
        "transition_steps": length(draw),
        "transition_begin": begin(draw),
    }
    return required(draw, params, "transition_begin")


def polynomial(draw: Draw) -> Params:
    power = draw.some(round(draw.uniform(0.1, 5), 2), 0, 1, 2, 3, 0.0, -1, -0.5, 7, often=0.5)
    return {**linear(draw), "power": power}


def decay(draw: Draw) -> Params:
    return {
        "transition_steps": length(draw),
        "decay_rate": draw.some(draw.share(), 0, 1, 1.0, 1.5, 2, 0.5, -0.5),
        "transition_begin": begin(draw),
        "staircase": draw.random() < 0.5,
        "end_value": draw.some(draw.rate(), None, 0, 1.0, often=0.5),
    }


def exponential(draw: Draw) -> Params:
    return required(
        draw, {"init_value": rate(draw), **decay(draw)}, "transition_begin", "staircase", "end_value"
    )


def cosine(draw: Draw) -> Params:
    params = {
        "init_value": rate(draw),
        "decay_steps": length(draw),
        "alpha": draw.some(draw.share(), 0.0, 0, 1, 1.5, -0.2),
        "exponent": draw.some(round(draw.uniform(0.2, 4), 2), 1, 2, 0.5, 0, 3.0),
    }
    return required(draw, params, "alpha", "exponent")


def scales(draw: Draw) -> Any:
    """Scales at boundaries, in any order."""
    places = [draw.some(draw.span(), 0, 1, -2, 2.5, BEYOND, often=0.12) for _ in range(draw.randint(0, 4))]
    found = {
        place: draw.some(draw.share(), 0, 1, 2.0, 10, -0.1 if draw.random() < 0.2 else 1.5, often=0.4)
        for place in places
    }
    return draw.some(found, None, {}, often=0.08)


def piecewise(draw: Draw) -> Params:
    params = {"init_value": rate(draw), "boundaries_and_scales": scales(draw)}
    return required(draw, params, "boundaries_and_scales")


def interpolated(draw: Draw) -> Params:
    kind = draw.some(draw.choice(["linear", "cosine"]), "step", None, often=0.05)
    return {"interpolate_type": kind, **piecewise(draw)}


def one_cycle(draw: Draw) -> Params:
    factors = {
        "pct_start": draw.some(draw.share(), 0, 1, 0.0, 1.0, -0.5, 2.0),
        "div_factor": draw.some(round(draw.uniform(1, 50), 1), 1, 25, 0, -2.0, 0.5),
        "final_div_factor": draw.some(10 ** draw.uniform(0, 5), 1, 0, -1.0, 0.1, often=0.15),
    }
    params = {"transition_steps": length(draw), "peak_value": rate(draw), **factors}
    return required(draw, params, *factors)


def three_lines(draw: Draw) -> Params:
    final = {"pct_final": draw.some(draw.share(), 0, 1, 0.3, 0.85, 1.5)}
    return {**one_cycle(draw), **draw.subset(final, 0.6)}


def warmup(draw: Draw) -> Params:
    params = {
        "init_value": draw.some(0.0, draw.rate(), 0, 1, often=0.4),
        "peak_value": rate(draw),
        "warmup_steps": draw.some(draw.randint(1, draw.steps // 2), 0, 1, -3, 2.5, 3.3, BEYOND, often=0.3),
    }
    return required(draw, params)


def warm_cosine(draw: Draw) -> Params:
    params = {
        "decay_steps": draw.some(
            draw.randint(draw.steps // 2, draw.steps * 5 // 4), 0, 1, 45.5, BEYOND, often=0.15
        ),
        "end_value": draw.some(draw.rate(), 0.0, 0, 1, often=0.3),
        "exponent": draw.some(round(draw.uniform(0.2, 4), 2), 1, 2, 0.5),
    }
    return {**warmup(draw), **required(draw, params, "end_value", "exponent")}


def warm_exponential(draw: Draw) -> Params:
    return {**warmup(draw), **required(draw, decay(draw), "transition_begin", "staircase", "end_value")}


def cycles(draw: Draw) -> Params:
    kwargs = []
    for _ in range(draw.some(draw.randint(1, 4), 0, often=0.05)):
        inner = Draw(str(draw.random()))
        inner.steps, inner.daring = max(draw.steps // 2, 4), 0.2
        kwargs.append(warm_cosine(inner))
    return {"cosine_kwargs": kwargs}


def joined(draw: Draw) -> Params:
    """Schedules with boundaries: sometimes too few, out of order, negative or fractional."""
    inner = Draw(str(draw.random()))
    inner.steps, inner.daring = max(draw.steps // 2, 4), 0.25
    schedules = []
    for _ in range(draw.some(draw.randint(1, 4), 0, often=0.05)):
        deeper = inner.random() < 0.15 and draw.daring == 1.0
        name = "join_schedules" if deeper else inner.choice(list(SIMPLE))
        made = joined if deeper else SIMPLE[name]
        schedules.append({"schedule": name, "params": made(inner)})
    count = draw.some(max(len(schedules) - 1, 0), 0, 2, 5, often=0.15)
    places = sorted(draw.some(draw.span(), 0, 1, -3, 2.5, 3.3, BEYOND, often=0.15) for _ in range(count))
    if draw.random() < 0.2:
        draw.shuffle(places)
    return {"schedules": schedules, "boundaries": places}


def plateau(draw: Draw) -> Params:
    return draw.subset(
        {
            "factor": draw.some(draw.share(), 0, 1, 0.5, 1.5, -0.5, often=0.15),
            "patience": draw.some(draw.randint(1, 8), 0, 1, -1, 2.5, often=0.3),
            "rtol": draw.some(round(10 ** draw.uniform(-6, -1), 7), 0, 1.0, 0.5, 1.5, -0.1),
            "atol": draw.some(round(10 ** draw.uniform(-6, -1), 7), 0, 0.0, 1, -0.1),
            "cooldown": draw.some(draw.randint(0, 6), 0, 1, -1, 2.5),
            "accumulation_size": draw.some(draw.randint(1, 5), 1, 0, 2.5, -1, often=0.5),
            "min_scale": draw.some(draw.share(), 0, 0.0, 2.0, often=0.4),
        }
    )


SIMPLE: Mapping[str, Callable[[Draw], Params]] = {
    "constant_schedule": constant,
    "linear_schedule": linear,
    "polynomial_schedule": polynomial,
    "exponential_decay": exponential,
    "cosine_decay_schedule": cosine,
    "piecewise_constant_schedule": piecewise,
    "piecewise_interpolate_schedule": interpolated,
    "linear_onecycle_schedule": three_lines,
    "cosine_onecycle_schedule": one_cycle,
    "warmup_constant_schedule": warmup,
    "warmup_cosine_decay_schedule": warm_cosine,
    "warmup_exponential_decay_schedule": warm_exponential,
}
PLATEAU = "contrib.reduce_on_plateau"
DRAWN = {**SIMPLE, "sgdr_schedule": cycles, "join_schedules": joined, PLATEAU: plateau}
NAMES = tuple(DRAWN)


def draw(name: str, draw: Draw) -> Case:
    moved = name == PLATEAU
    return Case(
        f"optax.{name}",
        DRAWN[name](draw),
        draw.steps,
        lr=draw.rate() if moved else None,
        metrics=draw.metrics() if moved else None,
        dtype="float64" if draw.random() < 0.4 else None,
    )


def record(case: Case) -> Run:
    with jax.enable_x64(case.dtype == "float64"):
        name = case.id.removeprefix("optax.")
        try:
            return _on_plateau(case) if name == PLATEAU else _called(_schedule(name, case.params), case)
        except Exception as error:
            return Run({}, "init", stop_of(error))


def _schedule(name: str, params: Mapping[str, Any]) -> Callable[[Any], Any]:
    return getattr(optax, name)(**{key: _real(value) for key, value in params.items()})


def _real(value: Any) -> Any:
    """What a parameter is in Python: schedules are built, boundaries that JSON has as text are numbers."""
    if isinstance(value, (list, tuple)) and value not in WRONG:
        return [_real(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "schedule" in value:
        return _schedule(value["schedule"], value["params"])
    return {int(key) if str(key).isdecimal() else key: item for key, item in value.items()}


def _called(schedule: Callable[[Any], Any], case: Case) -> Run:
    """The value at each count; one that is a Python number is the same at all of them."""
    bits = "int64" if case.dtype == "float64" else "int32"
    first = schedule(jnp.asarray(0, bits))
    if not isinstance(first, jax.Array):
        return Run({"lr": np.full((1, case.steps), float(first))})
    length = next(size for size in LENGTHS if size >= case.steps)  # jax compiles for each anew
    values = jax.vmap(schedule)(jnp.arange(length, dtype=bits))
    return Run({"lr": np.asarray(values, dtype=np.float64)[None, : case.steps]})


def _on_plateau(case: Case) -> Run:
    """What is left of an update of 1, behind the optimizer's LR; without a value the scale stays."""
    plateau, kind = optax.contrib.reduce_on_plateau(**case.params), case.dtype or "float32"
    one, rates = jnp.ones((), kind), []
    state = plateau.init(one)
    with jax.disable_jit():  # each case would be compiled anew
        for value in case.metrics:
            update, state = plateau.update(one, state, value=jnp.asarray(value, kind))
            rates.append(case.lr * float(update))
    return Run({"lr": np.array([[*rates, *rates[-1:]][: case.steps]])})
