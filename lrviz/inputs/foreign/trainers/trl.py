"""TRL: ``trl sft``, the YAML of its ``--config``, and calls of ``SFTConfig``, ``GRPOConfig`` and so on.

Source: trl 1.16.0, ``trainer/*_config.py``, ``scripts/utils.py``, ``trainer/utils.py`` (``RepeatSampler``).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.own_script import parsed_by
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, text
from lrviz.inputs.foreign.shared import generations
from lrviz.inputs.foreign.shared.generations import (
    check_generation,
    ppo_batches,
    prompts_of_update,
    rollouts,
    windows,
)
from lrviz.inputs.foreign.shared.trainer_length import (
    note_packed,
    processes_name,
    rows_and_processes,
    updates_per_epoch,
)
from lrviz.inputs.foreign.shared.training_arguments import (
    flag,
    has_arguments,
    with_argparse_names,
    with_defaults,
    with_script,
)
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES, curve_of, run_of
from lrviz.inputs.foreign.shared.transformers_version import assume_version
from lrviz.inputs.foreign.shared.trl_methods import CONFIGS, METHODS, SIGNS, method_named, methods_with
from lrviz.inputs.foreign.shared.trl_programs import (
    assume_with_method,
    fate,
    is_own,
    lacks,
    named_method,
)
from lrviz.inputs.foreign.shell import accelerate
from lrviz.inputs.foreign.shell.world import Own
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.numbers import lr_text
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

CALLS = tuple(CONFIGS)
MAKERS = {name.replace("Config", "Trainer"): name for name in CALLS}
_OTHERS = (
    *("finetuning_type", "stage", "base_model", "max_train_steps", "num_warmup_steps"),
    *("num_unique_prompts_rollout", "tuner_type", "vit_lr", "aligner_lr"),
)
_OPTIONAL = {"steps_per_generation", "generation_batch_size", "warmup_ratio", "lr_scheduler_kwargs"}
"""Fields that may be None, and are by default."""
_PROGRAMS = ("swift", "megatron", "llamafactory-cli", "axolotl")

SETTINGS = (
    *with_defaults(learning_rate=2e-5, logging_steps=10),
    Setting("method", text),
    Setting("packing", flag, default=False),
    *generations.SETTINGS,
)


def claims(source: Source) -> bool:
    """``trl CMD``, one of its scripts, its config called in Python, or arguments that its configs add."""
    program = source.program
    if source.language == "python":
        is_first = "unsloth" not in source.python.imports or is_before_unsloth(source)
        return bool(TRAINER.calls_in(source)) and is_first
    if is_own(program) or not parsed_by(source).isdisjoint(CALLS):
        return True
    if "examples/scripts" in program and method_named(Path(program).stem) and has_arguments(source):
        return True
    is_other = program in _PROGRAMS or source.module.startswith("swift.cli.")
    if is_other or any(key in source.data for key in _OTHERS) or not has_arguments(source):
        return False
    is_config = source.language == "yaml" and "dataset_name" in source.data
    return is_config or any(sign in source.data for sign in SIGNS)


def is_before_unsloth(source: Source) -> bool:
    """Whether a script has TRL's own class from before it imports unsloth, which puts others in their places.

    Source: unsloth 2026.10.9, ``models/rl.py``; by ``trl.SFTConfig`` it calls the other one all the same.
    """
    names = {call.name for call in TRAINER.calls_in(source)}
    earlier = takewhile(lambda one: one.partition(".")[0] != "unsloth", source.python.imports)
    own = {one.rpartition(".")[2] for one in earlier if one.startswith("trl.")}
    return bool(names) and names <= own


def method_of(run: Settings) -> str:
    """What is trained by: as is said, else the settings of one method."""
    return named_method(run) or _by_settings(run)


def _by_settings(run: Settings) -> str:
    """The method that its settings speak for, or the file's name; asked for where that decides the curve."""
    found = methods_with([sign for sign in SIGNS if run.raw(sign) is not None])
    named = method_named(Path(run.source.name).stem)
    meant = named if named in found else found[0]
    if why := _why_open(run, found, is_named=meant == named):
        others = listed([one for one in found if one != meant])
        text = f"no command says by which method of {run.title} it trains, and {why}"
        run.refuse(text, hint=f"--given method={meant}, or {others}")
    return meant


