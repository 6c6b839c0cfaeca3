"""Random cases of OpenCLIP's schedules, and the runs of the real ones."""

from __future__ import annotations

import unpacked
from live_case import Case, Draw, Run, step_through, stop_of
from live_torch import real_optimizer

PACKAGE = "open_clip_torch"  # as which OpenCLIP is published
scheduler = unpacked.module(PACKAGE, "open_clip_train/scheduler.py")
NAMES = ("const_lr", "const_lr_cooldown", "cosine_lr")


def draw(name: str, draw: Draw) -> Case:
    params = {
        "warmup_length": draw.some(draw.randint(0, draw.steps // 2), 0, 1, draw.steps, draw.steps * 3, 4.5),
        "steps": draw.some(draw.span(), 1, 0, draw.steps, draw.steps, 20.5),
    }
    if name == "const_lr_cooldown":
        params["cooldown_steps"] = draw.some(draw.span() // 2, 0, 1, draw.steps * 2, 4.5)
        params |= draw.subset(
            {
                "cooldown_power": draw.some(draw.uniform(0.2, 3), 0, 1, 2, 3.0, -1, -0.5, often=0.5),
                "cooldown_end_lr": draw.some(draw.rate() / 100, 0, 0.0, 0.5),
            }
        )
    return Case(f"open_clip.{name}", params, draw.steps, lr=draw.rate())


def record(case: Case) -> Run:
    """The LR is set before every update."""
    optimizer = real_optimizer(case)
    try:
        adjust = getattr(scheduler, case.id.removeprefix("open_clip."))(optimizer, case.lrs[0], **case.params)
    except TypeError as error:
        return Run({}, "init", stop_of(error))

    def step(t: int) -> None:
        if isinstance(adjust(t + 1), complex):  # set it is, and fails in the optimizer
            raise TypeError("the LR is a complex number")

    try:
        step(-1)
    except Exception as error:
        return Run({}, "init", stop_of(error))
    return step_through(lambda: {"lr": [group["lr"] for group in optimizer.param_groups]}, step, case.steps)
