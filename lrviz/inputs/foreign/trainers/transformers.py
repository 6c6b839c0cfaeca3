"""``transformers.Trainer``: ``TrainingArguments`` in a command, a JSON or YAML file, or a Python script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.python.python_call import calls_of
from lrviz.inputs.foreign.shared.training_arguments import (
    SETTINGS,
    SIGNS,
    has_arguments,
    with_argparse_names,
    with_args_file,
)
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES, run_of
from lrviz.inputs.foreign.shared.transformers_version import NEWEST, OLDEST
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

CALLS = ("TrainingArguments", "Seq2SeqTrainingArguments")


def claims(source: Source) -> bool:
    """Its arguments, in a file or a command, or a call of ``TrainingArguments``."""
    return bool(calls_of(source, CALLS)) if source.language == "python" else has_arguments(source)


def _fate(first: Source, _layer: Source, _version: str) -> Fate:
    """Its own class takes no other keyword; a script's class of that name may."""
    return Fate.STOPS if "transformers" in first.imports else Fate.KEPT


TRAINER = ForeignTrainer(
    "transformers",
    "5.23.0",
    SETTINGS,
    claims,
    run_of,
    aliases=("hf_trainer",),
    tables=("deepspeed",),
    calls=CALLS,
    read_words=with_argparse_names,
    schedules=SCHEDULES,
    layers=with_args_file,
    reads_text=False,
    is_base=True,
    keys=KnownKeys(("transformers",), _fate),
    used_by=("Trainer", "TrainingArguments"),
    known_by=f"two of {', '.join(SIGNS)}, or TrainingArguments(...)",
    oldest=OLDEST,
    newest=NEWEST,
)
