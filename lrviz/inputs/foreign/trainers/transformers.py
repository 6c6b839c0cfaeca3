"""``transformers.Trainer``: the arguments of ``TrainingArguments`` in a command, a JSON or a YAML file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.training_arguments import SETTINGS, assume_version, curve_of, total_steps

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

_KEYS = (
    "per_device_train_batch_size",
    "gradient_accumulation_steps",
    "num_train_epochs",
    "lr_scheduler_type",
    "output_dir",
)
"""Two of them are said in its files."""


def claims(source: Source) -> bool:
    """Two or more of the arguments that nobody else calls so, and no table of an optimizer beside them."""
    has_optimizer = isinstance(source.data.get("optimizer"), dict)
    return not has_optimizer and sum(key in source.data for key in _KEYS) > 1


def read(run: Settings) -> Spec:
    """The run of a Trainer."""
    assume_version(run)
    return curve_of(run, total_steps(run))


TRAINER = ForeignTrainer(
    "transformers",
    "5.23.0",
    SETTINGS,
    claims,
    read,
    aliases=("hf_trainer",),
    reads_text=False,
    is_base=True,
    known_by=f"two of {', '.join(_KEYS)}",
)
