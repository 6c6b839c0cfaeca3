"""axolotl's schedules: its own, and those of transformers that it passes on.

Source: axolotl 0.19.0, ``core/trainers/mixins/scheduler.py`` and ``utils/schedulers.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.shared.deepspeed_schedule import check_texts
from lrviz.inputs.foreign.shared.transformers_schedule import INTRODUCED, LOSES_KWARGS, NEEDS_A_METRIC

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Value

OWN = {"one_cycle": "torch.OneCycleLR", "rex": "axolotl.RexLR"}
OF_TRANSFORMERS = tuple(name for name in INTRODUCED if name not in NEEDS_A_METRIC)


def schedule(run: Settings, total: int, warmup: int) -> tuple[str, dict[str, Value]]:
    """The schedule and its parameters."""
    kind = _kind(run)
    values = _kwargs(run, kind)
    if kind == "one_cycle":
        return OWN[kind], _one_cycle(run, values, total, warmup)
    ratio = _ratio(run, "cosine_min_lr_ratio")
    if kind == "rex":
        lowest = run["learning_rate"] * (ratio or 0)
        return OWN[kind], {"total_steps": total, "num_warmup_steps": warmup, "min_lr": lowest}
    both = {"num_warmup_steps": warmup, "num_training_steps": total}
    if kind == "cosine" and (own := _cosine(run, ratio)) is not None:
        return own[0], {**both, **own[1]}
    if ratio is not None and kind != "cosine":
        text = f"{kind} does not look at cosine_min_lr_ratio: it changes nothing"
        run.warn("ratio-ignored", text, at="cosine_min_lr_ratio")
    return f"transformers.{kind}", values if kind == "constant" else {**both, **values}


def _kind(run: Settings) -> str:
    """The name of the schedule, which may not follow a metric."""
    kind = run.choose("lr_scheduler", (*OF_TRANSFORMERS, *OWN, *NEEDS_A_METRIC))
    if kind in NEEDS_A_METRIC:
        run.refuse(
            f"{kind} follows the metric of each evaluation, which the file does not hold",
            hint=f"lrviz show 'transformers.{kind}'",
            at="lr_scheduler",
        )
    return kind


def _kwargs(run: Settings, kind: str) -> dict[str, Value]:
    """What ``lr_scheduler_kwargs`` hands to the schedule; the Trainer hands them to no constant one."""
    given: Any = run["lr_scheduler_kwargs"] or {}
    if not isinstance(given, dict):
        run.refuse(
            f"lr_scheduler_kwargs={given!r} is no table",
            hint="lr_scheduler_kwargs: {num_cycles: 2}",
            at="lr_scheduler_kwargs",
        )
    if given and kind in LOSES_KWARGS:
        run.note("kwargs-ignored", f"{kind} takes no lr_scheduler_kwargs", at="lr_scheduler_kwargs")
        return {}
    check_texts(run, given, "lr_scheduler_kwargs")
    return {str(key): value for key, value in given.items()}


def _one_cycle(run: Settings, values: dict[str, Value], total: int, warmup: int) -> dict[str, Value]:
    """OneCycleLR with the warmup's share of the run as pct_start; its peak is the LR.

    Raises:
        ConfigError: ``lr_scheduler_kwargs`` say what axolotl says too.

    """
    twice = next((name for name in ("max_lr", "total_steps") if name in values), "")
    if twice:
        run.refuse(
            f"OneCycleLR got multiple values for {twice}: axolotl gives it one",
            hint=f"leave {twice} out of lr_scheduler_kwargs",
            at="lr_scheduler_kwargs",
        )
    return {"pct_start": warmup / total, "anneal_strategy": "cos", **values, "total_steps": total}


def _ratio(run: Settings, name: str) -> float | None:
    ratio: float | None = run[name]
    if ratio is not None and not 0 <= ratio <= 1:
        run.refuse(f"{name} must be between 0.0 and 1.0", hint=f"{name}: 0.1", at=name)
    return ratio


def _cosine(run: Settings, ratio: float | None) -> tuple[str, dict[str, Value]] | None:
    """What axolotl makes of cosine itself: the first of these that is said."""
    if run["lr_quadratic_warmup"] and not run["rl"]:
        if ratio is not None:
            run.warn("ratio-ignored", "with lr_quadratic_warmup there is no floor", at="cosine_min_lr_ratio")
        return "axolotl.cosine_quadratic_warmup", {}
    constant = _ratio(run, "cosine_constant_lr_ratio")
    if ratio and constant:
        return "axolotl.cosine_min_lr_constant", {"constant_lr_ratio": constant, "min_lr_ratio": ratio}
    if constant:
        run.warn(
            "ratio-ignored",
            "cosine_constant_lr_ratio changes nothing without cosine_min_lr_ratio",
            at="cosine_constant_lr_ratio",
        )
    return ("transformers.cosine_with_min_lr", {"min_lr_rate": ratio}) if ratio else None