def _why_open(run: Settings, methods: Sequence[str], *, is_named: bool) -> str:
    """Why it matters which of these it is; nothing where it does not."""
    if not run.is_said("learning_rate") and len({METHODS[one].lr for one in methods}) > 1:
        each = ", ".join(f"{lr_text(METHODS[one].lr)} for {one}" for one in methods)
        return f"learning_rate is another by default: {each}"
    is_counted = not is_named and run["max_steps"] < 0
    is_other = is_counted and len({METHODS[one].completions for one in methods}) > 1
    return "an epoch of each is counted otherwise" if is_other else ""


def read(run: Settings) -> Spec:
    """The run of the method's Trainer."""
    name = method_of(run)
    assume_with_method(run, name)
    method = METHODS[name]
    if "unsloth" in run.source.python.imports:
        text = "unsloth is imported after TRL, whose own class and defaults these are: unsloth's are others"
        run.warn("before-unsloth", text)
    lr = run.get("learning_rate", _default_lr(run, name))
    if not run.is_said("learning_rate"):
        run.note(
            "default-lr",
            f"learning_rate={lr_text(lr)} is the default of {name} (--given method= for another)",
        )
    if name == "ppo":
        return _ppo(run, lr)
    if method.is_windowed:
        prompts_of_update(run, method.completions)
        return run_of(run, lambda run: updates_per_epoch(run, windows(run, method.completions)), lr)
    if method.completions:
        check_generation(run, method.completions, least=method.least)
        return run_of(run, lambda run: updates_per_epoch(run, rollouts(run, method.completions)), lr)
    if run["packing"] and run["max_steps"] < 0:
        note_packed(run)
    return run_of(run, lr=lr)


def _default_lr(run: Settings, name: str) -> float:
    """The LR of a method where none is said; before 0.24 reward had transformers' own."""
    is_open = name == "reward" and not run.is_said("learning_rate")
    if is_open and not run.since("0.24", "learning_rate is 1e-4 by default, before 0.24 5e-5"):
        return 5e-5
    return METHODS[name].lr


def _ppo(run: Settings, lr: float) -> Spec:
    """PPO's own loop."""
    assume_version(run)
    rows = (0, run.ask(processes_name(run))) if run["total_episodes"] else rows_and_processes(run)
    return curve_of(run, ppo_batches(run, rows, run["gradient_accumulation_steps"]), lr=lr)


_TRL_CONFIGS = {"single_gpu": 1} | dict.fromkeys(
    ("fsdp1", "fsdp2", "multi_gpu", "zero1", "zero2", "zero3"), 8
)


def _processes(said: Said) -> Count:
    """Those of accelerate; the configs that ``trl`` has of its own are known by name."""
    config = said.find("accelerate_config")
    number = _TRL_CONFIGS.get(config[1].text) if config else None
    if config and (number == 1 or (number and not said.find("num_processes"))):
        return said.given(number, config)
    found = accelerate.processes(said)
    return None if config and isinstance(found, Unknown) else found


def _is_none(value: object) -> bool:
    return isinstance(value, str) and value.lower() in ("none", "null")


def _layers(layers: list[Source]) -> list[Source]:
    """With what a script sets; to TRL's own parser an option of ``None`` is nothing said, nor in its file."""
    command, *files = with_script(layers)
    nothing = {key for key in _OPTIONAL & command.data.keys() if _is_none(command.data[key])}
    if not nothing or not is_own(command.program):
        return [command, *files]
    said = (
        {key: value for key, value in one.data.items() if key not in nothing} for one in (command, *files)
    )
    return [replace(one, data=data) for one, data in zip((command, *files), said, strict=True)]


TRAINER = ForeignTrainer(
    "trl",
    "1.16.0",
    SETTINGS,
    claims,
    read,
    files=("config",),
    tables=("deepspeed",),
    calls=CALLS,
    makers=MAKERS,
    layers=_layers,
    read_words=with_argparse_names,
    schedules=SCHEDULES,
    launchers={
        "trl": Own(_processes, (*accelerate.OF_WORLD, "accelerate_config"), config="accelerate_config")
    },
    keys=KnownKeys(("trl", "transformers", "accelerate"), fate, lacks),
    names_script=lambda source: is_own(source.program),
    used_by=("Trainer", "TrainingArguments"),
    interpolates=False,
    ranks=BY_LOCAL_RANK,
    no_training=NoTraining(words=("env", "vllm-serve"), trains="sft"),
    resumes=("resume_from_checkpoint",),
    known_by="trl CMD, SFTConfig(...), or TrainingArguments beside packing, beta or num_generations",
    takes_words=False,
)
