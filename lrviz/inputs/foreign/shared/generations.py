"""Micro-steps of trainers that generate completions of their prompts: GRPO, RLOO and distillation.

Source: trl 1.16.0, ``grpo_config.py``, ``RepeatSampler`` of ``utils.py``, ``distillation_trainer.py``.
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
    Setting("total_episodes", whole),
)


def rollouts(
    run: Settings, default: int, batch: int | None = None, rows: tuple[int, int] | None = None
) -> int:
    """Micro-steps of a process: every generation of full prompt groups is used steps * iterations times.

    ``rows`` are those and the processes, where a trainer counts them itself.
    """
    if run.is_said("batches_per_epoch"):
        return batches_per_process(run)
    n, world = rows or rows_and_processes(run)
    return micro_steps(run, n, generation(run, default, world, batch), run["num_iterations"])


def micro_steps(run: Settings, n: int, of_each: tuple[int, int, int], iterations: int) -> int:
    """Those of ``n`` prompts, by the steps, the completions and the group size of each generation.

    Raises:
        ConfigError: they fill none.

    """
    steps, completions, size = of_each
    prompts = run.line("prompts per generation", f"{completions} / {size}", completions // size)
    formula, found = f"floor({n} / {prompts}) * {steps} * {iterations}", n // prompts * steps * iterations
    if not found:
        run.refuse(f"{n} prompts do not fill a generation of {prompts}", hint=f"<dataset_len={prompts}>")
    return run.line("micro-steps", formula, found)


def check_generation(run: Settings, default: int, batch: int | None = None, least: int = 2) -> None:
    """Refuse what makes no full groups, a batch that may shrink under them, and rows cut in sequences."""
    if run.is_said("auto_find_batch_size") and run["auto_find_batch_size"]:
        run.refuse("auto_find_batch_size is not supported where prompts have groups", hint="leave it out")
    if cut := [name for name in ("cp_size", "sp_size") if run.is_said(name) and run[name] > 1]:
        run.refuse(
            f"{cut[0]} above 1 is not supported where prompts have groups", hint="leave it out", at=cut[0]
        )
    if run.get("num_generations", default) < least:
        run.refuse(
            f"at least {least} num_generations are needed", at="num_generations", instead=max(default, least)
        )
    if run["steps_per_generation"] and run["generation_batch_size"]:
        run.refuse(
            "generation_batch_size and steps_per_generation cannot both be set",
            hint="leave out one of them",
            at="generation_batch_size",
        )
    if run.is_said(processes_name(run)):
        generation(run, default, run.ask(processes_name(run)), batch)


def ppo_batches(run: Settings, rows: tuple[int, int], accum: int) -> int:
    """Batches of episodes, each of which PPO has one LR for, in its own loop."""
    n, world = rows
    episodes = run["total_episodes"]
    if not episodes:
        epochs = run["num_train_epochs"]
        episodes = run.line("episodes", f"int({epochs:g} * {n})", int(epochs * n))
    batch = run["per_device_train_batch_size"] * accum * world
    run.note("one-lr-each-batch", f"a step here is a batch of {batch} episodes: the LR moves once in each")
    if run["max_steps"] > 0:
        text = "PPO does not look at max_steps: total_episodes says its length"
        run.warn("max-steps-ignored", text, at="max_steps")
    return run.ceil(run.TOTAL_STEPS, episodes, batch)


def windows(run: Settings, default: int) -> int:
    """Micro-steps of a process that generates for the prompts of one update at a time, none of them cut."""
    if run.is_said("batches_per_epoch"):
        return batches_per_process(run)
    n, world = rows_and_processes(run)
    accum, prompts = run["gradient_accumulation_steps"], prompts_of_update(run, default)
    found = run.line(
        "micro-steps", f"floor({n} / ({prompts} * {world})) * {accum}", n // (prompts * world) * accum
    )
    if not found:
        run.refuse(
            f"{n} prompts do not fill an update of {prompts * world}", hint=f"<dataset_len={prompts * world}>"
        )
    return found


def prompts_of_update(run: Settings, default: int) -> int:
    """Prompts of a process in an update, whose completions fill its batches."""
    sequences = run["per_device_train_batch_size"] * run["gradient_accumulation_steps"]
    size = run.get("num_generations", default)
    prompts = run["generation_batch_size"] or sequences // size
    if prompts < 1 or prompts * size != sequences:
        run.refuse(
            f"{prompts} prompts with {size} completions do not make the {sequences} sequences of an update",
            at="num_generations",
            instead=default,
        )
    return int(prompts)


def generation(run: Settings, default: int, world: int, batch: int | None = None) -> tuple[int, int, int]:
    """Steps that one generation lasts, its completions, and how many of them a prompt has."""
    batch = (batch or run["per_device_train_batch_size"]) * world
    steps, size = _steps_of_generation(run, batch), run.get("num_generations", default)
    completions = batch * steps
    if size < 1 or completions % size:
        run.refuse(
            f"{completions} completions of a generation make no groups of num_generations={size}",
            hint=f"--given num_generations={completions}"
            if completions > 1
            else f"<batch_size={max(size, 2)}>",
            at="num_generations",
        )
    return steps, completions, size


def _steps_of_generation(run: Settings, batch: int) -> int:
    """Steps that one generation lasts, said so or by its completions, else those of an update."""
    steps, completions = run["steps_per_generation"], run["generation_batch_size"]
    if completions and completions % batch:
        run.refuse(
            f"generation_batch_size={completions} is no multiple of the global batch of {batch}",
            at="generation_batch_size",
            instead=batch,
        )
    if completions and steps and completions != batch * steps:
        run.refuse(
            f"generation_batch_size={completions} is not {batch} * steps_per_generation={steps}",
            hint="leave out one of them",
            at="generation_batch_size",
        )
    said = steps or (completions // batch if completions else run["gradient_accumulation_steps"])
    return int(said)
