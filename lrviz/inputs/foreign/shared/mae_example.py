"""The LR of transformers' own ``run_mae.py``, which goes by the batch of all processes.

Source: transformers 4.57.3 ``examples/pytorch/image-pretraining/run_mae.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, number
from lrviz.inputs.foreign.shared.example_words import is_example_elsewhere
from lrviz.inputs.foreign.shared.trainer_length import processes_name, total_steps
from lrviz.inputs.foreign.shared.transformers_schedule import curve_of, kind_of
from lrviz.inputs.foreign.shared.transformers_version import assume_version
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

BASE_LR = Setting("base_learning_rate", number, 1e-3)
_SCRIPT = "run_mae.py"
_OF_BATCH = 256


def is_mae(source: Source) -> bool:
    """Whether a command starts that script, which is not here."""
    return is_example_elsewhere(source) and source.script == _SCRIPT


def scales_lr(run: Settings) -> bool:
    """Whether it is that script, and nobody tells lrviz another LR."""
    return is_mae(run.source) and not run.is_answered("learning_rate")


def scaled_run(run: Settings) -> Spec:
    """The Trainer's run with ``base_learning_rate`` by the samples of an update in place of its LR."""
    assume_version(run)
    kind_of(run)
    total = total_steps(run, None)
    run.need("per_device_train_batch_size", "gradient_accumulation_steps")
    batch = run["per_device_train_batch_size"] * run["gradient_accumulation_steps"]
    batch *= run.ask(processes_name(run))
    base = run[BASE_LR.name]
    lr = base * batch / _OF_BATCH
    product = f"{lr_text(base)} * {batch} / {_OF_BATCH} = {lr_text(lr)}"
    run.note("scaled-lr", f"{product} stands in the place of learning_rate", at=BASE_LR.name)
    return curve_of(run, total, lr=lr)
