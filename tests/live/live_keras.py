"""Random cases of keras: schedules, gradient accumulation and callbacks, and the runs of the real ones."""

from __future__ import annotations

import math
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

os.environ.setdefault("KERAS_BACKEND", "numpy")  # which itself imports scipy and jax

import keras
import numpy as np
from live_case import WRONG, Case, Draw, Run, step_through, stop_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Params = dict[str, Any]

EPOCHS = [
    "lr*0.9 if epoch >= 5 else lr", "0.1*0.95**epoch", "lr*math.exp(-0.1)", "lr/(epoch+1)", "lr",
    "lr/(7-epoch)", "0 if epoch == 6 else lr", "lambda e, r: r*0.5 if e % 10 == 0 else r", "epoch*0.01",
    "lambda epoch: 0.1/(1.0+epoch)", "max(lr*0.9, 1e-4)", "min(lr, 1)", "-lr", "epoch", "float(epoch)",
    "0.5", "math.sqrt(0.5-lr)", "lr > 0", "lr*1.1", "lr - 0.01",
]  # fmt: skip


def first_rate(draw: Draw) -> float:
    return draw.some(draw.rate(), 1, 0, 0.0, 2, often=0.1)


def length(draw: Draw) -> float:
    return draw.some(draw.span(), 0, -3, 1, 2.5, 0.5, often=0.2)


def exponential(draw: Draw) -> Params:
    params = {
        "initial_learning_rate": first_rate(draw),
        "decay_steps": length(draw),
        "decay_rate": draw.some(draw.share(), 0, 1, 1.5, 0.5),
        "staircase": draw.random() < 0.4,
    }
    return draw.subset(params, always=("initial_learning_rate", "decay_steps", "decay_rate"))


def polynomial(draw: Draw) -> Params:
    params = {
        "initial_learning_rate": first_rate(draw),
        "decay_steps": length(draw),
        "end_learning_rate": draw.some(draw.rate(), 0, 1, 1e-4),
        "power": draw.some(round(draw.uniform(0.1, 4), 2), 0, 1, 2, 0.5),
        "cycle": draw.random() < 0.4,
    }
    return draw.subset(params, always=("initial_learning_rate", "decay_steps"))


def piecewise(draw: Draw) -> Params:
    count = draw.some(draw.randint(1, 4), 0, often=0.04)
    places = sorted(draw.some(draw.span(), 0, 1, 2.5, -2, often=0.2) for _ in range(count))
    if draw.random() < 0.15:
        draw.shuffle(places)
    return {
        "boundaries": places,
        "values": [draw.rate() for _ in range(draw.some(count + 1, count, count + 2, often=0.06))],
    }


