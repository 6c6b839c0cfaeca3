"""Random cases of diffusers' get_scheduler, and the runs of the real one."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import unpacked
from live_case import Case, Draw, Run, stop_of
from live_torch import lrs, real_optimizer, stepped

STUBS = {"diffusers.utils": {"logging": SimpleNamespace(get_logger=logging.getLogger)}}
optimization = unpacked.module("diffusers", "diffusers/optimization.py", STUBS)

LINEAR = "get_linear_schedule_with_warmup"
NAMES = (*(kind.value for kind in optimization.SchedulerType), LINEAR)


def rules(draw: Draw) -> Any:
    """Rules of piecewise_constant, in any order, sometimes ill-formed."""
    pieces = [f"{draw.rate()}:{draw.some(draw.span(), 0, 1, -3)}" for _ in range(draw.randint(0, 4))]
    usual = ",".join([*pieces, str(draw.share())])
    return draw.some(
        usual, "", None, "1:10", "0.1:5:3,1", "0.5:2.5,1", " 1 : 1_0 ,-0.5", usual + ",", often=0.15
    )


def draw(name: str, draw: Draw) -> Case:
    total = draw.some(draw.span(), 0, 1, *([] if name == LINEAR else [None]), often=0.12)
    warmup = draw.some(draw.randint(0, draw.steps // 2), 0, 1, total, (total or 3) + 2, 4.5, None, often=0.3)
    if name == LINEAR:
        factors = {
            "f_min": draw.some(draw.share(), 0, 1, 2.0, -0.5),
            "f_max": draw.some(draw.share(), 0, 1, 3),
        }
        params = {"num_warmup_steps": warmup, "num_training_steps": total, **draw.subset(factors)}
    else:
        params = draw.subset(
            {
                "num_warmup_steps": warmup,
                "num_training_steps": total,
                "num_cycles": draw.some(draw.randint(1, 6), 0, 1.5, -1),
                "power": draw.some(round(draw.uniform(0.1, 4), 2), 0, 1, 2, -1),
                "step_rules": rules(draw),
            },
            0.9,
        )
    return Case(f"diffusers.{name}", params, draw.steps, lr=lrs(draw))


def record(case: Case) -> Run:
    name, optimizer = case.id.removeprefix("diffusers."), real_optimizer(case)
    try:
        if name == LINEAR:
            scheduler = getattr(optimization, name)(optimizer, **case.params)
        else:
            scheduler = optimization.get_scheduler(name, optimizer=optimizer, **case.params)
    except Exception as error:
        return Run({}, "init", stop_of(error))
    return stepped(case, optimizer, scheduler)
