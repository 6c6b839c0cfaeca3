"""axolotl: what its schema stops at before it trains.

Source: axolotl 0.19.0, ``utils/schemas/validation.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, text
from lrviz.inputs.foreign.shared import axolotl_restarts
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

SETTINGS = (Setting("optimizer", text), Setting("adapter", text))
_APART = (
    *(
        (("val_set_size", other), f"val_set_size beside {other}: axolotl stops", "val_set_size: 0")
        for other in ("test_datasets", "streaming", "pretraining_dataset")
    ),
    (
        ("lr_groups", "loraplus_lr_ratio"),
        "lr_groups and loraplus_lr_ratio cannot be used together",
        "leave one out",
    ),
    (
        ("batch_size", "gradient_accumulation_steps"),
        "only one of gradient_accumulation_steps and batch_size may be set: axolotl stops",
        "leave batch_size out",
    ),
)
"""Settings that may not stand together, what is said of them, and the way out."""
_OF_OPTIMIZERS = {
    "muon": ("deepspeed",),
    "flash_": ("deepspeed",),
    "q_galore_adamw8bit": ("deepspeed", "adapter"),
    "polora": ("deepspeed", "loraplus_lr_ratio", "lr_groups", "embedding_lr", "embedding_lr_scale"),
}
"""What the optimizers whose names begin so do not stand beside."""


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
    _check_optimizer(run)
    axolotl_restarts.check(run)
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
    """``batch_size`` needs the micro batches that it is made of."""
    if run["batch_size"] and not run.is_said("micro_batch_size"):
        run.refuse(
            "at least two of micro_batch_size, gradient_accumulation_steps, batch_size must be set",
            hint="<batch_size=1>",
            at="batch_size",
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
    if begun == "polora" and run["adapter"] not in ("lora", "qlora"):
        run.refuse("polora needs an adapter: axolotl stops", hint="adapter: lora", at="optimizer")
