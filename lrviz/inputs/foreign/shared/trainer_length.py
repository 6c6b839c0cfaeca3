"""How long transformers' Trainer runs: rows, batches of a process, updates.

Source: transformers 4.36 to 5.23, ``set_initial_training_values`` of ``trainer.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.accelerate_config import SHARING
from lrviz.inputs.foreign.lookup import ONE_PROCESS
from lrviz.inputs.foreign.shared.script_rows import check_rows, explain_rows
from lrviz.inputs.foreign.shared.transformers_version import since
from lrviz.inputs.foreign.shell.world import DEVICES, count_devices
from lrviz.notation.origin import Given
from lrviz.plan.arithmetic import ceil_div, transformers_max_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.settings import Settings


def total_steps(run: Settings, updates: Callable[[Settings], int] | None = None) -> int:
    """Updates of the run: ``max_steps``, else ``ceil(epochs * updates per epoch)``; 0 is none before 4.49.

    ``updates`` counts those of an epoch, where that is not the Trainer's way.
    """
    limit = run["max_steps"]
    if limit > 0:
        if run.is_said("num_train_epochs"):
            run.note("max-steps-win", f"max_steps={limit} wins over num_train_epochs", at="max_steps")
        return run.line(run.TOTAL_STEPS, "max_steps", limit)
    if limit == 0 and since(run, "4.49", "max_steps=0 makes one single update, before 4.49 it is as -1"):
        run.warn("one-update", "max_steps=0 makes one single update", at="max_steps")
        return run.line(run.TOTAL_STEPS, "max_steps", limit)
    if run.is_said("streaming") and run["streaming"]:
        run.refuse("a streamed data set has no length: max_steps must be set", hint="--given max_steps=1000")
    return steps_of_epochs(run, updates)


def steps_of_epochs(run: Settings, updates: Callable[[Settings], int] | None = None) -> int:
    """``ceil(epochs * updates per epoch)``."""
    epochs = run["num_train_epochs"]
    if epochs <= 0:
        run.refuse(f"num_train_epochs={epochs} makes no update", hint="<epochs=1>", at="num_train_epochs")
    if run.is_said("auto_find_batch_size") and run["auto_find_batch_size"]:
        run.warn(
            "batch-size-may-shrink",
            "auto_find_batch_size: after an out-of-memory the run has more updates",
            at="auto_find_batch_size",
        )
    number = updates(run) if updates else updates_per_epoch(run, batches_per_process(run))
    return updates_of_epochs(run, epochs, number)


def updates_of_epochs(run: Settings, epochs: float, in_epoch: int) -> int:
    """``ceil(epochs * updates per epoch)`` in floats, whosever epochs they are."""
    total = transformers_max_steps(in_epoch, epochs)
    return run.line(run.TOTAL_STEPS, f"ceil({epochs:g} * {in_epoch})", total)


def updates_per_epoch(run: Settings, batches: int, accum: int | None = None) -> int:
    """``ceil(batches / accumulation)``, before 4.52.1 floor, at least 1."""
    accum = run["gradient_accumulation_steps"] if accum is None else accum
    if accum < 1:
        run.refuse(f"gradient_accumulation_steps={accum}: it stops", hint="<grad_accum=1>")
    rounds_up = since(
        run, "4.52.1", "" if batches % accum == 0 else "updates per epoch are rounded up, before 4.52.1 down"
    )
    formula = f"{'ceil' if rounds_up else 'floor'}({batches} / {accum})"
    updates = ceil_div(batches, accum) if rounds_up else batches // accum
    return run.line(run.STEPS_PER_EPOCH, formula, max(updates, 1))


def batches_per_process(run: Settings) -> int:
    """Batches of one process in an epoch."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    if run.is_said("block_size"):
        run.explain("dataset_len", f"how many blocks of block_size={run['block_size']} tokens its texts make")
    elif run.source.script.removesuffix(".py") == "run_clm":
        run.explain("dataset_len", "how many blocks its texts make, each as long as the model takes")
    n, world = rows_and_processes(run)
    return shared_out(run, _at_most(run, n), world)


def _at_most(run: Settings, n: int) -> int:
    """Rows that ``max_train_samples`` of the example scripts leaves, of their blocks where they make some."""
    most = run["max_train_samples"]
    return n if most is None else run.line("rows", f"min({n}, {most})", min(n, most))


