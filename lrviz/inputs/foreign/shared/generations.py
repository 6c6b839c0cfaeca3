"""Micro-steps of trainers that generate completions of their prompts: GRPO and RLOO.

Source: trl 1.16.0, ``grpo_config.py``, ``RepeatSampler`` of ``trainer/utils.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, whole
from lrviz.inputs.foreign.shared.trainer_length import batches_per_process, processes_name, rows_and_processes

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

SETTINGS = (
    Setting("num_generations", whole),
    Setting("steps_per_generation", whole),
    Setting("generation_batch_size", whole),
    Setting("num_iterations", whole, 1),
)


def rollouts(run: Settings, default: int, batch: int | None = None) -> int:
    """Micro-steps of a process: every generation of full prompt groups is used steps * iterations times."""
    if run.knows("batches_per_epoch"):
        return batches_per_process(run)
    n, world = rows_and_processes(run)
    steps, completions, size = generation(run, default, world, batch)
    prompts = run.line("prompts per generation", f"{completions} / {size}", completions // size)
    iterations = run["num_iterations"]
    micro_steps = n // prompts * steps * iterations
    if not micro_steps:
        run.refuse(f"{n} prompts do not fill a generation of {prompts}", hint=f"<dataset_len={prompts}>")
    return run.line("micro-steps", f"floor({n} / {prompts}) * {steps} * {iterations}", micro_steps)


def check_generation(run: Settings, default: int, batch: int | None = None) -> None:
    """Refuse what makes no full groups, and a batch that may shrink under them."""
    if run.is_said("auto_find_batch_size") and run["auto_find_batch_size"]:
        run.refuse("auto_find_batch_size is not supported where prompts have groups", hint="leave it out")
    if run.knows(processes_name(run)):
        generation(run, default, run.ask(processes_name(run)), batch)


def generation(run: Settings, default: int, world: int, batch: int | None = None) -> tuple[int, int, int]:
    """Steps that one generation lasts, its completions, and how many of them a prompt has."""
    batch = (batch or run["per_device_train_batch_size"]) * world
    steps, completions = run["steps_per_generation"], run["generation_batch_size"]
    size = run.get("num_generations", default)
    if steps and completions:
        run.refuse(
            "generation_batch_size and steps_per_generation cannot both be set",
            hint="leave out one of them",
            at="generation_batch_size",
        )
    if completions and completions % batch:
        run.refuse(
            f"generation_batch_size={completions} is no multiple of the global batch of {batch}",
            hint=f"--given generation_batch_size={batch}",
            at="generation_batch_size",
        )
    steps = steps or (completions // batch if completions else run["gradient_accumulation_steps"])
    completions = batch * steps
    if size < 2 or completions % size:
        run.refuse(
            f"{completions} completions of a generation make no groups of num_generations={size}",
            hint=f"--given num_generations={completions}",
            at="num_generations",
        )
    return steps, completions, size
