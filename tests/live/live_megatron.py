"""Random cases of Megatron-core's scheduler, and the runs of the real one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from live_case import Case, Draw, Run, step_through, stop_of
from unpacked import module

NAMES = ("OptimizerParamScheduler",)
OWN = ("max_lr", "min_lr", "start_wd", "end_wd", "wd_mult")  # what a param group may hold itself

megatron = module(
    "megatron-core",
    "megatron/core/optimizer_param_scheduler.py",
    {"megatron.core.utils": {"log_single_rank": lambda *_: None}},
)


def each(draw: Draw, one: Any) -> Any:
    """One value for all groups, or one for each."""
    return one() if draw.random() < 0.6 else [one() for _ in range(draw.groups)]


def samples(draw: Draw, increment: int, share: float = 1.0) -> Any:
    """A number of samples, mostly no whole number of updates."""
    whole = int(draw.span() * increment * share) + draw.randint(0, increment)
    return draw.some(whole, round(whole + draw.random(), 3), whole - whole % increment, 0, 1, -5, often=0.15)


def weight_decay(draw: Draw, increment: int) -> dict[str, Any]:
    style = draw.some(draw.choice(["linear", "cosine", "constant"]), "step", often=0.05)
    start = each(draw, lambda: draw.some(draw.share() / 10, 0, 0.1, -0.1, often=0.1))
    end = each(draw, lambda: draw.some(0.1 + draw.share(), 0.1, 0.0, often=0.1))
    return {
        "start_wd": start,
        "end_wd": start if style == "constant" and draw.random() < 0.9 else end,
        "wd_incr_steps": samples(draw, increment),
        "wd_incr_style": style,
    }


def draw(name: str, draw: Draw) -> Case:
    increment = draw.some(draw.randint(2, 600), 1, 8, often=0.5)
    styles = ["constant", "linear", "cosine", "inverse-square-root", "WSD", "WSD", "WSD"]
    needed = {
        "init_lr": draw.some(draw.rate() / 1e5, 0, 0.0, 0.0, 2.0, often=0.15),
        "max_lr": each(draw, draw.rate),
        "min_lr": each(draw, lambda: draw.some(draw.rate() / 1e5, 0, 0.0, 0.3, -1e-3, often=0.1)),
        "lr_warmup_steps": draw.some(samples(draw, increment, 0.1), 0, 0, samples(draw, increment)),
        "lr_decay_steps": samples(draw, increment),
        "lr_decay_style": draw.some(draw.choice(styles), "poly", "wsd", often=0.05),
        **weight_decay(draw, increment),
    }
    falls = ["exponential", "linear", "cosine", "minus_sqrt"]
    optional = {
        "wsd_decay_steps": draw.some(samples(draw, increment, 0.3), samples(draw, increment), 0, None),
        "lr_wsd_decay_style": draw.some(draw.choice(falls), None, "sqrt", often=0.1),
        "use_checkpoint_opt_param_scheduler": draw.random() < 0.5,
        "override_opt_param_scheduler": draw.random() < 0.05,
        "wd_mult": each(draw, lambda: draw.choice([0.0, 1.0, 0.5])),
        "increment": increment,
    }
    params = {**needed, **draw.subset(optional, 0.95)}
    several = any(isinstance(params.get(key), list) for key in OWN)
    lr = [0.5] * draw.groups if several else draw.choice([0.5, None])
    if isinstance(params["max_lr"], list) and draw.random() < 0.5:
        lr = None
    own = {"max_lr": draw.rate(), "min_lr": draw.rate() / 1e5, "wd_mult": draw.share()}
    groups = [draw.subset(own, 0.5) for _ in range(draw.groups)]
    groups = None if several else draw.some(None, groups, often=0.3)
    return Case(f"megatron.{name}", params, draw.steps, lr=lr, groups=groups)


def record(case: Case) -> Run:
    lists = [value for name, value in case.params.items() if name in OWN and isinstance(value, list)]
    groups: list[dict[str, Any]] = [
        {"lr": 0.5, "weight_decay": 0.5} for _ in (case.groups or (lists or [[0]])[0])
    ]
    given = {name: value for name, value in case.params.items() if name not in ("increment", "wd_mult")}
    for name in OWN:
        value = case.params.get(name)
        if isinstance(value, list):
            for group, one in zip(groups, value, strict=True):
                group[name] = one
            given = {**given, **({name: value[0]} if name in given else {})}
        elif name == "wd_mult" and value is not None:
            for group in groups:
                group[name] = value
    for group, own in zip(groups, case.groups or (), strict=False):
        group.update(own)
    try:
        scheduler = megatron.OptimizerParamScheduler(SimpleNamespace(param_groups=groups), **given)
    except Exception as error:
        return Run({}, "init", stop_of(error))

    def values() -> dict[str, list[float]]:
        return {key: [group[key] for group in groups] for key in ("lr", "weight_decay")}

    return step_through(values, lambda _: scheduler.step(case.params.get("increment", 1)), case.steps)
