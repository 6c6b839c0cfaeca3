"""``transformers.Trainer``: ``TrainingArguments`` in a command, a JSON or YAML file, or a Python script."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.own_script import parsed_by
from lrviz.inputs.foreign.python.python_fields import OF_TRANSFORMERS
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.shared.do_train import check_example
from lrviz.inputs.foreign.shared.example_words import check_example_words, is_example_elsewhere
from lrviz.inputs.foreign.shared.mae_example import BASE_LR, is_mae, scaled_run, scales_lr
from lrviz.inputs.foreign.shared.training_arguments import (
    SETTINGS,
    SIGNS,
    has_arguments,
    with_argparse_names,
    with_script,
)
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES, run_of
from lrviz.inputs.foreign.shared.transformers_version import NEWEST, OLDEST
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.words import LANGUAGES

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

MAKERS = {"Trainer": OF_TRANSFORMERS[0], "Seq2SeqTrainer": OF_TRANSFORMERS[0]}


def claims(source: Source) -> bool:
    """Its arguments, in a file or a command, or a call of ``TrainingArguments``, or options made of that."""
    if source.language == "python":
        is_import = "transformers" in source.python.imports
        return bool(TRAINER.calls_in(source) if is_import else source.python.calls_of(OF_TRANSFORMERS))
    if is_example_elsewhere(source):
        return True
    return has_arguments(source) or not parsed_by(source).isdisjoint(OF_TRANSFORMERS)


def read(run: Settings) -> Spec:
    """The run of the Trainer.

    Raises:
        ConfigError: its script trains with Flax, and only takes the Trainer's arguments.

    """
    if _trains_with_flax(run.source):
        run.refuse(
            f"{run.source.script} trains with Flax in a loop of its own, whose steps are not the Trainer's",
            hint="its schedule alone: lrviz show linear:warmup=100,lr=3e-4 --steps 1000",
        )
    if scales_lr(run):
        return scaled_run(run)
    return run_of(run)


def _trains_with_flax(source: Source) -> bool:
    """By the name of such a script of transformers, an option of others, or what one that is here imports."""
    if source.language != "command" or not source.program:
        return False
    found = script_of(source)
    imports = [one.name for one in ast.walk(found[1]) if isinstance(one, ast.alias)] if found else []
    return source.script.endswith("_flax.py") or "use_scan" in source.data or "optax" in imports


def _fate(first: Source, layer: Source, _version: str) -> Fate:
    """Its own class takes no other keyword; a script's class of that name, or its parser, may."""
    if is_example_elsewhere(first) and layer.language in {"command", *LANGUAGES}:
        return Fate.DOUBTED
    return Fate.STOPS if "transformers" in first.python.imports else Fate.KEPT


def _read_words(command: Source) -> Source:
    """The command with full names.

    Raises:
        ConfigError: its script does not read a file that it names.

    """
    check_example_words(command)
    return with_argparse_names(command)


def _lacked(run: Settings) -> frozenset[str]:
    """The fields that the examples alone have, of a script that is none; one is that of one example."""
    of_one = set[str]() if is_mae(run.source) else {BASE_LR.name}
    if is_example_elsewhere(run.source):
        return frozenset(of_one)
    others = TRAINER.setting_names | KnownKeys(("transformers",)).names()
    return KnownKeys(("transformers_examples",)).names() - others | of_one


TRAINER = ForeignTrainer(
    "transformers",
    "5.23.0",
    (*SETTINGS, BASE_LR),
    claims,
    read,
    aliases=("hf_trainer",),
    tables=("deepspeed",),
    calls=OF_TRANSFORMERS,
    makers=MAKERS,
    read_words=_read_words,
    schedules=SCHEDULES,
    layers=with_script,
    reads_text=False,
    is_base=True,
    names_script=is_example_elsewhere,
    keys=KnownKeys(("transformers", "transformers_examples"), _fate, _lacked),
    used_by=("Trainer", "TrainingArguments"),
    ranks=BY_LOCAL_RANK,
    no_training=NoTraining(check=check_example),
    resumes=("resume_from_checkpoint",),
    known_by=f"two of {', '.join(SIGNS)}, or TrainingArguments(...)",
    oldest=OLDEST,
    newest=NEWEST,
    takes_words=False,
)
