"""The schedule that transformers' Trainer builds of ``lr_scheduler_type``, and its warmup.

Source: transformers 4.36 to 5.23, ``optimization.py``, ``get_warmup_steps`` of ``training_args.py``.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.setting_values import version_parts
from lrviz.inputs.foreign.shared.deepspeed_schedule import auto_values, check_names, trainer_curve
from lrviz.inputs.foreign.shared.late_arguments import ratio_of_warmup, refuse_late
from lrviz.inputs.foreign.shared.optimizer_lrs import lr_of_run
from lrviz.inputs.foreign.shared.overridden_schedule import own_or_warned
from lrviz.inputs.foreign.shared.skipped_updates import note_fp16
from lrviz.inputs.foreign.shared.trainer_length import batches_per_process, total_steps, updates_per_epoch
from lrviz.inputs.foreign.shared.transformers_version import assume_version, since, version_of
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.within import known_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec, Value

COMMON = ("linear", "cosine", "cosine_with_restarts", "polynomial", "constant", "constant_with_warmup")
"""Those that scripts of others have too, as diffusers' and kohya's."""
INTRODUCED = {
    **dict.fromkeys((*COMMON, "inverse_sqrt", "reduce_lr_on_plateau"), ""),
    "cosine_with_min_lr": "4.40",
    "cosine_warmup_with_min_lr": "4.54",
    "warmup_stable_decay": "4.41",
    "greedy": "5.4",
}
"""``SchedulerType``, and the version that each came with, where that is not older than all here."""
SCHEDULES = {name: f"transformers.{name}" for name in INTRODUCED}
NEEDS_A_METRIC = ("reduce_lr_on_plateau", "greedy")
LOSES_KWARGS = ("constant", "constant_with_warmup")
NO_WARMUP = ("constant", *NEEDS_A_METRIC)


def run_of(run: Settings, updates: Callable[[Settings], int] | None = None, lr: float | None = None) -> Spec:
    """The run of a Trainer; ``updates`` counts those of an epoch, where that is not its own way."""
    assume_version(run)
    kind_of(run)
    return curve_of(run, total_steps(run, updates), lr=lr)


def curve_of(
    run: Settings,
    total: int,
    *,
    lr: float | None = None,
    warmup: int | None = None,
    kwargs: Mapping[str, Value] | None = None,
) -> Spec:
    """The schedule of ``lr_scheduler_type`` built for ``total`` updates.

    ``lr`` and ``warmup`` where a trainer has them in another way, ``kwargs`` its own defaults.
    """
    kind, steps = kind_of(run), max(total, 1)
    note_fp16(run)
    refuse_late(run)
    if not _is_deepspeeds(run) and (own := own_or_warned(run, steps)):
        return own
    values: dict[str, Value] = {**(kwargs or {}), **_kwargs_of(run, kind), **_clock(run, kind)}
    warmup = warmup_steps(run, total) if warmup is None else warmup
    lr = lr_of_run(run, lr)
    if curve := _of_deepspeed(run, lr, warmup, steps):
        return curve
    name, values = _with_lengths(run, kind, values, warmup, total)
    _note_optimizer(run)
    return run.curve(name, **values, lr=lr, steps=steps)


def _with_lengths(
    run: Settings, kind: str, values: dict[str, Value], warmup: int, total: int
) -> tuple[str, dict[str, Value]]:
    """The schedule and its parameters for a run of that length; a warmup that it has not is warned of."""
    values = values | lengths_of(kind, warmup, total)
    if kind in NO_WARMUP:
        run.warmup = 0
        if warmup:
            text = f"{kind} has no warmup: warmup_steps changes nothing"
            run.warn("warmup-ignored", text, at="warmup_steps")
        return SCHEDULES[kind], values
    run.warmup = warmup
    called = of_version(run, kind, values, "lr_scheduler_kwargs")
    run.check_warmup(warmup, max(total, 1), at="warmup_steps")
    return called


def of_version(
    run: Settings, kind: str, values: dict[str, Value], said_by: str
) -> tuple[str, dict[str, Value]]:
    """The schedule of that name as the version of the run has it, and its parameters."""
    _check_old(run, kind, values, said_by)
    if kind == "warmup_stable_decay" and values["num_warmup_steps"] and _rises_from_zero(run, values):
        run.check_taken(SCHEDULES[kind], values, whose=f"{said_by}: ")
        return "torch.LambdaLR", {"lr_lambda": _rising_from_zero(values)}
    return SCHEDULES[kind], values


def lengths_of(kind: str, warmup: float, total: float) -> dict[str, Value]:
    """What a schedule of that name looks at of its warmup and of the updates that it is made for."""
    said: dict[str, Value] = {} if kind in NO_WARMUP else {"num_warmup_steps": warmup}
    return said if kind in (*LOSES_KWARGS, *NEEDS_A_METRIC) else said | {"num_training_steps": total}


def _is_deepspeeds(run: Settings) -> bool:
    """Whether the scheduler is that of DeepSpeed's config, which the Trainer makes none beside."""
    table = run.raw("deepspeed")
    return isinstance(table, dict) and "scheduler" in table


