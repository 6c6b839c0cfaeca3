"""torchtitan: its TOML up to 0.2, and the options of the same dotted names from 0.3 on.

Source: torchtitan 0.1.0, 0.2.2 and 0.3.0, ``components/lr_scheduler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, number, text, whole
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("training.steps", whole, 10000, "steps"),
    Setting("optimizer.lr", number, 8e-4, "lr"),
    Setting("lr_scheduler.warmup_steps", whole, 200, "warmup"),
    Setting("lr_scheduler.total_steps", whole),
    Setting("lr_scheduler.decay_ratio", number),
    Setting("lr_scheduler.decay_type", text, "linear"),
    Setting("lr_scheduler.min_lr_factor", number, 0.0, aliases=("lr_scheduler.lr_min",)),
)


def claims(source: Source) -> bool:
    """``[job]`` and ``[training]`` of its TOML, or an option ``--training.steps``."""
    if source.language == "command":
        return "training.steps" in source.data
    return source.language == "toml" and {"job", "training"} <= source.data.keys()


def read(run: Settings) -> Spec:
    """The run of ``training.steps`` updates, the schedule built for ``lr_scheduler.total_steps`` of them."""
    steps = run.line("total steps", "training.steps", run["training.steps"])
    total = run["lr_scheduler.total_steps"] or steps
    warmup = run["lr_scheduler.warmup_steps"]
    run.warmup = min(warmup, total)
    if warmup > total:
        run.warn(
            "warmup-longer-than-run",
            f"warmup of {warmup} updates is cut to the {total} of the run: nothing is left to decay",
            at="lr_scheduler.warmup_steps",
        )
    return run.curve(
        "torchtitan.LRSchedulersContainer",
        lr=run["optimizer.lr"],
        steps=steps,
        warmup_steps=warmup,
        total_steps=total,
        decay_ratio=run["lr_scheduler.decay_ratio"],
        decay_type=run["lr_scheduler.decay_type"],
        min_lr_factor=run["lr_scheduler.min_lr_factor"],
    )


TRAINER = ForeignTrainer(
    "torchtitan", "0.3.0", SETTINGS, claims, read, known_by="[job] and [training], or --training.steps"
)
