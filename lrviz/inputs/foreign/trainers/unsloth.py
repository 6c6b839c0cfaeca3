"""unsloth: a script that imports it, whose TRL configs then have other defaults.

Source: unsloth 2026.10.9, ``models/rl.py`` (replacements).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.python.python_call import call_of
from lrviz.inputs.foreign.python.python_fields import OF_TRANSFORMERS
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, number
from lrviz.inputs.foreign.shared import generations
from lrviz.inputs.foreign.shared.generations import check_generation, rollouts
from lrviz.inputs.foreign.shared.trainer_length import (
    note_packed,
    processes_name,
    total_steps,
    updates_per_epoch,
)
from lrviz.inputs.foreign.shared.training_arguments import flag, with_defaults, with_script
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES, curve_of, kind_of, run_of, share_of
from lrviz.inputs.foreign.shared.transformers_version import assume_version, since
from lrviz.inputs.foreign.shared.trl_methods import CONFIGS, METHODS
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.trainers.trl import CALLS as REWRITTEN
from lrviz.inputs.foreign.trainers.trl import is_before_unsloth
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

OWN = "UnslothTrainingArguments"
COMPLETIONS = 8
WARMUP = 0.1
SETTINGS = (
    *with_defaults(transformers="5.17.0"),
    *generations.SETTINGS,
    Setting("packing", flag, default=False),
    Setting("embedding_learning_rate", number),
    Setting("loraplus_lr_ratio", number),
)


def claims(source: Source) -> bool:
    """A script that imports unsloth and calls a config."""
    is_import = "unsloth" in source.python.imports
    is_first = is_import and not is_before_unsloth(source)
    return source.language == "python" and is_first and bool(TRAINER.calls_in(source))


def read(run: Settings) -> Spec:
    """The run of a Trainer; TRL's configs have other defaults, with a warmup of 10 %."""
    _note_groups(run)
    name = call_of(run).name.rpartition(".")[2]
    if name not in REWRITTEN:
        run.set_defaults(learning_rate=2e-5 if name == OWN else 5e-5)
        return run_of(run)
    assume_version(run)
    kind_of(run)
    run.set_defaults(per_device_train_batch_size=4, gradient_accumulation_steps=2)
    method = METHODS[CONFIGS[name]]
    if method.is_windowed or name == "PPOConfig":
        run.refuse(
            f"{name} in unsloth is not read",
            hint="<trainer=trl> reads it without unsloth",
            at="learning_rate",
        )
    updates = _generations(run, method.least) if method.completions else None
    if run["packing"]:
        note_packed(run)
    total = total_steps(run, updates)
    return curve_of(run, total, warmup=None if _says_warmup(run) else share_of(run, total, WARMUP))


def _says_warmup(run: Settings) -> bool:
    """Whether its own share does not count: before 5.0 it is a ratio, and steps of 0 leave that."""
    counts_steps = since(run, "5") or run["warmup_steps"]
    return run.is_said("warmup_ratio") or bool(run.is_said("warmup_steps") and counts_steps)


def _generations(run: Settings, least: int) -> Callable[[Settings], int]:
    batch = _full_batch(run)
    check_generation(run, COMPLETIONS, batch, least)
    return lambda run: updates_per_epoch(run, rollouts(run, COMPLETIONS, batch))


def _full_batch(run: Settings) -> int:
    """The batch, replaced by ``num_generations`` where it makes no full groups of them."""
    size, batch = run.get("num_generations", COMPLETIONS), run["per_device_train_batch_size"]
    is_split = run.is_said("steps_per_generation") or run.is_said("generation_batch_size")
    if is_split or not run.is_said(processes_name(run)):
        return int(batch)
    if size < 1 or batch * run["gradient_accumulation_steps"] * run.ask(processes_name(run)) % size == 0:
        return int(batch)
    text = f"batches of {batch} make no groups of {size}: unsloth makes them {size}"
    run.warn("batch-replaced", text, at="per_device_train_batch_size")
    return int(size)


def _note_groups(run: Settings) -> None:
    if run.is_said("embedding_learning_rate"):
        lr = run["embedding_learning_rate"]
        run.note(
            "second-group", f"embeddings have an LR of their own, {lr_text(lr)}", at="embedding_learning_rate"
        )
    if run.is_said("loraplus_lr_ratio"):
        ratio = run["loraplus_lr_ratio"]
        run.note("second-group", f"LoRA's B matrices have {ratio:g} times this LR", at="loraplus_lr_ratio")


TRAINER = ForeignTrainer(
    "unsloth",
    "2026.10.9",
    SETTINGS,
    claims,
    read,
    calls=(*REWRITTEN, *OF_TRANSFORMERS, OWN),
    makers={name.replace("Config", "Trainer"): name for name in REWRITTEN},
    layers=with_script,
    tables=("deepspeed",),
    schedules=SCHEDULES,
    keys=KnownKeys(("unsloth", "trl", "transformers"), by_language(python=Fate.STOPS)),
    ranks=BY_LOCAL_RANK,
    known_by="import unsloth, and SFTConfig(...) or TrainingArguments(...)",
)
