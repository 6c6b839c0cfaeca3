"""LLaMA-Factory's second architecture, ``USE_V1=1 llamafactory-cli sft``: one LR from end to end.

Source: llamafactory ff6d4d12 ``v1/core/base_trainer.py``, ``v1/core/utils/batching.py``, ``v1/plugins``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import SWITCH, Setting, number, text, whole
from lrviz.inputs.foreign.shared import omega_conf
from lrviz.inputs.foreign.shared.factory_launch import PROGRAMS
from lrviz.inputs.foreign.shared.trainer_length import updates_of_epochs
from lrviz.inputs.foreign.shared.training_arguments import with_argparse_names
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("learning_rate", number, 1e-4, "lr"),
    Setting("optim_config.name", text),
    Setting("optim_config.lr", number, 1e-3),
    Setting("lr_scheduler_config.name", text),
    Setting("num_train_epochs", number, 3, "epochs"),
    Setting("max_steps", whole, None, "steps"),
    Setting("micro_batch_size", whole, 1, "batch_size"),
    Setting("global_batch_size", whole),
    Setting("batching_strategy", text, "normal"),
    Setting("dp_size", whole),
    Setting("cp_size", whole, 1),
)
_OWN = {"model_class", "kernel_config", "dist_config", "peft_config", "sample_backend", "batching_strategy"}
_WHOLE_BATCHES = ("normal", "padding_free")
_STRATEGIES = (*_WHOLE_BATCHES, "dynamic_batching", "dynamic_padding_free")


def claims(source: Source) -> bool:
    """``model`` and ``train_dataset`` beside a key that is only its own; or its command."""
    if source.language == "command":
        return is_its_command(source)
    return {"model", "train_dataset"} <= source.config.keys() and bool(_OWN & source.config.keys())


def is_its_command(source: Source) -> bool:
    """Whether it is started by ``USE_V1``, by a word that only it has, or as its module."""
    if source.program.startswith("llamafactory.v1."):
        return True
    given = source.launch.env.get("USE_V1")
    is_on = given is not None and SWITCH.get(str(given.value).lower(), False)
    return source.program in PROGRAMS and (is_on or {"sft", "dpo", "rm"} & {*source.words[1:2]} != set())


def read(run: Settings) -> Spec:
    """The run of its trainer, whose scheduler is a factor of 1: no other can be named."""
    if run.is_said("lr_scheduler_config.name"):
        run.refuse(
            "lr_scheduler_config names a scheduler, and it has none yet: it stops",
            hint="leave lr_scheduler_config out: the LR is the same at every step",
            at="lr_scheduler_config",
        )
    lr = run["learning_rate"]
    if run["optim_config.name"] == "muon":
        lr = run["optim_config.lr"]
        run.note(
            "own-lr", f"Muon has the lr of optim_config, {lr:g}: learning_rate is not used", at="optim_config"
        )
    total = _total(run)
    run.warmup = 0
    return run.curve("transformers.constant", lr=lr, steps=total)


def _total(run: Settings) -> int:
    limit = run["max_steps"]
    if limit is not None and limit > 0:
        return run.line(run.TOTAL_STEPS, "max_steps", limit)
    total = updates_of_epochs(run, run["num_train_epochs"], _in_epoch(run))
    if not total:
        run.refuse("it makes no update", hint=run.longer("<dataset_len=1000>"))
    return total


def _in_epoch(run: Settings) -> int:
    """Updates of an epoch: whole batches of a process, or at most as many where rows are packed."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    n, world = run.ask("dataset_len", "world_size")
    copies = run.get("dp_size", max(world // run["cp_size"], 1))
    size = _size(run, copies)
    rows = run.floor("rows of a process", n, copies)
    strategy = run.choose("batching_strategy", _STRATEGIES)
    if strategy in _WHOLE_BATCHES:
        return run.floor(run.STEPS_PER_EPOCH, rows, size)
    run.note(
        "counted-by-rows", "an epoch is taken to have as many updates as batches of rows, however they pack"
    )
    return run.ceil(run.STEPS_PER_EPOCH, rows, size)


def _size(run: Settings, copies: int) -> int:
    """Rows of a process in an update."""
    micro, batch = run["micro_batch_size"], run["global_batch_size"]
    if batch is None:
        return int(micro)
    if batch % (copies * micro):
        run.refuse(
            f"global_batch_size={batch} is no multiple of {copies} * {micro}: it stops",
            at="global_batch_size",
            instead=max(batch // (copies * micro), 1) * copies * micro,
        )
    return run.line("rows of a process in an update", f"{batch} / {copies}", batch // copies)


TRAINER = ForeignTrainer(
    "llamafactory_v1",
    "2026-08",
    SETTINGS,
    claims,
    read,
    program="LLaMA-Factory v1",
    read_words=with_argparse_names,
    layers=omega_conf.merged,
    reads_text=False,
    takes_repeats=False,
    interpolates=False,
    ranks=BY_LOCAL_RANK,
    no_training=NoTraining(words=("chat", "merge", "env", "version")),
    keys=KnownKeys(fate=by_language(command=Fate.STOPS, yaml=Fate.STOPS)),
    known_by="model and train_dataset beside dist_config, kernel_config or model_class, or USE_V1=1",
)
