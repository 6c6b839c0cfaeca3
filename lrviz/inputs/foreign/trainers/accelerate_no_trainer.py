"""The ``run_*_no_trainer.py`` scripts of transformers: accelerate steps their scheduler for each process.

Since 2023 they multiply the warmup and ``max_train_steps`` by the processes, but take the length from the
epochs before the batches are shared out; before, the scheduler was not accelerate's, one step per update.
What a script that is here multiplies by is read in it.
Those that DeepSpeed's examples made of them, DeepSpeed-Chat too, hand it to DeepSpeed's engine instead.

Source: transformers 5.23.0 ``examples/pytorch``, accelerate 1.15.0; DeepSpeedExamples, and the
``runtime/engine.py`` of DeepSpeed 0.19.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.own_script import is_of_engine
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, count, number, text, whole
from lrviz.inputs.foreign.shared.accelerate_stepped import (
    Stepped,
    across_epochs,
    factors_beside,
    multiplied,
    stepped,
    updates_of,
)
from lrviz.inputs.foreign.shared.transformers_schedule import COMMON
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("learning_rate", number, 5e-5, "lr"),
    Setting("lr_scheduler_type", text, "linear"),
    Setting("num_warmup_steps", whole, 0, "warmup"),
    Setting("num_train_epochs", count, 3, "epochs"),
    Setting("max_train_steps", count, None, "steps"),
    Setting("per_device_train_batch_size", count, 8, "batch_size"),
    Setting("gradient_accumulation_steps", count, 1, "grad_accum"),
)


def claims(source: Source) -> bool:
    """A script of that name, or the two options that only these have."""
    if source.language != "command":
        return False
    has_options = {"num_warmup_steps", "per_device_train_batch_size"} <= source.data.keys()
    return has_options or source.program.removesuffix(".py").endswith("_no_trainer")


def read(run: Settings) -> Spec:
    """The scheduler built over the updates of the script, and stepped by accelerate."""
    name, warmup = run.choose("lr_scheduler_type", COMMON), run["num_warmup_steps"]
    if is_of_engine(run.source):
        updates, total = _updates_of_engine(run)
        return stepped(
            run, "transformers", run["learning_rate"], Stepped(name, updates, 1, warmup, total, warmup)
        )
    is_prepared = run.since("2023", "the scheduler is accelerate's, and stepped once for each process")
    found = factors_beside(run)
    updates, total = updates_of(run, found)
    calls = run.ask("world_size") if is_prepared else 1
    times = multiplied(run, found.warmup) if found else calls
    if is_prepared:
        run.product("warmup of the scheduler", warmup, times)
        if found is None and calls > 1:
            _note_assumed(run)
    made = Stepped(name, updates, calls, warmup * times, total if is_prepared else updates, warmup)
    return stepped(run, "transformers", run["learning_rate"], made)


def _note_assumed(run: Settings) -> None:
    """Say of a script that is not transformers' own, and not here, what it is taken to do."""
    name = run.source.program.removesuffix(".py")
    if not name.endswith("_no_trainer"):
        text = f"{name} is not here, and none of transformers' own: it is taken to multiply its warmup"
        hint = "where it passes --num_warmup_steps as it is, put the script beside: it is read then"
        run.note("assumed-script", f"{text} and its total by the processes, as those do", hint=hint)


def _updates_of_engine(run: Settings) -> tuple[int, int]:
    """The updates of the run, whose engine accumulates across epochs, and those the scheduler is made for."""
    limit = run["max_train_steps"]
    if limit is not None:
        run.line(run.TOTAL_STEPS, "max_train_steps", limit)
        return limit, limit
    epochs, accum = run["num_train_epochs"], run["gradient_accumulation_steps"]
    batches = _batches_of_sampler(run)
    updates, total = across_epochs(run, epochs, batches, accum)
    if updates < 1:
        run.refuse(f"{epochs * batches} batches make no update", hint=run.longer("<grad_accum=1>"))
    return updates, total


def _batches_of_sampler(run: Settings) -> int:
    """Batches of a process in an epoch, whose ``DistributedSampler`` pads."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches("num_train_epochs")
    n, world = run.ask("dataset_len", "world_size")
    return run.sampled_batches(n, world, run["per_device_train_batch_size"], drops=False)


TRAINER = ForeignTrainer(
    "accelerate_no_trainer",
    "2023",
    SETTINGS,
    claims,
    read,
    aliases=("no_trainer",),
    used_by=("Accelerator", "deepspeed"),
    ranks=BY_LOCAL_RANK,
    known_by="a script run_*_no_trainer.py, or --num_warmup_steps and --per_device_train_batch_size",
    oldest="2022",
    newest="2026",
)
