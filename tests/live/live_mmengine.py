"""Random cases of mmengine's LR schedulers, alone and in lists, and the runs of the real ones."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from live_case import Case, Draw, Run, step_through, stop_of
from live_torch import lrs, real_optimizer, spoiled
from mmengine.hooks import ParamSchedulerHook
from mmengine.optim.scheduler import lr_scheduler as mmengine
from mmengine.runner import EpochBasedTrainLoop, Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import torch

Params = dict[str, Any]

GAMMAS = (0, 1, 1.2, -0.5)


def window(draw: Draw) -> Params:
    begin = draw.some(draw.randint(0, draw.steps), 0, 0, 0, 1, often=0.6)
    end = draw.some(begin + draw.span(), begin, begin + 1, begin + 2, begin - 1, often=0.2)
    begin = draw.some(begin, begin - 0.5, -begin, often=0.05)
    place = {"begin": begin, **draw.subset({"end": end}, 0.9)}
    if draw.random() < 0.25:
        place["epoch_length"] = draw.some(draw.randint(1, 9), 0, -2, often=0.1)
    if draw.random() < 0.1:
        place["by_epoch"] = False
    return place


def step(draw: Draw) -> Params:
    gamma = draw.subset({"gamma": draw.some(draw.share(), *GAMMAS)})
    return {"step_size": draw.some(draw.span(), 0, 1, -3, 2.5), **gamma, **window(draw)}


def multi_step(draw: Draw) -> Params:
    places = [draw.some(draw.span(), 0, 1, 3, -2, 2.5, often=0.2) for _ in range(draw.randint(0, 5))]
    gamma = draw.subset({"gamma": draw.some(draw.share(), *GAMMAS)})
    return {"milestones": places, **gamma, **window(draw)}


def constant(draw: Draw) -> Params:
    factor = draw.some(draw.share(), 0, 0.0, 1, 1.5, -0.1, often=0.15)
    return {**draw.subset({"factor": factor}), **window(draw)}


def exponential(draw: Draw) -> Params:
    return {"gamma": draw.some(round(draw.uniform(0.7, 1.1), 3), 0, 1, -0.9, 0.5), **window(draw)}


def linear(draw: Draw) -> Params:
    factors = {
        "start_factor": draw.some(draw.share(), 0, 1, 1.5, -0.1, often=0.15),
        "end_factor": draw.some(draw.share(), 0, 1, 1.5, -0.1, often=0.25),
    }
    return {**draw.subset(factors), **window(draw)}


def cosine(draw: Draw) -> Params:
    floor = draw.choice([{"eta_min": draw.some(draw.rate(), 0, 2.0)}, {"eta_min_ratio": draw.share()}, {}])
    if draw.random() < 0.03:
        floor = {"eta_min": 1e-4, "eta_min_ratio": 0.1}
    return {**draw.subset({"T_max": draw.some(draw.span(), 1, 2, 2.5, 0, None)}), **floor, **window(draw)}


def restarts(draw: Draw) -> Params:
    count = draw.some(draw.randint(1, 4), 0, often=0.03)
    floor = draw.some({"eta_min": draw.some(draw.rate(), 0, 2.0)}, {}, often=0.04)
    if draw.random() < 0.3:
        floor = {"eta_min_ratio": draw.some(draw.share(), 0, 1.5)}
    weights = [draw.some(draw.share(), 0, 1, 1.5) for _ in range(draw.some(count, count + 1, often=0.04))]
    return {
        "periods": [draw.some(draw.span() // 2, 1, 2, 2.5, 0, -3, often=0.2) for _ in range(count)],
        **draw.subset({"restart_weights": weights}, 0.9),
        **floor,
        **window(draw),
    }


def poly(draw: Draw) -> Params:
    shape = {
        "power": draw.some(round(draw.uniform(0.1, 4), 2), 0, 1, 2, -1),
        "eta_min": draw.some(draw.rate(), 0, 2.0),
    }
    return {**draw.subset(shape), **window(draw)}


def one_cycle(draw: Draw) -> Params:
    total = draw.some(draw.choice([draw.span(), draw.steps + draw.randint(-1, 40)]), 1, 2, 10)
    pct = [0.0, 1.0, 0.5, 1 / total, 0.25, 2 / total, 1, 1.5, -0.1, 0.75]
    params = {
        "total_steps": draw.some(total, 0, -1, 10.0, None, often=0.2),
        "pct_start": draw.some(draw.share(), *pct),
        "anneal_strategy": draw.some(draw.choice(["cos", "linear"]), "poly", often=0.03),
        "div_factor": draw.some(round(draw.uniform(1, 50), 2), 1, 0, 0.5, often=0.15),
        "final_div_factor": draw.some(round(10 ** draw.uniform(0, 5), 2), 1, 0, often=0.1),
        "three_phase": draw.random() < 0.3,
    }
    return {**draw.subset({"eta_max": draw.each(draw.rate)}, 0.95), **draw.subset(params), **window(draw)}


def plateau(draw: Draw) -> Params:
    place = window(draw)
    place.pop("epoch_length", None)
    params = {
        "monitor": draw.choice(["loss", "acc"]),
        "rule": draw.some(draw.choice(["less", "greater"]), "min", often=0.05),
        "factor": draw.some(draw.share(), 0, 1, 1.5, -0.5, often=0.15),
        "patience": draw.some(draw.randint(0, 8), 0, -1, 2.5),
        "threshold": draw.some(round(10 ** draw.uniform(-5, -1), 6), 0, 0.5, -0.1, often=0.15),
        "threshold_rule": draw.some(draw.choice(["rel", "abs"]), "none", often=0.05),
        "cooldown": draw.some(draw.randint(0, 6), 0, 1, -1, 2.5),
        "min_value": draw.each(lambda: draw.some(draw.rate(), 0, 2.0)),
        "eps": draw.some(1e-8, 0, 1e-3, 0.1),
    }
    return {**draw.subset(params), **place}


MEMBERS: Mapping[str, Callable[[Draw], Params]] = {
    "ConstantLR": constant,
    "CosineAnnealingLR": cosine,
    "CosineRestartLR": restarts,
    "ExponentialLR": exponential,
    "LinearLR": linear,
    "MultiStepLR": multi_step,
    "OneCycleLR": one_cycle,
    "PolyLR": poly,
    "ReduceOnPlateauLR": plateau,
    "StepLR": step,
}


def together(draw: Draw) -> Params:
    draw.daring = 0.4
    names = [draw.choice(list(MEMBERS)) for _ in range(draw.randint(1, 4))]
    members = [{"type": name, **MEMBERS[name](draw)} for name in names]
    clock = draw.choice(["epochs", "iterations", "mixed"])
    for member in members:
        if member.pop("epoch_length", None) and member["type"] != "ReduceOnPlateauLR" and clock == "mixed":
            member["convert_to_iter_based"] = True
        member["by_epoch"] = clock == "epochs" or (clock == "mixed" and draw.random() < 0.6)
    length = {"epoch_length": draw.randint(1, 9)} if clock == "mixed" or draw.random() < 0.2 else {}
    runner = {**length, **({"default_end": draw.steps} if draw.random() < 0.5 else {})}
    return {"param_scheduler": members, **runner}


GENERATORS = {**MEMBERS, "list": together}
NAMES = tuple(GENERATORS)


def draw(name: str, draw: Draw) -> Case:
    params = GENERATORS[name](draw)
    return Case(
        f"mmengine.{name}",
        params if name == "list" else spoiled(draw, params),
        draw.steps,
        lr=lrs(draw),
        metrics=draw.metrics() if "ReduceOnPlateauLR" in repr((name, params)) else None,
    )


def record(case: Case) -> Run:
    name, optimizer = case.id.removeprefix("mmengine."), real_optimizer(case)
    try:
        if name == "list":
            schedulers, epoch_length = _list(case.params, optimizer)
        else:
            schedulers, epoch_length = [_alone(name, case.params, optimizer)], 1
    except Exception as error:
        return Run({}, "init", stop_of(error))
    hook, runner = ParamSchedulerHook(), SimpleNamespace(param_schedulers=schedulers)

    def after_update(t: int) -> None:
        optimizer.step()
        hook.after_train_iter(runner, t)
        if epoch_length is None or (t + 1) % epoch_length:
            return
        hook.after_train_epoch(runner)
        if case.metrics:
            report = case.metrics[(t + 1) // epoch_length - 1]
            hook.after_val_epoch(runner, dict.fromkeys(("loss", "acc", "ten"), report))

    return step_through(
        lambda: {"lr": [group["lr"] for group in optimizer.param_groups]}, after_update, case.steps
    )


def _alone(name: str, params: Mapping[str, Any], optimizer: torch.optim.Optimizer) -> Any:
    """A scheduler, converted to iterations if an ``epoch_length`` is given."""
    kind = getattr(mmengine, name)
    return (kind.build_iter_from_epoch if "epoch_length" in params else kind)(optimizer, **params)


def _list(params: Mapping[str, Any], optimizer: torch.optim.Optimizer) -> tuple[list[Any], int | None]:
    """The list as a Runner builds it, and the ticks in an epoch: 1 if every member steps per epoch."""
    members, length = params["param_scheduler"], params.get("epoch_length")
    in_epochs = all(m.get("by_epoch", True) and not m.get("convert_to_iter_based") for m in members)
    run, loop = params.get("default_end"), None
    if run is not None:
        loop = object.__new__(EpochBasedTrainLoop)
    runner = SimpleNamespace(
        _train_loop=loop,
        max_epochs=run if in_epochs else run and length and -(-run // length),
        max_iters=run,
        train_dataloader=range(length or 1),
        logger=logging.getLogger("mmengine"),
    )
    return Runner._build_param_scheduler(runner, members, optimizer), 1 if in_epochs else length
