"""Random cases of fvcore's ParamSchedulers, and the runs of the real ones over the updates of a run.

What detectron2's LRMultiplier does with them is written again here: detectron2 itself is in no package index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
import unpacked
from live_case import Case, Draw, Run, stop_of
from live_torch import lrs, real_optimizer, stepped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Params = dict[str, Any]
schedulers = unpacked.module("fvcore", "fvcore/common/param_scheduler.py")
NAMES = tuple(name for name in schedulers.__all__ if name != "ParamScheduler")


class LRMultiplier(torch.optim.lr_scheduler.LRScheduler):
    """The base LR times the scheduler's value at the fraction of the run that is done."""

    def __init__(self, optimizer: torch.optim.Optimizer, multiplier: Any, max_iter: int) -> None:
        self.multiplier, self.max_iter = multiplier, max_iter
        super().__init__(optimizer)

    def get_lr(self) -> list[float]:
        value = self.multiplier(self.last_epoch / self.max_iter)
        if isinstance(value, complex):  # torch takes it, its optimizers fail on it
            raise TypeError(f"the LR is the complex number {value}")
        return [base_lr * value for base_lr in self.base_lrs]


def factor(draw: Draw) -> float:
    return draw.some(draw.share(), 0, 1, 2.5, -0.5)


def between(draw: Draw) -> Params:
    return {"start_value": factor(draw), "end_value": factor(draw)}


def multi_step(draw: Draw) -> Params:
    places = sorted(draw.randint(1, 90) for _ in range(draw.randint(0, 4)))
    places = draw.some(sorted(set(places)), places, [*places, 0], [2.5, 7], often=0.15)
    total = draw.some(draw.randint(60, 120), 90, None, 3, 100.0)
    spare = draw.some(0 if total is None else 1, 2, -1, often=0.05)
    values = [factor(draw) for _ in range(max(0, len(places) + spare))]
    return {"values": values, "num_updates": total, "milestones": draw.some(places, None, often=0.2)}


def fixed_gamma(draw: Draw) -> Params:
    return {
        "base_value": draw.some(draw.share(), 1, 0, -1, often=0.1),
        "num_decays": draw.some(draw.randint(1, 6), 0, 2.5, often=0.1),
        "gamma": draw.some(draw.share(), 1.5, 0, often=0.1),
        "num_updates": draw.some(draw.span(), 0, 10.0, often=0.1),
    }


def composite(draw: Draw, depth: int = 2) -> Params:
    draw.daring = 0.3
    names = [
        draw.choice(NAMES if depth else LEAVES) for _ in range(draw.some(draw.randint(1, 4), 0, often=0.05))
    ]
    weights = [draw.some(draw.randint(1, 9), 0, often=0.1) for _ in names]
    lengths = [round(weight / (sum(weights) or 1), draw.choice([2, 3, 17])) for weight in weights]
    if sum(lengths[:-1]) > 1:  # the last one would be negative
        lengths = [1 / len(lengths)] * len(lengths)
    elif lengths:
        lengths[-1] = draw.some(1.0 - sum(lengths[:-1]), lengths[-1])
    return {
        "schedulers": [
            {
                "schedule": name,
                "params": composite(draw, depth - 1) if name == COMPOSITE else DRAWN[name](draw),
            }
            for name in names
        ],
        "lengths": draw.some(lengths, [*lengths, 0.0], [0.5] * len(lengths), often=0.1),
        "interval_scaling": draw.some(
            [draw.choice(["rescaled", "fixed"]) for _ in names],
            ["rescaled"],
            ["wide"] * len(names),
            often=0.1,
        ),
    }


COMPOSITE = "CompositeParamScheduler"
DRAWN: Mapping[str, Callable[[Draw], Params]] = {
    "ConstantParamScheduler": lambda draw: {"value": factor(draw)},
    "CosineParamScheduler": between,
    "LinearParamScheduler": between,
    "ExponentialParamScheduler": lambda draw: {
        "start_value": factor(draw),
        "decay": draw.some(draw.share(), 0, 1, 3),
    },
    "PolynomialDecayParamScheduler": lambda draw: {
        "base_value": factor(draw),
        "power": draw.some(round(draw.uniform(0.1, 4), 2), 0, 1, 2, 3.0),
    },
    "MultiStepParamScheduler": multi_step,
    "StepParamScheduler": lambda draw: {
        "num_updates": draw.some(draw.span(), 0, -2, 2.5),
        "values": [factor(draw) for _ in range(draw.some(draw.randint(1, 6), 0, often=0.05))],
    },
    "StepWithFixedGammaParamScheduler": fixed_gamma,
    COMPOSITE: composite,
}
LEAVES = tuple(name for name in NAMES if name != COMPOSITE)


def draw(name: str, draw: Draw) -> Case:
    max_iter = draw.some(
        draw.randint(draw.steps // 2 or 1, draw.steps * 2), draw.steps, 1, 3_000_000, 0, often=0.3
    )
    params = DRAWN[name](draw)
    if name == "PolynomialDecayParamScheduler" and draw.random() < 0.1:
        params["power"] = -1.5
    return Case(f"fvcore.{name}", {**params, "max_iter": max_iter}, draw.steps, lr=lrs(draw))


def real(name: str, params: Params) -> Any:
    made = {key: list(value) if isinstance(value, (list, tuple)) else value for key, value in params.items()}
    if name == COMPOSITE:
        made["schedulers"] = [real(part["schedule"], part["params"]) for part in made["schedulers"]]
    return getattr(schedulers, name)(**made)


def record(case: Case) -> Run:
    params, optimizer = dict(case.params), real_optimizer(case)
    try:
        max_iter = params.pop("max_iter")
        scheduler = LRMultiplier(optimizer, real(case.id.removeprefix("fvcore."), params), max_iter)
    except Exception as error:
        return Run({}, "init", stop_of(error))
    return stepped(case, optimizer, scheduler)
