"""What torchtune's recipes differ in: which read a schedule, share a model, keep the last batch.

Source: torchtune 0.6.1 and main of 2026-04, ``recipes/*.py`` and ``_recipe_registry.py``.
"""

from __future__ import annotations

import re
from math import prod
from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.notation.origin import Given

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

TENSOR, CONTEXT = "tensor_parallel_dim", "context_parallel_dim"
PLAN = "tensor_parallel_plan._component_"
_SCHEDULED = {"qat_distributed": "0.7", "qat_single_device": "", "early_exit_finetune_distributed": ""}
"""Recipes that read no ``lr_scheduler``, and since when they do."""
_SHARED = {
    "full_finetune_distributed": {TENSOR: "", CONTEXT: "0.7"},
    "qat_distributed": {TENSOR: "0.7", CONTEXT: "0.7"},
    "lora_finetune_distributed": {TENSOR: "0.7", CONTEXT: "0.7"},
}
"""Which recipes let several processes have one model, and since when: no other does."""
_OWN = re.compile(
    r"(full_finetune|(full|lora)_dpo|lora_finetune|qat|qat_lora_finetune|knowledge_distillation)"
    r"_(single_device|distributed)|early_exit_finetune_distributed|lora_finetune_distributed_multi_dataset"
)
"""The names of its recipes that train on batches of a loader."""
_ALONE = ("single_device", "async_grpo_full_finetune_distributed")
"""How the names of recipes end that ``tune run`` starts on one process only."""


def recipe_of(run: Settings) -> str:
    """The name of the recipe that ``tune run`` has; nothing where only its file is here."""
    return PurePath(next(iter(run.source.words[2:3]), "")).stem


def reads_schedule(run: Settings) -> bool:
    """Whether the recipe hands the LR to an ``lr_scheduler``; a note says where it leaves one unread."""
    recipe = recipe_of(run)
    if recipe not in _SCHEDULED:
        return True
    since = _SCHEDULED[recipe]
    if since:
        return run.since(since, f"its {recipe} knows no lr_scheduler yet")
    if run.is_said("lr_scheduler._component_"):
        run.note(
            "unused-schedule", f"{recipe} reads no lr_scheduler: the LR stays", at="lr_scheduler._component_"
        )
    return False


def keeps_last_batch(run: Settings) -> bool:
    """Whether a batch that is not full is trained on, too: in distillation of processes, before 0.7."""
    is_distilled = recipe_of(run) == "knowledge_distillation_distributed"
    return is_distilled and not run.since("0.7", "its distillation of several processes has the last batch")


def is_alone(run: Settings) -> bool:
    """Whether one process runs.

    Raises:
        ConfigError: ``tune run`` is told to start several.

    """
    recipe, launched = recipe_of(run), run.source.launch.world
    is_default = isinstance(launched, Given) and launched.origin.source == "trainer"
    if recipe.endswith(_ALONE) and launched is not None and not is_default:
        run.refuse(f"{recipe} runs in one process: tune run stops", hint="take the options before it out")
    return recipe.endswith("single_device")


def replicas(run: Settings) -> int:
    """Processes that have batches of their own.

    Raises:
        ConfigError: the others do not go into all, or the recipe stops at a setting of theirs.

    """
    world, shared = run.ask("world_size"), {name: run[name] for name in _shared(run)}
    if shared.get(TENSOR, 1) > 1:
        _check_tensor(run)
    model = prod(shared.values())
    if model == 1:
        return int(world)
    if model < 1 or world % model:
        run.refuse(
            f"{world} processes are no multiple of the {model} that share one model: the recipe stops",
            hint=f"<world_size={max(model, 1)}>",
            at=next(name for name in shared if run[name] != 1),
        )
    return run.line("data-parallel size", f"{world} / {model}", world // model)


def _shared(run: Settings) -> list[str]:
    """The settings that have processes share one model, as far as the recipe reads them."""
    recipe = recipe_of(run)
    said = [name for name in (TENSOR, CONTEXT) if run[name] != 1]
    if not is_own(recipe):
        return said
    since = _SHARED.get(recipe, {})
    kept = [one for one in said if one in since and _is_read(run, recipe, one, since[one])]
    for name in said:
        if name not in since:
            run.note(
                "unused-parallel", f"{recipe} reads no {name}: every process has its own batches", at=name
            )
    return kept


def _is_read(run: Settings, recipe: str, name: str, since: str) -> bool:
    return not since or run.since(since, f"its {recipe} knows no {name} yet")


def is_own(recipe: str) -> bool:
    """Whether a recipe is one that torchtune brings, by its name."""
    return recipe in _SHARED or bool(_OWN.fullmatch(recipe))


def _check_tensor(run: Settings) -> None:
    """Refuse what stops a recipe with tensor parallelism.

    Raises:
        ConfigError: there is no plan of it, the optimizer is fused, or the recipe is LoRA's.

    """
    without = f"<{TENSOR}=1>"
    if "lora" in recipe_of(run):
        run.refuse("the LoRA recipes know no tensor parallelism: they stop", hint=without, at=TENSOR)
    if run[PLAN] is None:
        hint = f"--given {PLAN}=yes where yours has one"
        run.refuse(f"{TENSOR} without a tensor_parallel_plan: the recipe stops", hint=hint, at=TENSOR)
    if run["optimizer.fused"] and not run.since("0.7", "tensor parallelism stops at a fused optimizer"):
        run.refuse(
            "a fused optimizer with tensor parallelism: the recipe stops",
            hint="optimizer.fused=False",
            at=TENSOR,
        )
