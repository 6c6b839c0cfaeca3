"""Random cases of transformers.get_scheduler, and the runs of the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import transformers
from live_case import Case, Draw, Run, stop_of
from live_torch import lrs, plateau, real_optimizer, stepped

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
NAMES = tuple(SPECIFIC)
DRIVEN = ("greedy", "reduce_lr_on_plateau")


def draw(name: str, draw: Draw) -> Case:
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


def record(case: Case) -> Run:
    optimizer = real_optimizer(case)
    try:
        scheduler = transformers.get_scheduler(
            case.id.removeprefix("transformers."), optimizer=optimizer, **case.params
        )
    except Exception as error:
        return Run({}, "init", stop_of(error))
    return stepped(case, optimizer, scheduler)
