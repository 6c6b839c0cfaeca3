"""axolotl: what its schema stops at before it trains.

Source: axolotl 0.19.0, ``utils/schemas/validation.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, text
from lrviz.inputs.foreign.shared import axolotl_restarts, axolotl_saves
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.numbers import is_number

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

SETTINGS = (Setting("optimizer", text), Setting("adapter", text))
_APART = (
    (("sample_packing", "rl"), "sample_packing does not go with rl: axolotl stops", "sample_packing: false"),
    *(
        (("val_set_size", other), f"val_set_size beside {other}: axolotl stops", "val_set_size: 0")
        for other in ("test_datasets", "streaming", "pretraining_dataset")
    ),
    (
        ("lr_groups", "loraplus_lr_ratio"),
        "lr_groups and loraplus_lr_ratio cannot be used together",
        "leave one out",
    ),
)
"""Settings that may not stand together, what is said of them, and the way out."""
_OF_OPTIMIZERS = {
    "muon": ("deepspeed",),
    "flash_": ("deepspeed",),
    "q_galore_adamw8bit": ("deepspeed", "adapter"),
    "polora": ("deepspeed", "loraplus_lr_ratio", "lr_groups", "embedding_lr", "embedding_lr_scale"),
}
"""What the optimizers whose names begin so do not stand beside; of FSDP they take version 2 alone."""
_IN_8_BIT = ("adamw_8bit", "adamw_bnb_8bit")


def check(run: Settings) -> None:
    """What may not stand together, or stands for nothing.

    Raises:
        ConfigError: axolotl stops.

    """
    if run.raw("max_packed_sequence_len"):
        said = "max_packed_sequence_len is no longer taken: axolotl stops at it"
        run.refuse(said, hint="sample_packing: true, and the length as sequence_len")
    if not run.is_said("learning_rate"):
        run.refuse("axolotl needs a learning_rate", hint="--given learning_rate=2e-4")
    _check_warmup(run)
    for names, said, hint in _APART:
        if all(run.is_said(name) and run[name] for name in names):
            run.refuse(said, hint=hint, at=names[0])
    _check_batch(run)
    _check_groups(run)
    _check_optimizer(run)
    _check_shards(run)
    axolotl_restarts.check(run)
    axolotl_saves.check(run)
    if (run["max_steps"] or 0) < 0:
        run.refuse("max_steps below 0 is a length to axolotl", hint="leave max_steps out", at="max_steps")


def _check_warmup(run: Settings) -> None:
    """One way of saying it, and no share for SimPO; what is said beside the file wins over the file."""
    both = ("warmup_steps", "warmup_ratio")
    is_twice = all(run[name] and run.origin(name).source == "file" for name in both)
    if is_twice:
        run.refuse(
            "warmup_steps and warmup_ratio are mutually exclusive: axolotl stops",
            hint="leave one of them out",
            at="warmup_ratio",
        )
    if run["rl"] == "simpo" and run["warmup_ratio"] and not run.is_said("warmup_steps"):
        run.refuse(
            "warmup_ratio does not go with rl: simpo: axolotl stops",
            hint="--given warmup_steps=10",
            at="warmup_ratio",
        )


def _check_batch(run: Settings) -> None:
    """``batch_size`` needs the micro batches that it is made of, and tells how many they are."""
    both = ("batch_size", "gradient_accumulation_steps")
    if all(run.is_said(name) and run[name] for name in both):
        other = both[run.origin("batch_size").source == "option"]
        run.refuse(
            "only one of gradient_accumulation_steps and batch_size may be set: axolotl stops",
            hint=f"--given {other}=null",
            at="batch_size",
        )
    if run["batch_size"] and not run.is_said("micro_batch_size"):
        run.refuse(
            "at least two of micro_batch_size, gradient_accumulation_steps, batch_size must be set",
            hint="<batch_size=1>",
            at="batch_size",
        )


def _check_groups(run: Settings) -> None:
    """Whole groups of completions in the batch of one process, and one for each process in that."""
    size = run["trl.num_generations"]
    if run["rl"] != "grpo" or not size or not run.since("0.17"):
        return
    micro, world = run["micro_batch_size"], run.ask("world_size") if run.is_said("world_size") else 1
    said = run["trl.generation_batch_size"]
    completions, least = said or micro * run["gradient_accumulation_steps"], size * world
    if size < 2:
        run.refuse(
            "GRPO needs groups of 2 or more: axolotl stops", at="trl.num_generations", instead=max(micro, 2)
        )
    if completions % size or completions < least:
        name = "trl.generation_batch_size" if said else "gradient_accumulation_steps"
        fitting = math.lcm(size, micro)
        run.refuse(
            f"{completions} completions of {name} hold no {world} whole groups of {size}: axolotl stops",
            at=name,
            instead=fitting * world if said else -(-least // fitting) * fitting // micro,
        )


def _check_optimizer(run: Settings) -> None:
    """What the optimizer does not go with; one that is not known is not asked for."""
    if isinstance(run.raw("optimizer"), Unknown) and not run.is_answered("optimizer"):
        return
    optimizer = run["optimizer"] or ""
    begun = next((name for name in _OF_OPTIMIZERS if optimizer.startswith(name)), "")
    for name in _OF_OPTIMIZERS.get(begun, ()):
        if run[name]:
            said = f"the optimizer {optimizer} does not go with {name}: axolotl stops"
            run.refuse(said, hint=f"leave {name} out", at="optimizer")
    if begun and _fsdp_version(run) not in (None, "2"):
        said = f"the optimizer {optimizer} goes with version 2 of FSDP alone: axolotl stops"
        run.refuse(said, hint="fsdp_version: 2", at="optimizer")
    if begun == "polora" and run["adapter"] not in ("lora", "qlora"):
        run.refuse("polora needs an adapter: axolotl stops", hint="adapter: lora", at="optimizer")


def _check_shards(run: Settings) -> None:
    """Optimizers whose 8 bits nothing may share out, and what else shares the model out."""
    version, optimizer = _fsdp_version(run), run.stated("optimizer")
    if run["deepspeed"] and run.stated("fsdp"):
        run.refuse("deepspeed and fsdp are used together: axolotl stops", hint="leave one of them out")
    if version == "2" and run.stated("fsdp_config") and optimizer in _IN_8_BIT:
        run.refuse(
            f"version 2 of FSDP does not go with {optimizer}: axolotl stops",
            hint="optimizer: adamw_torch_8bit",
            at="optimizer",
        )
    parallel = run.stated("tensor_parallel_size", 1)
    if is_number(parallel) and parallel > 1 and optimizer in ("paged_adamw_8bit", *_IN_8_BIT):
        said = f"tensor_parallel_size does not go with {optimizer}: axolotl stops"
        run.refuse(said, hint="optimizer: adamw_torch_fused", at="tensor_parallel_size")


def _fsdp_version(run: Settings) -> str | None:
    """The version of FSDP that shares the model out, 1 where none is said; None where nothing does."""
    if not (run.stated("fsdp") or run.stated("fsdp_config")):
        return None
    names = ("fsdp_version", "fsdp_config.fsdp_version", "fsdp_config.version")
    return next((str(said) for name in names if (said := run.stated(name))), "1")
