"""transformers' ``TrainingArguments``: settings and length of every trainer built on them.

Source: transformers 4.36 to 5.23, ``training_args.py``, ``trainer.py``, ``hf_argparser.py``.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.abbreviations import with_full_names
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, steps_or_share, switch, text, whole
from lrviz.inputs.foreign.world import DEVICES, count_devices
from lrviz.plan.arithmetic import ceil_div, dataloader_len
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source


def flag(raw: Raw) -> bool:
    """A switch that may have a value behind it: ``--dataloader_drop_last false``.

    Raises:
        Unfit: it is something else.

    """
    return switch(raw)


def table(raw: Raw) -> dict[str, Any]:
    """A table, or one in JSON; texts in it that are digits or ``true`` mean what they say.

    Raises:
        Unfit: it is no table.

    """
    value = raw.value
    if isinstance(value, str):
        with suppress(ValueError, RecursionError):
            value = json.loads(value)
    if not isinstance(value, dict):
        raise Unfit
    return {str(key): _untexted(one) for key, one in value.items()}


def _untexted(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    return float(value) if "." in value and value.replace(".", "", 1).isdigit() else _whole(value)


def _whole(value: str) -> int | str:
    return int(value) if value.isdecimal() else value


SETTINGS = (
    Setting("learning_rate", number, 5e-5, "lr"),
    Setting("lr_scheduler_type", text, "linear"),
    Setting("lr_scheduler_kwargs", table),
    Setting("warmup_steps", steps_or_share, 0, "warmup"),
    Setting("warmup_ratio", number),
    Setting("num_train_epochs", number, 3.0, "epochs"),
    Setting("max_steps", whole, -1, "steps"),
    Setting("per_device_train_batch_size", whole, 8, "batch_size", ("per_gpu_train_batch_size",)),
    Setting("gradient_accumulation_steps", whole, 1, "grad_accum"),
    Setting("dataloader_drop_last", flag, default=False, key="drop_last"),
    Setting("accelerator_config", literal),
    Setting("auto_find_batch_size", flag, default=False),
    Setting("streaming", flag, default=False),
    Setting("optim", text),
    Setting("eval_strategy", text, "no", aliases=("evaluation_strategy",)),
    Setting("eval_steps", number),
    Setting("logging_steps", number, 500),
    Setting("use_cpu", flag, default=False, aliases=("no_cuda",)),
    *(
        Setting(f"{name}_size", whole, 1, aliases=(f"parallelism_config.{name}_size",))
        for name in ("tp", "cp", "sp")
    ),
)
OPTIONS = (
    *(name for setting in SETTINGS for name in setting.names if "_size" not in name or "per_" in name),
    *(
        "per_device_eval_batch_size",
        "gradient_checkpointing",
        "gradient_checkpointing_kwargs",
        "max_grad_norm",
    ),
    *("dataloader_num_workers", "dataloader_pin_memory", "dataloader_persistent_workers", "optim_args"),
    *("dataloader_prefetch_factor", "eval_on_start", "eval_delay", "eval_accumulation_steps", "log_level"),
    *("optim_target_modules", "logging_strategy", "logging_first_step", "logging_dir"),
)
"""All options that begin as the settings do."""
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
SIGNS = (
    "per_device_train_batch_size",
    "gradient_accumulation_steps",
    "num_train_epochs",
    "lr_scheduler_type",
    "output_dir",
)


def has_arguments(source: Source) -> bool:
    """Two or more of the arguments that nobody else calls so, and no table of an optimizer beside them."""
    has_optimizer = isinstance(source.data.get("optimizer"), dict)
    keys = {key.replace("-", "_") for key in source.data}
    return not has_optimizer and sum(key in keys for key in SIGNS) > 1


def with_argparse_names(source: Source) -> Source:
    """The command with its options under their full names."""
    return with_full_names(source, OPTIONS, {one.key: one.name for one in SETTINGS if one.key})


def assume_version(run: Settings) -> None:
    """Where a setting stands that the newest version does not have, the last one that has it is assumed."""
    old = [name for name in OLD_NAMES if run.raw(name) is not None or name in run.said.extra]
    if old and not run.is_version_given:
        run.assume(LAST_V4, f"{old[0]} is no setting of {run.title}")


def total_steps(run: Settings) -> int:
    """Updates of the run: ``max_steps`` from 0 on, else ``ceil(epochs * updates per epoch)``."""
    limit = run["max_steps"]
    if limit > 0:
        if run.is_said("num_train_epochs"):
            run.note("max-steps-win", f"max_steps={limit} wins over num_train_epochs", at="max_steps")
        return run.line("total steps", "max_steps", limit)
    if limit == 0:
        run.warn("one-update", "max_steps=0 makes one single update", at="max_steps")
        return run.line("total steps", "max_steps", limit)
    epochs = run["num_train_epochs"]
    if epochs <= 0:
        run.refuse(f"num_train_epochs={epochs} makes no update", hint="<epochs=1>", at="num_train_epochs")
    if run.is_said("streaming") and run["streaming"]:
        run.refuse("a streamed data set has no length: max_steps must be set", hint="--given max_steps=1000")
    updates = updates_per_epoch(run, batches_per_process(run))
    return run.line("total steps", f"ceil({epochs:g} * {updates})", math.ceil(epochs * updates))


def updates_per_epoch(run: Settings, batches: int) -> int:
    """``ceil(batches / accumulation)``, before 4.52.1 floor, at least 1."""
    accum = run["gradient_accumulation_steps"]
    if accum < 1:
        run.refuse(f"gradient_accumulation_steps={accum}: it stops", hint="<grad_accum=1>")
    rounds_up = run.since(
        "4.52.1", "" if batches % accum == 0 else "updates per epoch are rounded up, before 4.52.1 down"
    )
    formula = f"{'ceil' if rounds_up else 'floor'}({batches} / {accum})"
    updates = ceil_div(batches, accum) if rounds_up else batches // accum
    return run.line("steps per epoch", formula, max(updates, 1))


def batches_per_process(run: Settings, rows: str = "dataset_len") -> int:
    """Batches of one process in an epoch, as accelerate shares them out."""
    if run.is_said("auto_find_batch_size") and run["auto_find_batch_size"]:
        run.warn(
            "batch-size-may-shrink",
            "auto_find_batch_size: after an out-of-memory the run has more updates",
            at="auto_find_batch_size",
        )
    if run.knows("batches_per_epoch"):
        return run.line("batches per epoch", "batches_per_epoch", run.ask("batches_per_epoch"))
    n, world = run.ask(rows, "world_size")
    return shared_out(run, n, world)


def shared_out(run: Settings, n: int, world: int) -> int:
    """Batches of one of the processes, for ``n`` rows."""
    drop_last, rounded = run["dataloader_drop_last"], "floor" if run["dataloader_drop_last"] else "ceil"
    size = _batch_size(run, world)
    batches = dataloader_len(n, size, drop_last=drop_last)
    run.line("batches", f"{rounded}({n} / {size})", batches)
    config = run["accelerator_config"]
    if not (isinstance(config, dict) and config.get("split_batches")):
        replicas = _replicas(run, world)
        if replicas > 1:
            share, rest = divmod(batches, replicas)
            formula = f"{rounded}({batches} / {replicas})"
            batches = run.line("batches per process", formula, share + (rest > 0 and not drop_last))
    if (sequence := _size(run, "sp")) > 1:
        batches = run.line("batches with sp_size", f"{batches} * {sequence}", batches * sequence)
    if not batches:
        run.refuse(f"{n} rows make no batch", hint="<dataset_len=1000>", at="dataloader_drop_last")
    return batches


def _batch_size(run: Settings, world: int) -> int:
    """The batch of a process; plain python feeds all visible GPUs at once (DataParallel)."""
    size, devices = run["per_device_train_batch_size"], _devices(run) if world == 1 else 1
    if size < 1:
        run.refuse(f"per_device_train_batch_size={size}: it stops", hint="<batch_size=8>")
    if devices == 1:
        return int(size)
    run.warn(
        "data-parallel",
        f"plain python with {devices} visible GPUs: one process feeds batches of {size * devices} to all",
    )
    return run.line("batch of all GPUs", f"{size} * {devices}", size * devices)


def _devices(run: Settings) -> int:
    launch = run.said.sources[0].launch
    if launch.world is not None or DEVICES not in launch.env or run["use_cpu"]:
        return 1
    return count_devices(launch.env[DEVICES].value) or 1


def _replicas(run: Settings, world: int) -> int:
    """Processes that see rows of their own: those of one tensor, context or sequence share them."""
    shared = math.prod(_size(run, name) for name in ("tp", "cp", "sp"))
    if shared == 1:
        return world
    if shared < 1 or world % shared:
        run.refuse(f"{world} processes are no multiple of tp*cp*sp={shared}", hint=f"<world_size={shared}>")
    return run.line("processes with rows of their own", f"{world} / {shared}", world // shared)


def _size(run: Settings, name: str) -> int:
    return int(run[f"{name}_size"]) if run.is_said(f"{name}_size") else 1
