"""``unsloth train``: its options, each a field of its config, and the YAML or JSON of its ``--config``.

Source: unsloth 2026.10.9, ``unsloth_cli/config.py``, ``options.py`` and ``commands/train.py``;
``studio/backend/core/training/trainer.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, off
from lrviz.inputs.foreign.shared.trainer_length import note_packed, steps_of_epochs, total_steps
from lrviz.inputs.foreign.shared.training_arguments import flag
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES, curve_of, kind_of
from lrviz.inputs.foreign.shared.unsloth_defaults import defaults
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

_FIELDS = {
    "learning_rate": "learning_rate",
    "num_train_epochs": "num_epochs",
    "per_device_train_batch_size": "batch_size",
    "gradient_accumulation_steps": "gradient_accumulation_steps",
    "warmup_steps": "warmup_steps",
    "max_steps": "max_steps",
    "packing": "packing",
}
"""What the config calls settings of the Trainer."""
_ROWS = (*defaults(max_steps=0), Setting("packing", flag, default=False))
SETTINGS = tuple(
    one._replace(aliases=(f"training.{_FIELDS[one.name]}", _FIELDS[one.name])) if one.name in _FIELDS else one
    for one in _ROWS
)
_SIGNS = {"training_type", "load_in_4bit", "num_epochs"}


def claims(source: Source) -> bool:
    """``unsloth train``, or the ``training`` section of its config."""
    if source.language == "command":
        return source.words[1:2] == ("train",) and source.program in ("unsloth", "unsloth_cli")
    section = source.config.get("training")
    return isinstance(section, dict) and bool(_SIGNS & section.keys())


def read(run: Settings) -> Spec:
    """The run of its SFTTrainer, where ``max_steps: 0`` is unset."""
    kind_of(run)
    if not run.is_said("lr_scheduler_type"):
        text = "a text model is assumed: of one of vision or audio the schedule is cosine, not linear"
        run.note("default-schedule", text, hint="--given lr_scheduler_type=cosine")
    if run["packing"] and run["max_steps"] <= 0:
        note_packed(run)
    return curve_of(run, total_steps(run) if run["max_steps"] > 0 else steps_of_epochs(run))


TRAINER = ForeignTrainer(
    "unsloth_cli",
    "2026.10.9",
    SETTINGS,
    claims,
    read,
    program="unsloth train",
    files=("config", "c"),
    dash="-",
    takes_beginnings=False,
    takes_words=False,
    interpolates=False,
    schedules=SCHEDULES,
    keys=KnownKeys(("unsloth_cli",), by_language(Fate.PASSED, command=Fate.STOPS)).alone(SETTINGS),
    no_training=NoTraining(needs=off("dry_run")),
    ranks=BY_LOCAL_RANK,
    known_by="unsloth train, or training.num_epochs beside training.load_in_4bit",
)
