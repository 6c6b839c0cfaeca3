"""Random cases of torch.optim.lr_scheduler and SWALR, and the runs of the real ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from live_case import WRONG, Case, Draw, Run, step_through, stop_of
from torch.optim import lr_scheduler, swa_utils

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Params = dict[str, Any]


FACTORS = [
    "0.95**epoch", "1/(epoch+1)", "1.0", "epoch/10", "1/epoch", "-0.5 if epoch % 3 == 0 else 1.0",
    "max(0.1, 1 - epoch/30)", "math.cos(epoch/7)", "0.5*(1+math.cos(math.pi*epoch/20))", "epoch//7",
    "min(1, (epoch+1)/10)", "1/math.sqrt(max(epoch, 4))", "0.0 if epoch > 9 else 1", "math.exp(-epoch/9)",
    "epoch % 5 + 1", "lambda e: 0.9**(e//10)", "math.sqrt(5 - epoch)", "math.log(epoch+1)", "1 - epoch % 2",
]  # fmt: skip
MULTIPLIERS = [
    "0.95", "0.9 if epoch%3==0 else 1.0", "1 - 0.5/epoch", "epoch/(epoch+1)", "1.01", "1/(5-epoch)",
    "0 if epoch == 12 else 1", "-1", "lambda e: 0.99 if e > 5 else 1.1", "1/epoch if epoch < 4 else 1",
    "1 + 0.1*math.sin(epoch)", "1",
]  # fmt: skip
SCALES = [
    "1", "1/x", "0.9**x", "1/(2.**(x-1))", "0.5*(1+math.sin(x*math.pi/2))", "lambda c: max(0.1, 1-c/20)",
    "1/(x-3)", "math.log(x)",
]  # fmt: skip


def step_lr(draw: Draw) -> Params:
    return draw.subset(
        {
            "step_size": draw.some(draw.span(), 0, 1, -3, 2.5),
            "gamma": draw.some(draw.share(), 0, 1, 1.2, -0.5),
        },
        always=("step_size",),
    )


def multi_step_lr(draw: Draw) -> Params:
    places = [draw.some(draw.span(), 0, 1, 3, -2, 2.5, often=0.2) for _ in range(draw.randint(0, 5))]
    return draw.subset(
        {"milestones": places, "gamma": draw.some(draw.share(), 0.5, 1, 1.2, -0.5)}, always=("milestones",)
    )


def constant_lr(draw: Draw) -> Params:
    return draw.subset(
        {
            "factor": draw.some(draw.share(), 0, 0.0, 1, 1.5, -0.1, often=0.15),
            "total_iters": draw.some(draw.span(), 0, 1, -2, 2.5),
        }
    )


def linear_lr(draw: Draw) -> Params:
    return draw.subset(
        {
            "start_factor": draw.some(draw.share(), 1, 1e-4, 0, 1.5, often=0.15),
            "end_factor": draw.some(draw.share(), 0, 1, 1.5, -0.1, often=0.25),
            "total_iters": draw.some(draw.span(), 0, 1, -2, 2.5),
        }
    )


def exponential_lr(draw: Draw) -> Params:
    return {"gamma": draw.some(round(draw.uniform(0.7, 1.1), 3), 0, 1, -0.9, 0.5)}


def polynomial_lr(draw: Draw) -> Params:
    return draw.subset(
        {
            "total_iters": draw.some(draw.span(), 0, 1, -2, 2.5),
            "power": draw.some(round(draw.uniform(0.1, 4), 2), 0, 1, 2, -1, 0.5),
        }
    )


def cosine_annealing_lr(draw: Draw) -> Params:
    return draw.subset(
        {"T_max": draw.some(draw.span(), 0, 1, 2, 2.5, -3), "eta_min": draw.some(draw.rate(), 0, 0.0, 2.0)},
        always=("T_max",),
    )


def warm_restarts(draw: Draw) -> Params:
    return draw.subset(
        {
            "T_0": draw.some(draw.span(), 0, 1, 2, 5, -3, 2.5),
            "T_mult": draw.some(draw.randint(1, 3), 0, 1.5, 2.0, often=0.1),
            "eta_min": draw.some(draw.rate(), 0, 2.0),
        },
        always=("T_0",),
    )


def cyclic_lr(draw: Draw) -> Params:
    params = {
        "base_lr": draw.each(draw.rate),
        "max_lr": draw.each(draw.rate),
        "step_size_up": draw.some(draw.span(), 0, 1, 2, 2.5, often=0.2),
        "step_size_down": draw.some(draw.span(), 0, 1, None, 3.5, often=0.2),
        "mode": draw.some(draw.choice(["triangular", "triangular2", "exp_range"]), "saw", often=0.05),
        "gamma": draw.some(round(draw.uniform(0.8, 1.02), 3), 1, 0.5, -0.9),
        "cycle_momentum": draw.random() < 0.5,
        "base_momentum": draw.each(draw.share),
        "max_momentum": draw.each(draw.share),
    }
    if draw.random() < 0.2:
        params |= {"scale_fn": draw.choice(SCALES), "scale_mode": draw.choice(["cycle", "iterations"])}
    return draw.subset(params, 0.8, always=("base_lr", "max_lr", "step_size_up", "scale_fn"))


def one_cycle_lr(draw: Draw) -> Params:
    total = draw.some(draw.choice([draw.span(), draw.steps + draw.randint(-1, 40)]), 1, 2, 10)
    length: Params = {"total_steps": draw.some(total, 0, -1, 10.0, often=0.06)}
    if draw.random() < 0.2:
        length = {
            "epochs": draw.some(draw.randint(1, 9), 0, 2.5, None, often=0.1),
            "steps_per_epoch": draw.randint(1, 20),
        }
    pct = [0.0, 1.0, 0.5, 1 / total, 0.25, 2 / total, 1, 1.5, -0.1, 0.75]
    params = {
        "pct_start": draw.some(draw.share(), *pct),
        "anneal_strategy": draw.some(draw.choice(["cos", "linear"]), "poly", often=0.03),
        "cycle_momentum": draw.random() < 0.5,
        "base_momentum": draw.each(draw.share),
        "max_momentum": draw.each(draw.share),
        "div_factor": draw.some(round(draw.uniform(1, 50), 2), 1, 0, 0.5, often=0.15),
        "final_div_factor": draw.some(round(10 ** draw.uniform(0, 5), 2), 1, 0, often=0.1),
        "three_phase": draw.random() < 0.3,
    }
    return {"max_lr": draw.each(draw.rate), **length, **draw.subset(params)}


def lambda_lr(draw: Draw) -> Params:
    return {"lr_lambda": draw.some(draw.each(lambda: draw.choice(FACTORS)), 0.5, often=0.03)}


def multiplicative_lr(draw: Draw) -> Params:
    return {"lr_lambda": draw.some(draw.each(lambda: draw.choice(MULTIPLIERS)), 0.5, often=0.03)}


def swalr(draw: Draw) -> Params:
    return draw.subset(
        {
            "swa_lr": draw.each(draw.rate),
            "anneal_epochs": draw.some(draw.span(), 0, 1, 2, -1, 2.5),
            "anneal_strategy": draw.some(draw.choice(["cos", "linear"]), "log", often=0.05),
        },
        always=("swa_lr",),
    )


def plateau(draw: Draw) -> Params:
    return draw.subset(
        {
            "mode": draw.some(draw.choice(["min", "max"]), "auto", often=0.05),
            "factor": draw.some(draw.share(), 0, 1, 1.5, -0.5, often=0.15),
            "patience": draw.some(draw.randint(0, 8), 0, -1, 2.5),
            "threshold": draw.some(round(10 ** draw.uniform(-5, -1), 6), 0, 0.5, -0.1),
            "threshold_mode": draw.some(draw.choice(["rel", "abs"]), "none", often=0.05),
            "cooldown": draw.some(draw.randint(0, 6), 0, 1, -1, 2.5),
            "min_lr": draw.each(lambda: draw.some(draw.rate(), 0, 2.0)),
            "eps": draw.some(1e-8, 0, 1e-3, 0.1),
        }
    )


LEAVES: Mapping[str, Callable[[Draw], Params]] = {
    "StepLR": step_lr,
    "MultiStepLR": multi_step_lr,
    "ConstantLR": constant_lr,
    "LinearLR": linear_lr,
    "ExponentialLR": exponential_lr,
    "PolynomialLR": polynomial_lr,
    "CosineAnnealingLR": cosine_annealing_lr,
    "CosineAnnealingWarmRestarts": warm_restarts,
    "CyclicLR": cyclic_lr,
    "OneCycleLR": one_cycle_lr,
    "LambdaLR": lambda_lr,
    "MultiplicativeLR": multiplicative_lr,
    "SWALR": swalr,
}


def nested(draw: Draw, depth: int) -> Params:
    """A scheduler for a composite: a leaf or, while ``depth`` lasts, another composite."""
    if depth > 0 and draw.random() < 0.3:
        name = draw.choice(["SequentialLR", "ChainedScheduler"])
        return {"schedule": name, "params": COMPOSITES[name](draw, depth - 1)}
    if draw.random() < 0.01:
        return {"schedule": "ReduceLROnPlateau", "params": {}}
    name = draw.choice(list(LEAVES))
    return {"schedule": name, "params": LEAVES[name](draw)}


def sequential_lr(draw: Draw, depth: int = 2) -> Params:
    draw.daring = 0.4
    count = draw.some(draw.randint(1, 4), 0, often=0.02)
    spots = [draw.some(draw.randint(1, draw.steps), 0, 1, 2, 5, -3, often=0.3) for _ in range(count - 1)]
    if len(spots) > 1 and draw.random() < 0.1:
        spots[1] = spots[0]
    if draw.random() < 0.03:
        spots = [*spots, draw.steps]
    return {"schedulers": [nested(draw, depth) for _ in range(count)], "milestones": sorted(spots)}


def chained_scheduler(draw: Draw, depth: int = 2) -> Params:
    draw.daring = 0.4
    return {"schedulers": [nested(draw, depth) for _ in range(draw.some(draw.randint(1, 4), 0, often=0.02))]}


COMPOSITES: Mapping[str, Callable[..., Params]] = {
    "SequentialLR": sequential_lr,
    "ChainedScheduler": chained_scheduler,
}
GENERATORS = {**LEAVES, "ReduceLROnPlateau": plateau, **COMPOSITES}
NAMES = tuple(GENERATORS)


def spoiled(draw: Draw, params: Params) -> Params:
    """Rarely with a value of the wrong type, a missing or an unknown parameter."""
    if not params or draw.random() > 0.06:
        return params
    name = draw.choice(list(params))
    kept = {key: value for key, value in params.items() if key != name}
    return draw.choice([kept, {**params, "warmup": 3}, *({**params, name: wrong} for wrong in WRONG)])


def draw(name: str, draw: Draw) -> Case:
    params = GENERATORS[name](draw)
    params = params if name in COMPOSITES else spoiled(draw, params)
    return Case(
        f"torch.{name}",
        params,
        draw.steps,
        lr=lrs(draw),
        optimizer=draw.some("sgd_momentum", "sgd", "adam", "adagrad", often=0.3),
        metrics=draw.metrics() if name == "ReduceLROnPlateau" else None,
    )


def lrs(draw: Draw) -> float | list[float]:
    return draw.some(draw.rate(), 0.0, often=0.02) if draw.groups == 1 else [draw.rate(), draw.rate()]


def real_optimizer(case: Case) -> torch.optim.Optimizer:
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in case.lrs]
    kind, more = {
        "sgd": (torch.optim.SGD, {}),
        "sgd_momentum": (torch.optim.SGD, {"momentum": 0.9}),
        "adam": (torch.optim.Adam, {}),
        "adagrad": (torch.optim.Adagrad, {}),
    }[case.optimizer]
    return kind(groups, lr=case.lrs[0], **more)


def real_scheduler(name: str, params: Mapping[str, Any], optimizer: torch.optim.Optimizer) -> Any:
    """The real scheduler, its parts and functions made first."""
    made = {key: _real_value(key, value, optimizer) for key, value in params.items()}
    if name == "ChainedScheduler":
        return lr_scheduler.ChainedScheduler(optimizer=optimizer, **made)
    return (swa_utils.SWALR if name == "SWALR" else getattr(lr_scheduler, name))(optimizer, **made)


def _real_value(key: str, value: Any, optimizer: torch.optim.Optimizer) -> Any:
    if key == "schedulers":
        return [real_scheduler(part["schedule"], part["params"], optimizer) for part in value]
    if key in ("lr_lambda", "scale_fn"):
        variable = "x" if key == "scale_fn" else "epoch"
        return (
            [compiled(v, variable) for v in value] if isinstance(value, list) else compiled(value, variable)
        )
    return value


def compiled(text: Any, variable: str) -> Any:
    if not isinstance(text, str):
        return text
    return eval(text if text.startswith("lambda") else f"lambda {variable}: {text}", {"math": math})


def record(case: Case) -> Run:
    """Step the real one as torch's manual says: the optimizer, then the scheduler."""
    name, optimizer = case.id.removeprefix("torch."), real_optimizer(case)
    try:
        scheduler = real_scheduler(name, case.params, optimizer)
    except Exception as error:
        return Run({}, "init", stop_of(error))
    cycles = name in ("CyclicLR", "OneCycleLR") and case.params.get("cycle_momentum", True)
    return stepped(case, optimizer, scheduler, momentum=cycles)


def stepped(case: Case, optimizer: torch.optim.Optimizer, scheduler: Any, *, momentum: bool = False) -> Run:
    def values() -> dict[str, list[float]]:
        groups = optimizer.param_groups
        found = {"lr": [group["lr"] for group in groups]}
        if momentum:
            found["momentum"] = [g["betas"][0] if "betas" in g else g["momentum"] for g in groups]
        return found

    def step(t: int) -> None:
        optimizer.step()
        scheduler.step(*([] if case.metrics is None else [case.metrics[t]]))

    return step_through(values, step, case.steps)
