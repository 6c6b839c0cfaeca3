"""transformers' ``TrainingArguments``: settings, length and warmup of every trainer built on them.

Source: transformers 4.36 to 5.23, ``training_args.py``, ``trainer.py``, ``optimization.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, literal, number, steps_or_share, switch, text, whole
from lrviz.plan.arithmetic import ceil_div, dataloader_len

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    Setting("learning_rate", number, 5e-5, "lr"),
    Setting("lr_scheduler_type", text, "linear"),
    Setting("lr_scheduler_kwargs", literal),
    Setting("warmup_steps", steps_or_share, 0, "warmup"),
    Setting("warmup_ratio", number),
    Setting("num_train_epochs", number, 3.0, "epochs"),
    Setting("max_steps", whole, -1, "steps"),
    Setting("per_device_train_batch_size", whole, 8, "batch_size", ("per_gpu_train_batch_size",)),
    Setting("gradient_accumulation_steps", whole, 1, "grad_accum"),
    Setting("dataloader_drop_last", switch, default=False, key="drop_last"),
    Setting("accelerator_config", literal),
    Setting("auto_find_batch_size", switch, default=False),
    Setting("optim", text),
)
LAST_V4 = "4.57.6"
OLD_NAMES = (
    "warmup_ratio",
    "evaluation_strategy",
    "per_gpu_train_batch_size",
    "no_cuda",
    "fp16_backend",
    "group_by_length",
)
"""Settings that the newest version does not have."""
SCHEDULES = {
    "linear": "transformers.linear",
    "cosine": "transformers.cosine",
    "cosine_with_restarts": "transformers.cosine_with_restarts",
    "polynomial": "transformers.polynomial",
    "constant": "transformers.constant",
    "constant_with_warmup": "transformers.constant_with_warmup",
    "inverse_sqrt": "transformers.inverse_sqrt",
    "cosine_with_min_lr": "transformers.cosine_with_min_lr",
    "cosine_warmup_with_min_lr": "transformers.cosine_warmup_with_min_lr",
    "warmup_stable_decay": "transformers.warmup_stable_decay",
    "reduce_lr_on_plateau": "transformers.reduce_lr_on_plateau",
    "greedy": "transformers.greedy",
}
"""``SchedulerType``, and what lrviz calls each."""
NEEDS_A_METRIC = ("reduce_lr_on_plateau", "greedy")
LOSES_KWARGS = ("constant", "constant_with_warmup")


def curve_of(run: Settings, total: int, *, lr: float | None = None) -> Spec:
    """The schedule of ``lr_scheduler_type`` over ``total`` updates."""
    kind = run.choose("lr_scheduler_type", SCHEDULES)
    warmup = warmup_steps(run, total)
    run.warmup = 0 if kind in ("constant", *NEEDS_A_METRIC) else warmup
    values = kwargs_of(run, kind)
    if kind not in ("constant", *NEEDS_A_METRIC):
        values["num_warmup_steps"] = warmup
    if kind not in LOSES_KWARGS + NEEDS_A_METRIC:
        values["num_training_steps"] = total
    if 0 < total < warmup and kind != "constant":
        reached = total / warmup
        run.warn(
            "warmup-longer-than-run",
            f"warmup of {warmup} updates in a run of {total}: the LR reaches {reached:.0%} of its peak",
            at="warmup_steps",
        )
    elif kind == "constant" and warmup:
        run.warn("warmup-ignored", "constant has no warmup: warmup_steps changes nothing", at="warmup_steps")
    return run.curve(SCHEDULES[kind], **values, lr=run["learning_rate"] if lr is None else lr, steps=total)


def kwargs_of(run: Settings, kind: str) -> dict[str, Value]:
    """What ``lr_scheduler_kwargs`` hands to the schedule, which must be a table."""
    given = run["lr_scheduler_kwargs"] or {}
    if not isinstance(given, dict):
        run.refuse(
            f"lr_scheduler_kwargs={given!r} is no table",
            hint="""--lr_scheduler_kwargs '{"num_cycles": 2}'""",
            at="lr_scheduler_kwargs",
        )
    if given and kind in LOSES_KWARGS:
        run.note("kwargs-ignored", f"{kind} takes no lr_scheduler_kwargs", at="lr_scheduler_kwargs")
        return {}
    return dict(given)


def warmup_steps(run: Settings, total: int) -> int:
    """Updates of warmup.

    From 5.0 ``int(w)`` from 1 on, ``ceil(total * w)`` below; before, whole numbers only, and
    ``ceil(total * warmup_ratio)`` where there are none. Between 5.0 and 5.14 the ratio overwrites the steps.
    """
    steps, ratio = run["warmup_steps"], run["warmup_ratio"]
    is_v5 = run.since("5")
    if ratio is not None and (is_v5 or not steps):
        if run.is_said("warmup_steps") and steps:
            run.warn(
                "warmup-overwritten", "warmup_ratio overwrites warmup_steps (5.0 to 5.14)", at="warmup_ratio"
            )
        steps = float(ratio) if not is_v5 or ratio < 1 else ratio
        if not is_v5:
            return run.line("warmup", f"ceil({total} * {ratio})", math.ceil(total * ratio))
    if steps < 0:
        run.refuse(f"warmup_steps={steps} is below 0", hint="0 or more", at="warmup_steps")
    if steps >= 1 or not steps:
        return int(steps)
    if not is_v5 and run.given("warmup_steps").origin.source == "file":
        run.refuse(
            f"warmup_steps={steps}: {run.title} takes whole numbers",
            hint=f"warmup_ratio={steps}",
            at="warmup_steps",
        )
    return run.line("warmup", f"ceil({total} * {steps})", math.ceil(total * steps))


def total_steps(run: Settings) -> int:
    """Updates of the run: ``max_steps`` above 0, else ``ceil(epochs * updates per epoch)``.

    ``max_steps=0`` makes one single update.
    """
    limit = run["max_steps"]
    if limit > 0:
        if run.is_said("num_train_epochs"):
            run.note("max-steps-win", f"max_steps={limit} wins over num_train_epochs", at="max_steps")
        return run.line("total steps", "max_steps", limit)
    if limit == 0:
        run.warn("one-update", "max_steps=0 makes one single update", at="max_steps")
        return run.line("total steps", "1", 1)
    epochs = run["num_train_epochs"]
    if epochs <= 0:
        run.refuse(f"num_train_epochs={epochs} makes no update", hint="<epochs=1>", at="num_train_epochs")
    updates = updates_per_epoch(run)
    return run.line("total steps", f"ceil({epochs:g} * {updates})", math.ceil(epochs * updates))


def updates_per_epoch(run: Settings) -> int:
    """``ceil(batches / accumulation)``, before 4.52.1 floor, at least 1."""
    batches, accum = batches_per_process(run), run["gradient_accumulation_steps"]
    if accum == 1:
        return batches
    rounds_up = run.since(
        "4.52.1", "" if batches % accum == 0 else "updates per epoch are rounded up, before 4.52.1 down"
    )
    formula = f"{'ceil' if rounds_up else 'floor'}({batches} / {accum})"
    updates = ceil_div(batches, accum) if rounds_up else batches // accum
    return run.line("steps per epoch", formula, max(updates, 1))


def batches_per_process(run: Settings, rows: str = "dataset_len") -> int:
    """Batches of one process in an epoch, as accelerate shares them out."""
    if run["auto_find_batch_size"]:
        run.warn(
            "batch-size-may-shrink",
            "auto_find_batch_size: after an out-of-memory the run has more updates",
            at="auto_find_batch_size",
        )
    if run.knows("batches_per_epoch"):
        return run.line("batches per epoch", "batches_per_epoch", run.ask("batches_per_epoch"))
    n, world = run.ask(rows, "world_size")
    size, drop_last = run["per_device_train_batch_size"], run["dataloader_drop_last"]
    batches = dataloader_len(n, size, drop_last=drop_last)
    run.line("batches", f"{'floor' if drop_last else 'ceil'}({n} / {size})", batches)
    splits = isinstance(run["accelerator_config"], dict) and run["accelerator_config"].get("split_batches")
    if world == 1 or splits:
        return batches
    share, rest = divmod(batches, world)
    formula = f"{'floor' if drop_last else 'ceil'}({batches} / {world})"
    return run.line("batches per process", formula, share + (rest > 0 and not drop_last))


def assume_version(run: Settings) -> None:
    """Where a setting stands that the newest version does not have, the last one that has it is assumed."""
    old = [name for name in OLD_NAMES if run.raw(name) is not None]
    if old and not run.is_version_given:
        run.assume(LAST_V4, f"{old[0]} is no setting of {run.title}")
