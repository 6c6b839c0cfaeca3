"""torchtune: the YAML of a recipe, and words ``key=value`` after it.

Source: torchtune 0.6.1, ``recipes/full_finetune_distributed.py``, ``lora_finetune_single_device.py`` and
``training/lr_schedulers.py``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.beside import is_elsewhere, is_here
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_TORCH_OR_STOP
from lrviz.inputs.foreign.setting import Setting, number, switch, text, whole
from lrviz.inputs.foreign.shared.torchtune_recipes import (
    CONTEXT,
    PLAN,
    TENSOR,
    is_alone,
    keeps_last_batch,
    reads_schedule,
    recipe_of,
    replicas,
)
from lrviz.inputs.foreign.shared.torchtune_words import with_components
from lrviz.inputs.foreign.shell.launchers import torchrun
from lrviz.inputs.foreign.shell.world import Own
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.ways_out import INSTEAD
from lrviz.inputs.words import is_settings_file
from lrviz.notation.shell import shell_line

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("optimizer.lr", number, 1e-3, "lr", ("training.optimizer.lr",)),
    Setting("lr_scheduler._component_", text),
    Setting("lr_scheduler.num_warmup_steps", whole, None, "warmup"),
    Setting("lr_scheduler.num_cycles", number, 0.5),
    Setting("batch_size", whole, None, "batch_size"),
    Setting("gradient_accumulation_steps", whole, 1, "grad_accum"),
    Setting("epochs", whole, None, "epochs"),
    Setting("max_steps_per_epoch", whole),
    Setting("optimizer_in_bwd", switch, default=False),
    Setting("dataset.packed", switch, default=False),
    Setting("model._component_", text, ""),
    Setting(TENSOR, whole, 1),
    Setting(CONTEXT, whole, 1),
    Setting(PLAN, text),
    Setting("optimizer.fused", switch, default=False),
    Setting("num_steps", whole, None, "steps", ("orchestration.num_steps",)),
    Setting("ppo_epochs", whole, 1, aliases=("training.ppo_epochs",)),
    Setting("ppo_batch_size", whole),
)
_UNTRAINED = ("eleuther_eval", "generate", "generate_v2", "generate_v2_distributed", "quantize")
_OWN = re.compile(
    r"(full|lora|early_exit)_finetune|(full|lora)_dpo|ppo_full|qat_|knowledge_distillation|(async_)?grpo_"
)
"""How recipes of 0.6 and 0.7 begin, and copies of them that are called so."""
COSINE = "get_cosine_schedule_with_warmup"
"""The one schedule that torchtune has, in ``torchtune.training.lr_schedulers`` or ``torchtune.modules``."""


def claims(source: Source) -> bool:
    """A ``_component_`` anywhere, or ``tune run``."""
    if source.language == "command":
        return source.program == "tune" or source.words[:2] == ("tune", "run")
    return source.language == "yaml" and _has_component(source.data)


def _has_component(value: object) -> bool:
    return isinstance(value, dict) and ("_component_" in value or any(map(_has_component, value.values())))


def with_own_config(source: Source) -> Source:
    """A config of torchtune's own, ``--config llama3_1/8B_lora``, as the copy of it that is here.

    Raises:
        ConfigError: there is none.

    """
    named = source.data.get("config")
    if not isinstance(named, str) or is_elsewhere(named) or is_settings_file(named):
        return source
    file = f"{named}.yaml"
    if not is_here(source, file):
        copy = shell_line("tune", "cp", named, str(source.folder / file), "--make-parents")
        raise ConfigError(f"{source.name}: {named} is a config of torchtune's own, and not here", hint=copy)
    return source.saying({"config": file})


def read(run: Settings) -> Spec:
    """The run of a recipe: the cosine over all updates, or one LR where there is no scheduler."""
    _need_optimizer(run)
    if isinstance(run.raw("orchestration"), dict):
        return _of_workers(run)
    has_scheduler = _has_scheduler(run)
    total, scheduled = _of_ppo(run) if _is_ppo(run) else _of_epochs(run)
    lr = run["optimizer.lr"]
    if not has_scheduler or (_is_ppo(run) and not run.since("0.7", "its PPO knows no lr_scheduler yet")):
        run.warmup = 0
        return run.curve("transformers.constant", lr=lr, steps=total)
    warmup = run.warmup = run["lr_scheduler.num_warmup_steps"]
    run.check_warmup(warmup, total, at="lr_scheduler.num_warmup_steps")
    return run.curve(
        f"torchtune.{COSINE}",
        lr=lr,
        steps=total,
        num_warmup_steps=warmup,
        num_training_steps=scheduled,
        num_cycles=run["lr_scheduler.num_cycles"],
    )


def _need_optimizer(run: Settings) -> None:
    """Refuse a file without an optimizer: one that evaluates, generates or quantizes.

    Raises:
        ConfigError: it has none.

    """
    if not run.raw("optimizer") and not run.is_said("optimizer.lr"):
        hint = "--given optimizer.lr=1e-5 where a word behind it adds one"
        run.refuse("no optimizer: every recipe that trains stops without one", hint=hint)


def _of_workers(run: Settings) -> Spec:
    """GRPO of several workers, of main behind 0.6.1: ``num_steps`` trajectories, and one LR."""
    steps, epochs = run.ask("num_steps"), run["ppo_epochs"]
    total = run.product(run.TOTAL_STEPS, steps, epochs)
    if total < 1:
        run.refuse(f"{steps} steps of {epochs} updates make none", hint="<steps=250>")
    run.warmup = 0
    return run.curve("transformers.constant", lr=run["optimizer.lr"], steps=total)


def _is_ppo(run: Settings) -> bool:
    return "ppo" in recipe_of(run) or run.is_said("ppo_batch_size")


def _of_ppo(run: Settings) -> tuple[int, int]:
    """Updates of PPO, whose ``num_steps`` counts what it samples: several in each batch of that.

    Raises:
        ConfigError: the batches do not go into one another, or make no update.

    """
    steps, size, mini = run.ask("num_steps", "batch_size", "ppo_batch_size")
    if size % max(mini, 1) or steps < size:
        run.refuse(
            f"num_steps={steps}, batch_size={size}, ppo_batch_size={mini} do not divide: the recipe stops",
            at="ppo_batch_size",
            instead=size,
        )
    batches, epochs = run.floor("batches", steps, size), run["ppo_epochs"]
    formula = f"{batches} * {epochs} * floor({size} / {mini})"
    total = run.line(run.TOTAL_STEPS, formula, batches * epochs * (size // mini))
    return total, total


def _of_epochs(run: Settings) -> tuple[int, int]:
    """Updates of the run, and those that the schedule is made for.

    GRPO makes several in each step, which its schedule does not know of.
    """
    is_grpo = "grpo" in recipe_of(run) or run.raw("grpo_samples") is not None
    times = run["ppo_epochs"] if is_grpo else 1
    counted = "RL steps per epoch" if is_grpo else run.STEPS_PER_EPOCH
    epochs, per_epoch = run["epochs"], _steps_per_epoch(run, counted)
    run.note_epoch(each=times, counted="RL steps per epoch")
    formula = f"{epochs} * {per_epoch}" + (f" * {times}" if times > 1 else "")
    total = run.line(run.TOTAL_STEPS, formula, epochs * per_epoch * times)
    return total, epochs * per_epoch


def _check_recipe(run: Settings) -> None:
    """Refuse a recipe that trains nothing; warn of one that torchtune does not have."""
    recipe = recipe_of(run)
    if recipe in _UNTRAINED:
        run.refuse(f"the recipe {recipe} trains nothing", hint=INSTEAD)
    if recipe and not _OWN.match(recipe):
        run.warn(
            "own-recipe",
            f"{run.source.words[2]} is no recipe of torchtune's: it is taken to count as those do",
        )


def _has_scheduler(run: Settings) -> bool:
    """Whether the LR moves; what the recipes refuse is refused.

    Raises:
        ConfigError: a LoRA recipe without a scheduler, one that is not torchtune's own, or no warmup.

    """
    if not reads_schedule(run):
        return False
    component = run["lr_scheduler._component_"]
    if component is None:
        _refuse_none(run)
        return False
    if component.rpartition(".")[2] != COSINE:
        run.refuse(
            f"{component} is not read: the recipes hand it num_training_steps, which torch's own do not take",
            hint=f"lr_scheduler._component_=torchtune.training.lr_schedulers.{COSINE}",
            at="lr_scheduler._component_",
        )
    if not run.is_said("lr_scheduler.num_warmup_steps"):
        run.refuse(f"{COSINE} needs num_warmup_steps", hint="<warmup=100>", at="lr_scheduler._component_")
    return True


def _refuse_none(run: Settings) -> None:
    hint = f"lr_scheduler._component_=torchtune.training.lr_schedulers.{COSINE}"
    if run.raw("lr_scheduler"):
        run.refuse("lr_scheduler has no _component_: the recipe stops", hint=hint)
    if "lora" in (recipe_of(run) or run["model._component_"]):
        run.refuse("the LoRA recipes stop without an lr_scheduler", hint=hint, at="model._component_")


def _steps_per_epoch(run: Settings, label: str) -> int:
    """``len(dataloader) // accumulation``, at most ``max_steps_per_epoch``: batches left over are not used.

    Raises:
        ConfigError: no update is left, or ``optimizer_in_bwd`` with accumulation.

    """
    accum = run["gradient_accumulation_steps"]
    if run["optimizer_in_bwd"] and accum > 1:
        run.refuse(
            f"optimizer_in_bwd with gradient_accumulation_steps={accum}: the recipe stops",
            hint="<grad_accum=1>",
            at="optimizer_in_bwd",
        )
    batches = _batches(run)
    limit = run["max_steps_per_epoch"]
    if limit is not None and limit < 1:
        text = f"max_steps_per_epoch={limit} makes a schedule of no steps"
        run.refuse(text, hint="write null in its place", at="max_steps_per_epoch")
    updates = batches // accum
    formula = f"floor({batches} / {accum})"
    if limit is not None:
        updates, formula = min(updates, limit), f"min({formula}, {limit})"
    if updates < 1:
        run.refuse(f"an epoch of {batches} batches makes no update", hint=run.longer("<grad_accum=1>"))
    return run.line(label, formula, updates)


def _batches(run: Settings) -> int:
    """``len(dataloader)`` of a process: its sampler pads, and the last batch is dropped where not full."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches("epochs")
    if run["dataset.packed"]:
        run.note("counts-packs", "packed: dataset_len is the number of packs", at="dataset.packed")
    alone = is_alone(run)
    n, size, _, *_ = run.ask("dataset_len", "batch_size", "epochs", *([] if alone else ["world_size"]))
    return run.sampled_batches(n, 1 if alone else replicas(run), size, drops=not keeps_last_batch(run))


_RENDEZVOUS = (
    *("nproc_per_node", "nnodes", "node_rank", "master_addr", "master_port"),
    *("rdzv_backend", "rdzv_endpoint", "rdzv_id", "rdzv_conf", "max_restarts"),
)

TRAINER = ForeignTrainer(
    "torchtune",
    "0.6.1",
    SETTINGS,
    claims,
    read,
    files=("config",),
    options=("config", "help"),
    read_words=with_own_config,
    layers=with_components,
    takes_repeats=False,
    launchers={"tune": Own(torchrun, _RENDEZVOUS)},
    keys=KnownKeys(("torchtune",), by_language(command=Fate.PASSED)),
    ranks=BY_TORCH_OR_STOP,
    no_training=NoTraining(
        words=("download", "ls", "cp", "cat", "validate"), trains="run", check=_check_recipe
    ),
    resumes=("resume_from_checkpoint",),
    known_by="a _component_ in YAML",
    oldest="0.6",
    newest="0.7",
)
