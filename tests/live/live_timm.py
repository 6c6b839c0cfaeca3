"""Random cases of timm: its schedulers and create_scheduler_v2, and the runs of the real ones."""

from __future__ import annotations

import sys
from importlib.metadata import files
from types import ModuleType
from typing import TYPE_CHECKING, Any

from live_case import Case, Draw, Run, step_through, stop_of
from live_torch import compiled, lrs, real_optimizer, spoiled

timm = ModuleType("timm")  # the real one imports torchvision, which has no build for the CPU alone
timm.__path__ = [str(next(f for f in files("timm") or () if f.name == "__init__.py").locate().parent)]
sys.modules["timm"] = timm

from timm import scheduler as real

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Params = dict[str, Any]

FALLS = [
    "1-frac",
    "(1-frac)**2",
    "1-frac**0.5",
    "math.cos(frac)",
    "1/frac",
    "1/(1-frac)",
    "0.5",
    "lambda f: 1-f*f",
]


def shared(draw: Draw) -> Params:
    """What all of them take: warmup, noise and who steps them."""
    params = {
        "warmup_t": draw.some(draw.span() // 3, 0, 1, 2.5, 0.5, -2, draw.steps + 5),
        "warmup_lr_init": draw.some(draw.rate() / 10, 0, 1e-5, 2.0, -0.01),
        "t_in_epochs": draw.random() < 0.5,
        **noise(draw, draw.span),
    }
    found = draw.subset(params, 0.6)
    return {**found, **surroundings(draw)}


def noise(draw: Draw, place: Callable[[], float]) -> Params:
    if draw.random() < 0.7:
        return {}
    ends = [place() for _ in range(draw.some(2, 1, 0, 3, often=0.1))]
    return {
        "noise_range_t": draw.some(sorted(ends), ends, place(), 0, None),
        "noise_pct": draw.some(round(draw.uniform(0.3, 2), 2), 0.67, 5),
        "noise_std": draw.some(round(draw.uniform(0.05, 1.5), 2), 1, 0, -1),
        "noise_seed": draw.some(draw.randint(0, 10**6), 42, -3, 2**32 - 2, 2**40, None),
    }


def surroundings(draw: Draw) -> Params:
    return draw.subset(
        {
            "stepped_by": draw.some("step", "step_update", often=0.4),
            "lr_scale": draw.each(lambda: draw.some(draw.share(), 1, 2.0, 0)),
            "initialize": draw.random() > 0.1,
        },
        0.12,
    )


def prefix(draw: Draw) -> Params:
    return draw.subset({"warmup_prefix": draw.random() < 0.5}, 0.6)


def cycles(draw: Draw) -> Params:
    """Of one length, growing or shrinking; the usual run is one cycle."""
    if draw.random() < 0.4:
        return {}
    return draw.subset(
        {
            "cycle_mul": draw.some(
                round(draw.uniform(1.05, 3), 2), 1, 1.0, 2, 3.0, 0.5, 0.9, 0, -1, 1.001, often=0.6
            ),
            "cycle_decay": draw.some(draw.share(), 1, 0, 0.5, 1.3, -0.5, 1e6),
            "cycle_limit": draw.some(draw.randint(1, 5), 0, 1, 100, 1.5, -1),
        },
        0.8,
    )


def length(draw: Draw) -> float:
    return draw.some(draw.span(), 0, -5, 1, 2.5, draw.steps, 0.3, often=0.2)


def k_decay(draw: Draw) -> Params:
    return draw.subset({"k_decay": draw.some(round(draw.uniform(0.3, 3), 2), 1, 2, 0, -1, -0.5, 200.0)}, 0.3)


def floor(draw: Draw) -> Params:
    return draw.subset({"lr_min": draw.some(draw.rate() / 100, 0, 1e-5, 2.0, -1e-3)}, 0.5)


def cosine(draw: Draw) -> Params:
    return {
        "t_initial": length(draw),
        **floor(draw),
        **cycles(draw),
        **k_decay(draw),
        **prefix(draw),
        **shared(draw),
    }


def tanh(draw: Draw) -> Params:
    ends = {"lb": round(draw.uniform(-9, 1), 2), "ub": draw.some(round(draw.uniform(0, 5), 2), -3, -9, 3)}
    more = draw.subset(ends, 0.5)
    return {"t_initial": length(draw), **more, **floor(draw), **cycles(draw), **prefix(draw), **shared(draw)}


def poly(draw: Draw) -> Params:
    power = draw.subset({"power": draw.some(round(draw.uniform(0.1, 4), 2), 0, 1, 2, -1, 0.5)}, 0.6)
    return {**cosine(draw), **power}


def step(draw: Draw) -> Params:
    decay = {
        "decay_t": draw.some(draw.span(), 0, 1, 2.5, 2.4, -3, -0.5, 0.3),
        "decay_rate": draw.some(draw.share(), 0, 1, 2, 1.2, -0.5, 1e-9),
    }
    return {**draw.subset(decay, always=("decay_t",)), **prefix(draw), **shared(draw)}


def multi_step(draw: Draw) -> Params:
    places = [draw.some(draw.span(), 0, 1, 3, -2, 2.5, often=0.2) for _ in range(draw.randint(0, 5))]
    rate = draw.subset({"decay_rate": draw.some(draw.share(), 0, 1, 2, 1.2, -0.5)}, 0.8)
    return {"decay_t": draw.some(sorted(places), places), **rate, **prefix(draw), **shared(draw)}


def wsd(draw: Draw) -> Params:
    run = length(draw)
    params = {
        "t_initial": run,
        "decay_t": draw.some(draw.randint(1, max(1, int(run))), 0, run, 1, 2.5, -1, draw.span()),
        "lr_min": draw.some(draw.rate() / 100, 0, 1e-5, 2.0, -1e-3),
        "stable_fn": draw.some(draw.choice(["constant", "rsqrt", "power"]), "flat", often=0.05),
        "stable_timescale": draw.some(draw.span(), None, 0, 0.5, -2),
        "stable_power": draw.some(round(draw.uniform(0.1, 2), 2), 0, 1, often=0.1),
        "decay_fn": draw.some(draw.choice(["linear", "1-sqrt", "cosine", "power", "exp"]), *FALLS, "sqrt"),
        "decay_power": draw.some(round(draw.uniform(0.1, 3), 2), 0, 1, often=0.1),
        "decay_ratio": draw.some(draw.share(), 0, 1, 0.1, often=0.1),
    }
    return {**draw.subset(params, 0.5, always=("t_initial", "decay_t")), **shared(draw)}


def plateau(draw: Draw) -> Params:
    params = {
        "decay_rate": draw.some(draw.share(), 0, 1, 1.5, -0.5, often=0.15),
        "patience_t": draw.some(draw.randint(0, 8), 0, -1, 2.5),
        "threshold": draw.some(round(10 ** draw.uniform(-6, -1), 7), 0, 1),
        "cooldown_t": draw.some(draw.randint(0, 6), 0, 1, -1),
        "lr_min": draw.some(draw.rate(), 0, 2.0, [1e-3, 1e-2]),
        "mode": draw.some(draw.choice(["min", "max"]), "auto", often=0.05),
        "noise_type": draw.some("normal", "uniform"),
    }
    found = shared(draw)
    found.pop("t_in_epochs", None)
    return {**draw.subset(params), **found}


def factory(draw: Draw) -> Params:
    kinds = ["cosine", "tanh", "step", "multistep", "poly", "wsd", "rsqrt", "constant", "plateau", "none"]
    small = draw.randint(1, max(1, draw.steps // 4))
    params = {
        "sched": draw.some(draw.choice(kinds), "invsqrt", often=0.03),
        "num_epochs": draw.some(draw.span(), small, 1, 0, draw.steps),
        "decay_epochs": draw.some(small, 0.2, 0.5, None, 0, 1, 2.4, 0.01, -1),
        "decay_milestones": sorted(draw.span() for _ in range(draw.randint(0, 4))),
        "cooldown_epochs": draw.some(draw.randint(0, 9), 0, 0.5),
        "patience_epochs": draw.some(draw.randint(0, 8), 0),
        "decay_rate": draw.some(draw.share(), 0.1, 0, 1, 2.0),
        "min_lr": draw.some(draw.rate() / 100, 0, 1e-5, -1e-3),
        "warmup_lr": draw.some(draw.rate() / 10, 0, 1e-5),
        "warmup_epochs": draw.some(small, 0, 1, 2.5),
        "warmup_prefix": draw.random() < 0.5,
        **{
            ("noise" if key == "noise_range_t" else key): value
            for key, value in noise(draw, draw.share).items()
        },
        **cycles(draw),
        **k_decay(draw),
        "decay_fn": draw.some(draw.choice(["linear", "cosine", "exp"]), None, "sqrt", *FALLS[:2]),
        "stable_timescale": draw.some(small, None, 0, 2.5),
        "plateau_mode": draw.choice(["min", "max"]),
        "step_on_epochs": draw.random() < 0.6,
        "updates_per_epoch": draw.some(draw.randint(1, 9), 0, 1),
    }
    more = surroundings(draw)
    more.pop("initialize", None)
    return {**draw.subset(params, 0.6, always=("sched", "updates_per_epoch")), **more}


GENERATORS: Mapping[str, Callable[[Draw], Params]] = {
    "CosineLRScheduler": cosine,
    "TanhLRScheduler": tanh,
    "PolyLRScheduler": poly,
    "StepLRScheduler": step,
    "MultiStepLRScheduler": multi_step,
    "WSDLRScheduler": wsd,
    "PlateauLRScheduler": plateau,
    "create_scheduler_v2": factory,
}
NAMES = tuple(GENERATORS)


def draw(name: str, draw: Draw) -> Case:
    params = GENERATORS[name](draw)
    metrics = draw.metrics() if name == "PlateauLRScheduler" or params.get("sched") == "plateau" else None
    groups = [draw.subset({"lr_scale": draw.share()}, 0.6) for _ in range(draw.groups)]
    return Case(
        f"timm.{name}",
        spoiled(draw, params),
        draw.steps,
        lr=lrs(draw),
        metrics=metrics,
        groups=draw.some(None, groups, often=0.15),
    )


def record(case: Case) -> Run:
    params, optimizer = dict(case.params), real_optimizer(case)
    caller, scale = params.pop("stepped_by", None), params.pop("lr_scale", 1.0)
    names = ("linear", "1-sqrt", "cosine", "power", "exp", "sqrt")
    if isinstance(params.get("decay_fn"), str) and params["decay_fn"] not in names:
        params["decay_fn"] = compiled(params["decay_fn"], "frac")
    scales = scale if isinstance(scale, list) else [scale] * len(case.lrs)
    try:
        for group, factor in zip(optimizer.param_groups, scales, strict=True):
            group["lr_scale"] = factor
        for group, own in zip(optimizer.param_groups, case.groups or (), strict=False):
            group.update(own)
        if case.id == "timm.create_scheduler_v2":
            scheduler, length = real.create_scheduler_v2(optimizer, **params)
            length *= 1 if params.get("step_on_epochs", True) else params["updates_per_epoch"]
        else:
            scheduler = getattr(real, case.id.removeprefix("timm."))(optimizer, **params)
            length = cycle_length(scheduler)
    except Exception as error:
        return Run({}, "init", stop_of(error))

    def after(t: int) -> None:
        metric = case.metrics[t] if case.metrics else None
        if scheduler is not None and caller != "step_update":
            scheduler.step(t + 1, metric)
        if scheduler is not None and caller != "step":
            scheduler.step_update(t + 1, metric)
        if any(isinstance(group["lr"], complex) for group in optimizer.param_groups):
            raise TypeError("the LR is a complex number")

    run = step_through(lambda: {"lr": [group["lr"] for group in optimizer.param_groups]}, after, case.steps)
    return Run(run.curves, run.stopped, run.message, length)


def cycle_length(scheduler: Any) -> float | None:
    try:
        return scheduler.get_cycle_length()
    except Exception:
        return None
