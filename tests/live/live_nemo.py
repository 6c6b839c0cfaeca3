"""Random cases of NeMo's schedulers, and the runs of the real ones."""

from __future__ import annotations

import logging
from typing import Any

import unpacked
from live_case import Case, Draw, Run, stop_of
from live_torch import lrs, real_optimizer, stepped

PACKAGE = "nemo_toolkit"  # as which NeMo is published
lr_scheduler = unpacked.module(
    PACKAGE,
    "nemo/core/optim/lr_scheduler.py",
    {
        "omegaconf": {"DictConfig": dict, "OmegaConf": None},
        "nemo.core.classes.common": {"safe_instantiate": None},
        "nemo.core.config.schedulers": dict.fromkeys(
            ("SchedulerParams", "get_scheduler_config", "register_scheduler_params")
        ),
        "nemo.utils": {"logging": logging.getLogger()},
        "nemo.utils.model_utils": {"maybe_update_config_version": None},
    },
)

WARMED = (
    "WarmupPolicy",
    "WarmupAnnealing",
    "SquareAnnealing",
    "SquareRootAnnealing",
    "InverseSquareRootAnnealing",
    "PolynomialDecayAnnealing",
)
HELD = (
    "WarmupHoldPolicy",
    "WarmupHoldAnnealLinear",
    "WarmupHoldAnnealOneMinusSquareRoot",
    "PolynomialHoldDecayAnnealing",
    "NoamHoldAnnealing",
)
NAMES = (*WARMED, *HELD, "CosineAnnealing", "NoamAnnealing", "T5InverseSquareRootAnnealing")


def spread(draw: Draw, stretch: str, often: float = 0.8) -> dict[str, Any]:
    """A stretch of the run in steps, as a ratio, rarely both."""
    steps = draw.some(draw.randint(0, draw.steps // 2), 0, 1, draw.steps, draw.steps + 3, 4.5)
    given = {f"{stretch}_steps": steps, f"{stretch}_ratio": draw.some(draw.share() / 2, 0, 1, 0.5)}
    kept = draw.choices([f"{stretch}_steps", f"{stretch}_ratio", "both"], [7, 3, 0.3])[0]
    if draw.random() > often:
        return {}
    return given if kept == "both" else {kept: given[kept]}


def draw(name: str, draw: Draw) -> Case:
    """Random arguments; a run of fewer than 0 updates is not among them, NeMo builds no scheduler for it."""
    least = draw.some(draw.rate(), 0, 0.0, 1e-5, often=0.5)
    params = {
        "max_steps": draw.some(draw.span(), 0, 1, draw.steps, 20.5),
        **draw.subset({"min_lr": least}, 0.6),
    }
    if name == "T5InverseSquareRootAnnealing":
        return _case(name, draw, {**params, "constant_steps": draw.some(draw.span(), 0, 1, 2.5)})
    params |= spread(draw, "warmup")
    if name in HELD:
        params |= spread(draw, "hold", 0.7)
    if name == "CosineAnnealing":
        params |= spread(draw, "constant", 0.6)
    if name.startswith("Polynomial"):
        params |= draw.subset(
            {"power": draw.some(draw.uniform(0.2, 3), 0, 2, -1, -0.5), "cycle": draw.random() < 0.5}
        )
    if name == "NoamHoldAnnealing":
        params |= draw.subset({"decay_rate": draw.some(draw.share(), 0, 1, 2, -0.5)})
    if name == "NoamAnnealing":
        params["d_model"] = draw.some(draw.randint(1, 1024), 0, 1, 176.5)
        params = {key: value for key, value in params.items() if key != "max_steps" or draw.random() < 0.8}
    return _case(name, draw, params)


def _case(name: str, draw: Draw, params: dict[str, Any]) -> Case:
    return Case(f"nemo.{name}", params, draw.steps, lr=lrs(draw))


def record(case: Case) -> Run:
    """As NeMo does: the class on the optimizer, stepped after every update."""
    optimizer = real_optimizer(case)
    try:
        scheduler = getattr(lr_scheduler, case.id.removeprefix("nemo."))(optimizer, **case.params)
    except Exception as error:
        return Run({}, "init", stop_of(error))
    return stepped(case, optimizer, scheduler)
