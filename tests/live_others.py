"""Random cases of transformers, keras and mmengine, and the runs of the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import transformers
from live_case import Case, Draw, Run, step_through, stop_of
from live_torch import lrs, plateau, real_optimizer, stepped
from mmengine.optim.scheduler import lr_scheduler as mmengine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Params = dict[str, Any]

SHAPES = ("linear", "cosine", "1-sqrt")


def nothing(_: Draw) -> Params:
    return {}


def cosine(draw: Draw) -> Params:
    return draw.subset({"num_cycles": draw.some(round(draw.uniform(0.1, 4), 2), 0, 0.5, 1, 3, -1)})


def restarts(draw: Draw) -> Params:
    return draw.subset({"num_cycles": draw.some(draw.randint(1, 6), 0, 1.5, -1, 0.5)})


def polynomial(draw: Draw) -> Params:
    return draw.subset(
        {
            "lr_end": draw.some(draw.rate() / 100, 0, 1e-7, 2.0, -1e-3),
            "power": draw.some(round(draw.uniform(0.1, 4), 2), 0, 1, 2, -1),
        }
    )


def inverse_sqrt(draw: Draw) -> Params:
    return draw.subset({"timescale": draw.some(draw.span(), 0, 1, 2.5, -3, None)})


def min_lr(draw: Draw) -> Params:
    floor = draw.choice(
        [{"min_lr": draw.some(draw.rate(), 0, 2.0)}, {"min_lr_rate": draw.some(draw.share(), 0, 1.5)}]
    )
    both = {"min_lr": 1e-5, "min_lr_rate": 0.1}
    return {**draw.some(floor, {}, both, often=0.08), **draw.subset(cosine(draw), 0.5)}


def warmup_min_lr(draw: Draw) -> Params:
    return {**min_lr(draw), **draw.subset({"warmup_lr_rate": draw.some(draw.share(), 0, 0.0, 1, 1.5)}, 0.5)}


def stable_decay(draw: Draw) -> Params:
    params = {
        "num_decay_steps": draw.some(draw.span() // 2, 0, 1, draw.steps * 2, 7.5),
        "num_stable_steps": draw.some(draw.span() // 2, 0, None, -3),
        "warmup_type": draw.some(draw.choice(SHAPES), "exp", often=0.04),
        "decay_type": draw.some(draw.choice(SHAPES), "exp", often=0.04),
        "min_lr_ratio": draw.some(draw.share(), 0, 1, 1.5),
        "num_cycles": draw.some(0.5, 1, 1.5, 0, often=0.4),
    }
    return draw.subset(params, 0.5, always=("num_decay_steps",) if draw.random() < 0.95 else ())


def greedy(draw: Draw) -> Params:
    params = {
        "mode": draw.some(draw.choice(["min", "max"]), "auto", often=0.05),
        "factor": draw.some(draw.share(), 0, 1, often=0.1),
        "patience": draw.some(draw.randint(0, 6), 0, -1),
        "threshold": draw.some(1e-6, 0, 0.1),
        "threshold_mode": draw.some(draw.choice(["rel", "abs"]), "none", often=0.05),
        "cooldown": draw.randint(0, 5),
        "warmup": draw.randint(0, 5),
        "min_lr": draw.each(draw.rate),
        "max_lr": draw.each(draw.rate),
        "eps": draw.some(1e-8, 0, 1e-3),
        "smooth": draw.random() < 0.4,
        "window_size": draw.some(draw.randint(1, 12), 1),
        "reset_start": draw.some(draw.randint(1, 12), 0, 1, 500),
    }
    return draw.subset(params, 0.6)


SPECIFIC: Mapping[str, Callable[[Draw], Params]] = {
    "constant": nothing,
    "constant_with_warmup": nothing,
    "linear": nothing,
    "cosine": cosine,
    "cosine_with_restarts": restarts,
    "polynomial": polynomial,
    "inverse_sqrt": inverse_sqrt,
    "cosine_with_min_lr": min_lr,
    "cosine_warmup_with_min_lr": warmup_min_lr,
    "warmup_stable_decay": stable_decay,
    "greedy": greedy,
    "reduce_lr_on_plateau": plateau,
}
DRIVEN = ("greedy", "reduce_lr_on_plateau")


def transformers_case(name: str, draw: Draw) -> Case:
    total = draw.some(draw.span(), 0, 1, None, often=0.12)
    warmup = draw.some(draw.randint(0, draw.steps // 2), 0, 1, total, (total or 3) + 2, 4.5, None, often=0.4)
    specific = SPECIFIC[name](draw)
    if draw.random() < 0.03:
        specific["surprise"] = 1
    params = {"num_warmup_steps": warmup, "num_training_steps": total, "scheduler_specific_kwargs": specific}
    return Case(
        f"transformers.{name}",
        params,
        draw.steps,
        lr=lrs(draw),
        metrics=draw.metrics() if name in DRIVEN else None,
    )


def record_transformers(case: Case) -> Run:
    optimizer = real_optimizer(case)
    try:
        scheduler = transformers.get_scheduler(
            case.id.removeprefix("transformers."), optimizer=optimizer, **case.params
        )
    except Exception as error:  # noqa: BLE001  (transformers raises what it likes)
        return Run({}, "init", stop_of(error))
    return stepped(case, optimizer, scheduler)


def keras_case(name: str, draw: Draw) -> Case:
    params = {
        "initial_learning_rate": draw.rate(),
        "first_decay_steps": draw.some(draw.span(), 0, -3, 1, 2.5, often=0.2),
        "t_mul": draw.some(round(draw.uniform(1.3, 3), 2), 1.0, 2.0, 3.0, 1.5, 1, 2, 0.5, often=0.6),
        "m_mul": draw.some(draw.share(), 1.0, 0, 1.2),
        "alpha": draw.some(draw.share(), 0.0, 1.0),
    }
    return Case(
        f"keras.{name}",
        draw.subset(params, always=("initial_learning_rate", "first_decay_steps")),
        draw.steps,
    )


def record_keras(case: Case) -> Run:
    try:
        schedule = getattr(keras.optimizers.schedules, case.id.removeprefix("keras."))(**case.params)
    except Exception as error:  # noqa: BLE001  (keras raises what it likes)
        return Run({}, "init", stop_of(error))
    optimizer = keras.optimizers.SGD(schedule)
    values = {"lr": [0.0]}

    def step(_: int) -> None:
        optimizer.iterations.assign(optimizer.iterations + 1)
        values["lr"] = [float(np.asarray(optimizer.learning_rate))]

    values["lr"] = [float(np.asarray(optimizer.learning_rate))]
    return step_through(lambda: values, step, case.steps)


def window(draw: Draw) -> Params:
    begin = draw.some(draw.randint(0, draw.steps), 0, 0, 0, 1, often=0.6)
    end = draw.some(begin + draw.span(), begin, begin + 1, begin + 2, begin - 1, often=0.2)
    return {"begin": begin, **draw.subset({"end": end}, 0.9)}


def mm_linear(draw: Draw) -> Params:
    factors = {
        "start_factor": draw.some(draw.share(), 0, 1, 1.5, -0.1, often=0.15),
        "end_factor": draw.some(draw.share(), 0, 1, 1.5, -0.1, often=0.25),
    }
    return {**draw.subset(factors), **window(draw)}


def mm_cosine(draw: Draw) -> Params:
    floor = draw.choice([{"eta_min": draw.some(draw.rate(), 0, 2.0)}, {"eta_min_ratio": draw.share()}, {}])
    if draw.random() < 0.03:
        floor = {"eta_min": 1e-4, "eta_min_ratio": 0.1}
    return {**draw.subset({"T_max": draw.some(draw.span(), 1, 2, 2.5, 0, None)}), **floor, **window(draw)}


def mm_poly(draw: Draw) -> Params:
    shape = {
        "power": draw.some(round(draw.uniform(0.1, 4), 2), 0, 1, 2, -1),
        "eta_min": draw.some(draw.rate(), 0, 2.0),
    }
    return {**draw.subset(shape), **window(draw)}


MEMBERS: Mapping[str, Callable[[Draw], Params]] = {
    "LinearLR": mm_linear,
    "CosineAnnealingLR": mm_cosine,
    "PolyLR": mm_poly,
}


def mm_list(draw: Draw) -> Params:
    names = [draw.choice(list(MEMBERS)) for _ in range(draw.randint(1, 4))]
    return {"param_scheduler": [{"type": name, **MEMBERS[name](draw)} for name in names]}


def mmengine_case(name: str, draw: Draw) -> Case:
    return Case(f"mmengine.{name}", {**MEMBERS, "list": mm_list}[name](draw), draw.steps, lr=lrs(draw))


class _Together:
    """A list of mmengine's schedulers, stepped as its Runner does."""

    def __init__(self, schedulers: list[Any]) -> None:
        self.schedulers = schedulers

    def step(self) -> None:
        for scheduler in self.schedulers:
            scheduler.step()


def record_mmengine(case: Case) -> Run:
    name, optimizer = case.id.removeprefix("mmengine."), real_optimizer(case)
    members = case.params.get("param_scheduler", []) if name == "list" else [{"type": name, **case.params}]
    try:
        schedulers = [
            getattr(mmengine, member["type"])(optimizer, **{k: v for k, v in member.items() if k != "type"})
            for member in members
        ]
    except Exception as error:  # noqa: BLE001  (mmengine raises what it likes)
        return Run({}, "init", stop_of(error))
    return stepped(case, optimizer, _Together(schedulers))