def _of_deepspeed(run: Settings, lr: float, warmup: int, steps: int) -> Spec | None:
    """What the config of DeepSpeed makes of it; None where that has no scheduler."""
    table = run.raw("deepspeed")
    if not isinstance(table, dict):
        return None
    return trainer_curve(run, table, auto_values(lr, warmup, steps), run["gradient_accumulation_steps"])


def kind_of(run: Settings) -> str:
    """The scheduler's name, which its version must have.

    Raises:
        ConfigError: it does not.

    """
    kind = run.choose("lr_scheduler_type", INTRODUCED)
    if INTRODUCED[kind] and not since(run, INTRODUCED[kind]):
        run.refuse(
            f"transformers {version_of(run)} has no {kind}",
            hint="--given transformers=5.23.0",
            at="lr_scheduler_type",
        )
    return kind


def _kwargs_of(run: Settings, kind: str) -> dict[str, Value]:
    """What ``lr_scheduler_kwargs`` hands to the schedule."""
    given = run["lr_scheduler_kwargs"] or {}
    if any(isinstance(value, Unknown) for value in given.values()):
        given = known_table(run, "lr_scheduler_kwargs")
    of_inverse_sqrt = "inverse_sqrt takes lr_scheduler_kwargs, before 5.4 it ignored them"
    if given and (
        kind in LOSES_KWARGS or (kind == "inverse_sqrt" and not since(run, "5.4", of_inverse_sqrt))
    ):
        whose = kind if kind in LOSES_KWARGS else f"{kind} of transformers {version_of(run)}"
        run.note("kwargs-ignored", f"{whose} takes no lr_scheduler_kwargs", at="lr_scheduler_kwargs")
        return {}
    check_names(
        run, SCHEDULES[kind], given, "lr_scheduler_kwargs", ("num_warmup_steps", "num_training_steps")
    )
    return {key: value for key, value in given.items() if value is not None}


def _check_old(run: Settings, kind: str, values: Mapping[str, Value], said_by: str) -> None:
    """Refuse what stops in old versions only."""
    if kind == "inverse_sqrt" and not values["num_warmup_steps"] and not since(run, "4.39"):
        text = f"inverse_sqrt without a warmup divides by zero in transformers {version_of(run)}"
        run.refuse(text, hint="<warmup=100>", at="lr_scheduler_type")
    if kind == "warmup_stable_decay" and "num_stable_steps" not in values and not since(run, "4.49"):
        text = f"transformers {version_of(run)} needs num_stable_steps for {kind}"
        kwargs = {"num_stable_steps": 100, "num_decay_steps": values.get("num_decay_steps", 10)}
        run.refuse(text, hint=f"--given lr_scheduler_kwargs='{json.dumps(kwargs)}'", at="lr_scheduler_type")
    new = [name for name in ("warmup_type", "decay_type") if name in values]
    if kind == "warmup_stable_decay" and new and not since(run, "4.49"):
        text = f"{kind} of transformers {version_of(run)} has no {new[0]}: it stops"
        run.refuse(text, hint="--given transformers=4.49.0", at=said_by)


def _rises_from_zero(run: Settings, values: Mapping[str, Value]) -> bool:
    """Whether its floor is none of the warmup, as before 4.49, and whole; others are refused elsewhere."""
    own = [values.get(name) for name in ("num_stable_steps", "num_decay_steps", "min_lr_ratio")]
    is_known = all(isinstance(one, (int, float)) for one in own) and bool(own[-1])
    return is_known and not since(run, "4.49", "the warmup rises from the floor, before 4.49 from 0")


def _rising_from_zero(values: Mapping[str, Any]) -> str:
    """The warmup, stable and decay of before 4.49, whose floor is none of the warmup."""
    rise, floor = values["num_warmup_steps"], values["min_lr_ratio"]
    flat, fall, cycles = values["num_stable_steps"], values["num_decay_steps"], values.get("num_cycles", 0.5)
    wave = f"max(0.0, 0.5 * (1.0 + cos(pi * {cycles} * 2.0 * (epoch - {rise} - {flat}) / {max(1, fall)})))"
    decay = f"(1.0 - {floor}) * {wave} + {floor} if epoch < {rise + flat + fall} else {floor}"
    return f"epoch / {rise} if epoch < {rise} else 1.0 if epoch < {rise + flat} else {decay}"


