"""Random cases of DeepSpeed's schedulers, and the runs of the real ones."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from live_case import WRONG, Case, Draw, Run, stop_of
from live_torch import lrs, real_optimizer, stepped
from unpacked import module

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Params = dict[str, Any]

deepspeed = module(
    "deepspeed",
    "deepspeed/runtime/lr_schedules.py",
    {"deepspeed.utils": {"logger": logging.getLogger("deepspeed")}},
)


def whole(draw: Draw) -> Any:
    return draw.some(draw.span(), 0, 1, 2, 3, -2, 2.5, None, often=0.2)


def range_test(draw: Draw) -> Params:
    return draw.subset(
        {
            "lr_range_test_min_lr": draw.each(lambda: draw.some(draw.rate(), 0.0, 1e-7)),
            "lr_range_test_step_size": whole(draw),
            "lr_range_test_step_rate": draw.some(round(draw.uniform(0, 10), 2), 0, 1, -0.5),
            "lr_range_test_staircase": draw.random() < 0.5,
        }
    )


def half(draw: Draw) -> Any:
    return draw.some(draw.randint(1, draw.steps), 0, 1, 2, 0.4, 7.5, 2000, -3, often=0.2)


def stairs(draw: Draw) -> Any:
    return draw.some(draw.randint(1, 8), 0, 1, 3, 100, 2.5, -2, often=0.6)


def growth(draw: Draw) -> Any:
    return draw.some(round(draw.uniform(0, 2), 2), 0, 0.0, -0.5, -0.25, -0.1, often=0.4)


def one_cycle(draw: Draw) -> Params:
    optional = {
        "decay_lr_rate": growth(draw),
        "cycle_first_step_size": half(draw),
        "cycle_second_step_size": draw.some(half(draw), None, 0),
        "cycle_first_stair_count": draw.some(stairs(draw), 0, often=0.5),
        "cycle_second_stair_count": draw.some(stairs(draw), 0, None, often=0.6),
        "decay_step_size": draw.some(draw.randint(1, 20), 0, 1, 2, 0.5, -3, often=0.3),
        "cycle_momentum": draw.random() < 0.8,
        "cycle_min_mom": draw.each(draw.share),
        "cycle_max_mom": draw.each(draw.share),
        "decay_mom_rate": growth(draw),
    }
    return {
        "cycle_min_lr": draw.each(lambda: draw.some(draw.rate() / 10, 0, 0.0)),
        "cycle_max_lr": draw.each(lambda: draw.some(draw.rate(), 0.0)),
        **draw.subset(optional),
    }


def warmup(draw: Draw) -> Params:
    return {
        "warmup_num_steps": whole(draw),
        "warmup_type": draw.some(draw.choice(["log", "linear"]), "cubic", "", often=0.1),
    }


def warmup_lr(draw: Draw) -> Params:
    bounds = {
        "warmup_min_lr": draw.each(lambda: draw.some(draw.rate() / 10, 0, 0.0, 1.0)),
        "warmup_max_lr": draw.some(draw.each(lambda: draw.some(draw.rate(), 0)), None),
    }
    return draw.subset({**bounds, **warmup(draw)})


def total(draw: Draw) -> Any:
    return draw.some(draw.span(), 0, 1, 2, -3, 20.5, *WRONG, often=0.2)


def warmup_decay(draw: Draw) -> Params:
    return {"total_num_steps": total(draw), **warmup_lr(draw)}


def warmup_cosine(draw: Draw) -> Params:
    ratios = {
        "warmup_min_ratio": draw.some(draw.share(), 0, 1, 2.0, -0.1),
        "cos_min_ratio": draw.some(draw.share(), 0, 1, 2.0, -0.1),
    }
    return {"total_num_steps": total(draw), **draw.subset({**ratios, **warmup(draw)})}


DRAWS: Mapping[str, Callable[[Draw], Params]] = {
    "LRRangeTest": range_test,
    "OneCycle": one_cycle,
    "WarmupLR": warmup_lr,
    "WarmupDecayLR": warmup_decay,
    "WarmupCosineLR": warmup_cosine,
}
NAMES = tuple(DRAWS)


def draw(name: str, draw: Draw) -> Case:
    optimizer = draw.choice(["adam", "sgd", "sgd_momentum", "adagrad"])
    return Case(f"deepspeed.{name}", DRAWS[name](draw), draw.steps, lr=lrs(draw), optimizer=optimizer)


def record(case: Case) -> Run:
    # Where no optimizer is named it is one that DeepSpeed knows to cycle.
    optimizer = real_optimizer(replace(case, optimizer="adam") if case.optimizer == "sgd" else case)
    try:
        scheduler = getattr(deepspeed, case.id.removeprefix("deepspeed."))(optimizer, **case.params)
    except Exception as error:
        return Run({}, "init", stop_of(error))
    return stepped(case, optimizer, scheduler, momentum=getattr(scheduler, "cycle_momentum", False))
