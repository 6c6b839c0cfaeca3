"""Random cases of torchtune's cosine, and the runs of the real one."""

from __future__ import annotations

import unpacked
from live_case import Case, Draw, Run, stop_of
from live_torch import lrs, real_optimizer, stepped

STUBS = {"torchtune.training.memory": {"OptimizerInBackwardWrapper": object}}
schedulers = unpacked.module("torchtune", "torchtune/training/lr_schedulers.py", STUBS)

NAMES = ("get_cosine_schedule_with_warmup",)


def draw(name: str, draw: Draw) -> Case:
    total = draw.some(draw.span(), 0, 1, -3, often=0.15)
    params = {
        "num_warmup_steps": draw.some(draw.randint(0, draw.steps // 2), 0, 1, total, total + 2, 4.5, None),
        "num_training_steps": total,
        "num_cycles": draw.some(round(draw.uniform(0.1, 4), 2), 0, 0.5, 1, 3, -1),
    }
    return Case(f"torchtune.{name}", draw.subset(params, 0.95), draw.steps, lr=lrs(draw))


def record(case: Case) -> Run:
    name, optimizer = case.id.removeprefix("torchtune."), real_optimizer(case)
    try:
        scheduler = getattr(schedulers, name)(optimizer, **case.params)
    except Exception as error:
        return Run({}, "init", stop_of(error))
    return stepped(case, optimizer, scheduler)