def rows_and_processes(run: Settings) -> tuple[int, int]:
    """What the files leave open, asked for at once."""
    explain_rows(run)
    n, world = run.ask(rows_name(run), processes_name(run))
    check_rows(run, n)
    return n, world


def rows_name(run: Settings) -> str:
    """Who says how many rows there are: the one that counts those to train on, else the data set's."""
    is_told = run.is_answered("dataset_len") and not run.is_answered("train_rows")
    return "train_rows" if run.is_said("train_rows") and not is_told else "dataset_len"


def rows_of_sets(held_out: str = "") -> str:
    """What is asked for where a setting, if it is named, has some rows ``held_out`` for a validation."""
    return f"how many rows the data sets have{held_out and f', before {held_out} holds some of them out'}"


def note_packed(run: Settings) -> None:
    """Say which rows are counted."""
    run.note("packed-rows", "packing: rows are counted after packing", at="packing")


def processes_name(run: Settings) -> str:
    """Who says how many processes run: a launcher, else a setting of the file."""
    is_open = not isinstance(run.lookup.world, Given) and not run.lookup.flags.get("world_size")
    return "num_processes" if is_open and run.is_said("num_processes") else "world_size"


def shared_out(run: Settings, n: int, world: int) -> int:
    """Batches of one of the processes for ``n`` rows."""
    batches = run.divide("batches", n, batch_size(run, world), down=run["dataloader_drop_last"])
    return share_of_process(run, batches, world)


def share_of_process(run: Settings, batches: int, world: int, *, drops: bool | None = None) -> int:
    """Batches of one of the processes, as accelerate shares them out.

    ``drops`` tells whether the last batch is left out, where that is not as the settings say.
    """
    config = run["accelerator_config"]
    drops = run["dataloader_drop_last"] if drops is None else drops
    if isinstance(config, dict) and config.get("split_batches"):
        _check_split(run, world)
    else:
        shares = replicas(run, world)
        if shares > 1:
            batches = run.divide("batches per process", batches, shares, down=bool(drops))
    if (sequence := _size(run, "sp_size")) > 1:
        batches = run.product("batches with sp_size", batches, sequence)
    if not batches:
        run.refuse("no batch is left", hint="<dataset_len=1000>", at="dataloader_drop_last")
    return batches


def _check_split(run: Settings, world: int) -> None:
    """Batches that are cut among the processes must be a multiple of them."""
    if (size := run["per_device_train_batch_size"]) % world:
        run.refuse(
            f"split_batches: a batch of {size} is no multiple of {world} processes, and it stops",
            hint=f"<batch_size={world}>",
            at="per_device_train_batch_size",
        )


def batch_size(run: Settings, world: int, of_device: int | None = None) -> int:
    """The batch of a process; plain python feeds all visible GPUs at once (DataParallel)."""
    size = run["per_device_train_batch_size"] if of_device is None else of_device
    devices = _devices(run) if world == 1 else 1
    if size < 1:
        run.refuse(f"per_device_train_batch_size={size}: it stops", hint="<batch_size=8>")
    if devices == 1:
        return int(size)
    run.warn(
        "data-parallel",
        f"plain python with {devices} visible GPUs: one process feeds batches of {size * devices} to all",
    )
    return run.product("batch of all GPUs", size, devices)


def _devices(run: Settings) -> int:
    launch = run.source.launch
    is_alone = launch.world in (None, ONE_PROCESS) and not run.raw("deepspeed")
    if not is_alone or DEVICES not in launch.env or run["use_cpu"]:
        return 1
    return count_devices(launch.env[DEVICES].value) or 1


def replicas(run: Settings, world: int) -> int:
    """Processes that see rows of their own: those of one tensor, context or sequence share them."""
    shared = math.prod(_size(run, name) for name in SHARING)
    if shared == 1:
        return world
    if shared < 1 or world % shared:
        run.refuse(f"{world} processes are no multiple of tp*cp*sp={shared}", hint=f"<world_size={shared}>")
    return run.line("processes with rows of their own", f"{world} / {shared}", world // shared)


def _size(run: Settings, name: str) -> int:
    return int(run[name]) if run.is_said(name) else 1