def _clock(run: Settings, kind: str) -> dict[str, Value]:
    """A schedule that follows a metric is asked after every evaluation, and needs one."""
    if kind not in NEEDS_A_METRIC:
        return {}
    strategy = run["eval_strategy"]
    if strategy == "epoch":
        return {"interval": "epoch", "steps_per_epoch": epoch_length(run)}
    if strategy != "steps":
        run.refuse(
            f"{kind} requires an eval strategy", hint="--given eval_strategy=epoch", at="lr_scheduler_type"
        )
    every = int(run.get("eval_steps", run["logging_steps"]))
    run.note("one-report-each-evaluation", f"the metric is reported every {every} updates: an epoch here")
    return {"interval": "epoch", "steps_per_epoch": every}


def epoch_length(run: Settings) -> int:
    """Updates of an epoch, which are asked for where the run's length does not depend on them."""
    return run.noted(run.STEPS_PER_EPOCH) or updates_per_epoch(run, batches_per_process(run))


def warmup_steps(run: Settings, total: float) -> int:
    """Updates of warmup.

    From 5.0 on ``int(w)`` from 1 on, ``ceil(total * w)`` below; before, whole numbers only, and
    ``ceil(total * warmup_ratio)`` where there are none. Between 5.0 and 5.14 the ratio overwrites the steps.
    """
    steps, ratio = run["warmup_steps"], ratio_of_warmup(run)
    if steps < 0:
        run.refuse(f"warmup_steps={steps} is below 0", hint="<warmup=0>", at="warmup_steps")
    if ratio is not None and since(run, "5.15"):
        hint = f"--given transformers=5.14.0, or write warmup_steps={ratio} in its place"
        run.refuse(f"transformers {version_of(run)} has no warmup_ratio", hint=hint, at="warmup_ratio")
    if not since(run, "5"):
        return _warmup_of_4(run, total, steps, ratio)
    if ratio is None:
        return _share(run, total, steps)
    _note_ratio(run, steps, ratio)
    if steps:
        run.warn("warmup-overwritten", "warmup_ratio overwrites warmup_steps", at="warmup_ratio")
    if ratio >= 1:
        run.warn("ratio-is-steps", f"warmup_ratio={ratio} counts updates from 5.0 on", at="warmup_ratio")
    return _share(run, total, ratio)


def _note_ratio(run: Settings, steps: float, ratio: float) -> None:
    """Name the version that is assumed, where 4 makes another warmup of it."""
    if steps:
        since(run, "5", "before 5.0 warmup_steps win over warmup_ratio")
    elif ratio >= 1:
        since(run, "5", "before 5.0 a warmup_ratio of 1 is the whole run")


def _warmup_of_4(run: Settings, total: float, steps: float, ratio: float | None) -> int:
    if not isinstance(steps, int) and run.origin("warmup_steps").source != "option":
        newest = str(run.table["transformers"].default)
        has_ratio = version_parts(newest) < (5, 15)
        newer = newest if ratio is None or has_ratio else "5.14.0"
        run.refuse(
            f"warmup_steps={steps}: transformers {version_of(run)} takes whole numbers",
            hint=f"<warmup={steps}>, or --given transformers={newer}",
            at="warmup_steps",
        )
    if ratio is not None and not 0 <= ratio <= 1:
        run.refuse("warmup_ratio must lie in range [0,1]", at="warmup_ratio", instead=0.1)
    if steps and ratio:
        run.warn(
            "ratio-ignored",
            f"warmup_steps={steps} wins over warmup_ratio={ratio}; the ratio wins in transformers 5.0–5.14",
            at="warmup_ratio",
        )
    return _share(run, total, steps) if steps else share_of(run, total, ratio or 0)


def _share(run: Settings, total: float, steps: float) -> int:
    return int(steps) if steps >= 1 else share_of(run, total, steps)


def share_of(run: Settings, total: float, share: float) -> int:
    """``ceil(total * share)``."""
    warmup = math.ceil(total * share)
    return run.line("warmup", f"ceil({total} * {share})", warmup) if share else warmup


def _note_optimizer(run: Settings) -> None:
    """Optimizers whose steps are not of the LR's size."""
    optim = run["optim"] or ""
    if optim.startswith("schedule_free"):
        run.note("optimizer-averages", f"{optim} expects a constant LR: it has its own averages", at="optim")
    elif "layerwise" in optim:
        run.note("optimizer-layerwise", f"{optim} has a schedule of its own for every parameter", at="optim")
