"""Random cases of torchtitan's LRSchedulersContainer, and the runs of the real one."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import unpacked
from live_case import Case, Draw, Run, stop_of
from live_torch import lrs, real_optimizer, stepped

configurable = unpacked.module(
    "torchtitan",
    "torchtitan/config/configurable.py",
    {"torchtitan.observability": {"structured_logger": SimpleNamespace()}},
)
lr_scheduler = unpacked.module(
    "torchtitan",
    "torchtitan/components/optimizer/lr_scheduler.py",
    {
        "torchtitan.config": {"Configurable": configurable.Configurable},
        "torchtitan.tools.logging": {"logger": logging.getLogger()},
        "torchtitan.components.optimizer.optimizer": {"OptimizersContainer": list},
    },
)

NAMES = ("LRSchedulersContainer",)


def draw(name: str, draw: Draw) -> Case:
    """Random arguments; an unknown decay_type is not among them, torchtitan's command line refuses it."""
    total = draw.some(draw.span(), 0, 1, -3, often=0.1)
    params = {
        "training_steps": total,
        "total_steps": draw.some(None, draw.span(), 0, 7.5, -2, often=0.4),
        "warmup_steps": draw.some(draw.randint(0, draw.steps // 2), 0, 1, total, total + 2, 4.5, -4),
        "decay_ratio": draw.some(draw.share(), None, 0, 0.5, 1, 1.5, -0.2, 0.25, often=0.4),
        "decay_type": draw.choice(["linear", "sqrt", "cosine"]),
        "min_lr_factor": draw.some(draw.share(), 0, 1, 1.5, -0.1),
    }
    return Case(
        f"torchtitan.{name}", draw.subset(params, always=("training_steps",)), draw.steps, lr=lrs(draw)
    )


def record(case: Case) -> Run:
    """As torchtitan's trainer does: the config, built for the optimizers and the steps of the training."""
    optimizer, params = real_optimizer(case), dict(case.params)
    try:
        steps = params.pop("training_steps")
        config = getattr(lr_scheduler, case.id.removeprefix("torchtitan.")).Config(**params)
        scheduler = config.build(optimizers=[optimizer], training_steps=steps)
    except Exception as error:
        return Run({}, "init", stop_of(error))
    return stepped(case, optimizer, scheduler)