def cosine(draw: Draw) -> Params:
    params = {
        "initial_learning_rate": first_rate(draw),
        "decay_steps": length(draw),
        "alpha": draw.some(draw.share(), 0.0, 0, 1, 1.5),
        "warmup_target": draw.some(draw.rate(), None, 0, 1, often=0.4),
        "warmup_steps": draw.some(draw.span() // 3, 0, 1, 2.5, -3),
    }
    return draw.subset(params, always=("initial_learning_rate", "decay_steps"))


def restarts(draw: Draw) -> Params:
    params = {
        "initial_learning_rate": first_rate(draw),
        "first_decay_steps": length(draw),
        "t_mul": draw.some(round(draw.uniform(1.3, 3), 2), 1.0, 2.0, 3.0, 1.5, 1, 2, 0.5, often=0.6),
        "m_mul": draw.some(draw.share(), 1.0, 0, 1.2),
        "alpha": draw.some(draw.share(), 0.0, 1.0),
    }
    return draw.subset(params, always=("initial_learning_rate", "first_decay_steps"))


SCHEDULES: Mapping[str, Callable[[Draw], Params]] = {
    "CosineDecay": cosine,
    "CosineDecayRestarts": restarts,
    "ExponentialDecay": exponential,
    "InverseTimeDecay": exponential,
    "PolynomialDecay": polynomial,
    "PiecewiseConstantDecay": piecewise,
}


def accumulation(draw: Draw) -> Params:
    name = draw.choice(list(SCHEDULES))
    return {
        "schedule": name,
        "schedule_params": SCHEDULES[name](draw),
        "gradient_accumulation_steps": draw.some(draw.randint(2, 6), 1, 0, None, -2, often=0.2),
    }


def by_function(draw: Draw) -> Params:
    return {"schedule": draw.choice(EPOCHS)}


def plateau(draw: Draw) -> Params:
    return draw.subset(
        {
            "monitor": draw.some("val_loss", "loss", "val_accuracy", often=0.2),
            "factor": draw.some(draw.share(), 0, 1, 1.5, -0.5, often=0.15),
            "patience": draw.some(draw.randint(0, 8), 0, -1, 2.5),
            "mode": draw.some(draw.choice(["min", "max", "auto"]), "rising", often=0.05),
            "min_delta": draw.some(round(10 ** draw.uniform(-8, -1), 9), 0, -0.1),
            "cooldown": draw.some(draw.randint(0, 6), 0, 1, -1, 2.5),
            "min_lr": draw.some(draw.rate(), 0, 2.0, -1e-3),
        }
    )


CALLBACKS: Mapping[str, Callable[[Draw], Params]] = {
    "callbacks.LearningRateScheduler": by_function,
    "callbacks.ReduceLROnPlateau": plateau,
}
GENERATORS = {**SCHEDULES, "SGD.gradient_accumulation": accumulation, **CALLBACKS}
NAMES = tuple(GENERATORS)


def draw(name: str, draw: Draw) -> Case:
    params = GENERATORS[name](draw)
    if name in SCHEDULES and draw.random() < 0.06:
        spoiled = draw.choice(list(params))
        params = draw.choice(
            [
                {key: value for key, value in params.items() if key != spoiled},
                {**params, "warmup": 3},
                *({**params, spoiled: wrong} for wrong in WRONG),
            ]
        )
    driven = name == "callbacks.ReduceLROnPlateau"
    return Case(
        f"keras.{name}",
        params,
        draw.steps,
        lr=draw.rate() if name in CALLBACKS else None,
        metrics=draw.metrics() if driven else None,
    )


def record(case: Case) -> Run:
    name = case.id.removeprefix("keras.")
    try:
        if name in CALLBACKS:
            return _called_back(case, keras.optimizers.SGD(case.lr), name)
        return _updated(case, name)
    except Exception as error:
        return Run({}, "init", stop_of(error))


def _updated(case: Case, name: str) -> Run:
    """The LR of each real update, seen in a variable with a gradient of -1."""
    if name in SCHEDULES:
        params, batches = case.params, None
    else:
        name, params = case.params["schedule"], case.params["schedule_params"]
        batches = case.params["gradient_accumulation_steps"]
    schedule = getattr(keras.optimizers.schedules, name)(**params)
    optimizer = keras.optimizers.SGD(schedule, gradient_accumulation_steps=batches)
    weight, down = keras.Variable(np.zeros(1), dtype="float32"), keras.ops.full((1,), -1.0)

    def update() -> None:
        weight.assign(keras.ops.zeros(1))
        for _ in range(batches or 1):
            optimizer.apply([down], [weight])

    update()
    return step_through(
        lambda: {"lr": [float(keras.ops.convert_to_numpy(weight.value)[0])]}, lambda _: update(), case.steps
    )


def _called_back(case: Case, optimizer: Any, name: str) -> Run:
    """The LR of each epoch, as ``fit`` would call the callback."""
    params = dict(case.params)
    if "schedule" in params:
        params["schedule"] = _compiled(params["schedule"])
    callback = getattr(keras.callbacks, name.removeprefix("callbacks."))(**params)
    callback.set_model(SimpleNamespace(optimizer=optimizer))
    callback.on_train_begin()
    rates: list[float] = []
    for epoch in range(case.steps):
        try:
            callback.on_epoch_begin(epoch)
            rates.append(float(keras.ops.convert_to_numpy(optimizer.learning_rate)))
        except Exception as error:
            return _run(rates, epoch, error)
        if epoch + 1 == case.steps:
            break  # nobody sees what the last epoch leaves behind, and no metric is recorded of it
        try:
            metrics = case.metrics or [0.0] * case.steps
            callback.on_epoch_end(epoch, {params.get("monitor", "val_loss"): metrics[epoch]})
        except Exception as error:
            return _run(rates, epoch + 1, error)
    return _run(rates)


def _run(rates: list[float], stopped: int | None = None, error: Exception | None = None) -> Run:
    return Run({"lr": np.array([rates])} if rates else {}, stopped, stop_of(error) if error else "")


def _compiled(text: str) -> Callable[..., Any]:
    return eval(text if text.startswith("lambda") else f"lambda epoch, lr: {text}", {"math": math})
