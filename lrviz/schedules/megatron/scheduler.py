"""OptimizerParamScheduler: the LR and the weight decay."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import LR, BaseLRs, FactorPerGroup, Floors, RunTicks, Samples, Ticks, Total, Warmup
from lrviz.engine.compose import scale
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.megatron.curves import Decay, weight_decay

Style = Literal["constant", "linear", "cosine", "inverse-square-root", "WSD"]
WSDStyle = Literal["exponential", "linear", "cosine", "minus_sqrt"]
Increase = Literal["constant", "linear", "cosine"]


@schedule(
    example={
        "max_lr": 0.1,
        "min_lr": 0.01,
        "lr_warmup_steps": 80,
        "lr_decay_steps": 800,
        "lr_decay_style": "WSD",
        "start_wd": 0.01,
        "end_wd": 0.1,
        "wd_incr_style": "cosine",
        "wsd_decay_steps": 160,
        "lr_wsd_decay_style": "minus_sqrt",
        "increment": 8,
    },
)
def OptimizerParamScheduler(
    group: Group,
    *,
    init_lr: LR = 0.0,
    max_lr: BaseLRs,
    min_lr: Floors = 0.0,
    lr_warmup_steps: Warmup = 0,
    lr_decay_steps: Total,
    lr_decay_style: Style | str = "linear",
    start_wd: FactorPerGroup = 0.01,
    end_wd: FactorPerGroup = 0.01,
    wd_incr_steps: RunTicks | None = None,
    wd_incr_style: Increase | str = "constant",
    use_checkpoint_opt_param_scheduler: bool = True,
    override_opt_param_scheduler: bool = False,
    wsd_decay_steps: Ticks | None = None,
    lr_wsd_decay_style: WSDStyle | str | None = None,
    increment: Samples = 1,
    wd_mult: FactorPerGroup = 1.0,
) -> dict[str, Timeline]:
    """A linear warmup, then one of five decays to ``min_lr``; the weight decay may grow meanwhile.

    Formula: at n = t increment samples, with W = lr_warmup_steps and T = lr_decay_steps, lr is
    init + (max - init) n / W for n <= W; then max for ever (constant); or else min for n > T, and up to T
    max(min, max sqrt(max(W, 1)) / sqrt(max(n, 1))) (inverse-square-root) or min + (max - min) k with
    r = (n - W) / (T - W): k = 1 - r (linear) or (1 + cos(pi r)) / 2 (cosine). WSD: k = 1 up to T - D,
    D = wsd_decay_steps, then with q = (n - T + D) / D one of 1 - q (linear), (1 + cos(pi q)) / 2 (cosine),
    2 * 0.5^q - 1 (exponential), 1 - sqrt(q) (minus_sqrt).
    Weight decay: (start + (end - start) c) wd_mult with x = n / wd_incr_steps: c = x (linear) or
    (1 + cos(pi (1 - x))) / 2 (cosine); end for n > wd_incr_steps. constant wants start_wd = end_wd.
    Edges: all durations are samples. The class insists on all up to wd_incr_style; what is left out here is
    what Megatron's own training loop would hand it, wd_incr_steps being the samples of the run (in Python:
    lr_decay_steps). Lists are what the param groups hold themselves: the class gets the first value, and
    checks that one only. A style it does not know, and a WSD style left out, stop the run where it would be
    used. inverse-square-root without a warmup falls to half at the fourth sample.
    Source: megatron 0.19.2 ``OptimizerParamScheduler`` (megatron-core).

    Raises:
        ScheduleError: T not above 0 and W, bounds in the wrong order or below 0, WSD without its steps,
            a checkpoint both used and overridden, or an impossible increase of the weight decay.

    """
    _check_lr(init_lr, _first("max_lr", max_lr), _first("min_lr", min_lr), lr_warmup_steps, lr_decay_steps)
    _check_the_rest(_first("start_wd", start_wd), _first("end_wd", end_wd), increment)
    if use_checkpoint_opt_param_scheduler and override_opt_param_scheduler:
        raise ScheduleError(
            "the values of a checkpoint are either used or overridden, not both",
            hint="<use_checkpoint_opt_param_scheduler=false>",
        )
    most, least = float(group.pick("max_lr", max_lr)), group.pick("min_lr", min_lr)
    decay = Decay(most, least, lr_warmup_steps, lr_decay_steps, increment)
    if lr_decay_style == "constant":
        lr = decay.held(init_lr)
    elif lr_decay_style == "WSD":
        if wsd_decay_steps is None:
            raise ScheduleError("WSD needs wsd_decay_steps", hint="<wsd_decay_steps=20%>")
        lr = decay.behind_warmup(init_lr, decay.at_the_end(wsd_decay_steps, lr_wsd_decay_style))
    else:
        lr = decay.behind_warmup(init_lr, decay.in_style(lr_decay_style))
    wd_samples = lr_decay_steps if wd_incr_steps is None else wd_incr_steps
    bounds = group.pick("start_wd", start_wd), group.pick("end_wd", end_wd)
    wd = scale(weight_decay(*bounds, wd_samples, wd_incr_style, increment), group.pick("wd_mult", wd_mult))
    return {"lr": lr, "weight_decay": replace(wd, end=lr.end, why=lr.why)}


def _first(name: str, value: float | tuple[float, ...]) -> float:
    """The value the class itself is given, where its param groups hold one each."""
    if value == ():
        raise ScheduleError(f"{name} is an empty list", hint=f"give {name} one value, or one for each group")
    return value[0] if isinstance(value, tuple) else value


def _check_lr(init: float, most: float, least: float, W: float, T: float) -> None:
    if not 0 <= least <= most:
        raise ScheduleError(
            f"min_lr must be from 0 to max_lr={most!r}, got {least!r}", hint=f"<min_lr={most / 10:.4g}>"
        )
    if init > most:
        raise ScheduleError(f"init_lr must not be above max_lr={most!r}, got {init!r}", hint="<init_lr=0>")
    if T <= 0:
        raise ScheduleError(f"lr_decay_steps must be above 0, got {T!r}", hint="<lr_decay_steps=100000>")
    if W >= T:
        raise ScheduleError(
            f"lr_warmup_steps must be below lr_decay_steps={T!r}, got {W!r}", hint="<lr_warmup_steps=1%>"
        )


def _check_the_rest(start_wd: float, end_wd: float, increment: int) -> None:
    if not 0 <= start_wd <= end_wd:
        raise ScheduleError(
            f"start_wd must be from 0 to end_wd={end_wd!r}, got {start_wd!r}",
            hint="start_wd=0.01,end_wd=0.1",
        )
    if increment < 1:
        raise ScheduleError(f"increment must be 1 sample or more, got {increment!r}", hint="<increment=512>")
