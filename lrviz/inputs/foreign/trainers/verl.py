"""verl: PPO and its kin, and supervised fine-tuning, by hydra's words or YAML.

The scheduler of an RL run is stepped once for each RL step, after the last of its updates.

Source: verl 0.4.1 to 0.9.1, ``trainer/ppo/ray_trainer.py``, ``trainer/sft_trainer.py``, ``trainer/config``,
``workers/engine_workers.py``; up to 0.7.1, ``workers/fsdp_workers.py``; 0.7.0,
``trainer/fsdp_sft_trainer.py``.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.from_checkpoint import is_set
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Setting, count, number, switch, text, whole
from lrviz.inputs.foreign.shared import verl_processes
from lrviz.inputs.foreign.shared.hydra import FOLDERS, with_own_config_file
from lrviz.inputs.foreign.shared.verl_backends import ACTOR, BACKENDS, backend_name, is_sft
from lrviz.inputs.foreign.shared.verl_lengths import clock_of_rl, clock_of_sft
from lrviz.inputs.foreign.shared.verl_optimizer import OF_SFT_UP_TO_0_7, OWN, Optimizer, settings_of
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.nearest import nearest
from lrviz.notation.numbers import lr_text
from lrviz.resumption.resume_rule import Rule, of_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("data.train_batch_size", count),
    Setting("data.gen_batch_size", count),
    Setting("data.train_max_samples", whole, -1),
    Setting(f"{ACTOR}.ppo_mini_batch_size", whole, 256),
    Setting(f"{ACTOR}.ppo_epochs", whole, 1),
    *settings_of(f"{ACTOR}.optim", 1e-6),
    *settings_of("optim", 1e-3),
    Setting(f"{ACTOR}.strategy", text, None, "", ("engine.strategy", "model.strategy")),
    Setting("data.filter_overlong_prompts", switch, default=False),
    Setting("critic.optim.lr", number, 1e-5),
    Setting("critic.optim.lr_scheduler_type", text, "constant"),
    Setting("critic.optim.lr_decay_style", text, "constant"),
    Setting("critic.optim.lr_warmup_steps", whole, -1),
    Setting("critic.optim.lr_warmup_steps_ratio", number, 0.0),
    Setting("trainer.total_epochs", whole, None, "epochs"),
    Setting("trainer.total_training_steps", whole),
    Setting("trainer.critic_warmup", whole, 0),
    Setting("trainer.use_v1", switch, default=True),
    Setting("trainer.v1.trainer_mode", text, "sync"),
    Setting("trainer.v1.separate_async.parameter_sync_step", count, 4),
    Setting("trainer.val_only", switch, default=False),
    Setting("trainer.val_before_train", switch, default=True),
    Setting("algorithm.adv_estimator", text, "gae"),
    Setting("algorithm.filter_groups.enable", switch, default=False),
    *verl_processes.SETTINGS,
)
RESUMES, RESUME_MODES = ("resume_mode", "resume_from_path"), ("auto", "disable", "resume_path")
_NO_TRAINER = re.compile(r"verl\.trainer\.main(_eval|_generation\w*)?$")
"""Modules that train nothing, and EasyR1's."""
OWN_FILES = ("ppo_trainer.yaml", "ppo_megatron_trainer.yaml", "sft_trainer.yaml", "sft_trainer_engine.yaml")


def claims(source: Source) -> bool:
    """A module of ``verl.trainer``, words of ``actor_rollout_ref``, or the YAML of either trainer."""
    if source.language == "command":
        is_module = "verl.trainer" in source.module and not _NO_TRAINER.search(source.module)
        return is_module or any(name.startswith(f"{ACTOR}.") for name in source.data)
    sections = {key for key, value in source.data.items() if isinstance(value, dict)}
    if source.language != "yaml" or not {"data", "trainer"} <= sections:
        return False
    return "actor_rollout_ref" in sections or (
        "optim" in sections and "total_epochs" in source.data["trainer"]
    )


def read(run: Settings) -> Spec:
    """The run of an actor, or of a fine-tuning."""
    _check_resume(run)
    if not is_sft(run):
        verl_processes.check_actor(run, backend_name(run))
        clock = clock_of_rl(run)
        _note_critic(run)
        return _backend(run)(Optimizer(run, f"{ACTOR}.optim", clock))
    if _has_own_trainer(run):
        return Optimizer(run, "optim", clock_of_sft(run, limited=False)).of_sft_up_to_0_7()
    return _backend(run)(Optimizer(run, "optim", clock_of_sft(run)))


def _check_resume(run: Settings) -> None:
    """Refuse a way to go on from a checkpoint that verl does not have, or one without a checkpoint of it."""
    mode, path = (run.raw(f"trainer.{one}") or run.raw("trainer", one) for one in RESUMES)
    if isinstance(mode, str) and mode not in RESUME_MODES:
        text = f"resume_mode={mode} is none of {', '.join(RESUME_MODES)}: verl stops"
        near = nearest(mode, RESUME_MODES) or RESUME_MODES[0]
        run.refuse(text, hint=f"write {near}")
    is_named = path is None or isinstance(path, str)
    if mode == "resume_path" and is_named and "global_step_" not in (path or ""):
        text = "resume_mode=resume_path takes a resume_from_path with global_step_ in it: verl stops"
        run.refuse(text, hint="trainer.resume_from_path=checkpoints/global_step_100")


def _has_own_trainer(run: Settings) -> bool:
    """Whether it is the SFT trainer on FSDP of up to 0.7.0: by its name, or by a setting of its own."""
    found = "fsdp_sft" in run.source.program or run.is_said("optim.lr_scheduler")
    if found and not run.is_version_given:
        run.assume("0.7.0", "it is the last version with a trainer of its own for SFT on FSDP")
    return found


def _backend(run: Settings) -> Callable[[Optimizer], Spec]:
    """What makes the schedule.

    Raises:
        ConfigError: one whose schedule is its own library's.

    """
    backend = backend_name(run)
    if backend not in BACKENDS:
        run.refuse(
            f"the schedule of verl's backend {backend} is not read",
            hint="lrviz show cosine --warmup 5% --steps 1000, where it decays as a cosine",
        )
    return BACKENDS[backend]


def _check_validates(run: Settings) -> None:
    """Refuse a run that only validates.

    Raises:
        ConfigError: it is one.

    """
    is_said = run.is_said("trainer.val_only")
    if is_said and run["trainer.val_only"] and run["trainer.val_before_train"]:
        run.refuse("trainer.val_only=true trains nothing", at="trainer.val_only", instead="false")


def _note_critic(run: Settings) -> None:
    """Name the schedule of the critic, which has an optimizer of its own."""
    if run["algorithm.adv_estimator"] != "gae":
        return
    kind = "lr_decay_style" if backend_name(run) == "megatron" else "lr_scheduler_type"
    lr, style = run["critic.optim.lr"], run[f"critic.optim.{kind}"]
    steps, ratio = run["critic.optim.lr_warmup_steps"], run["critic.optim.lr_warmup_steps_ratio"]
    share = f", a warmup of {ratio:.12g} of its steps" if ratio else ""
    warmup = f", a warmup of {steps} steps" if steps > 0 else share
    text = f"this is the actor; the critic has an optimizer of its own: {style}, lr {lr_text(lr)}{warmup}"
    run.note("critic", text)


def _has_own_config(first: Source) -> bool:
    """Whether it is a config of verl's own; that of another folder may have any keys."""
    return "verl.trainer" in first.module and first.data.keys().isdisjoint(FOLDERS) and not first.beneath


def _fate(first: Source, layer: Source, _version: str) -> Fate:
    """Hydra adds no key to a config."""
    return Fate.UNADDED if _has_own_config(first) and layer.language == "command" else Fate.KEPT


def _lacks(run: Settings) -> frozenset[str]:
    """The settings of other backends' optimizers, and those of the SFT trainer of up to 0.7.0."""
    if not _has_own_config(run.source) or "fsdp_sft" in run.source.program:
        return frozenset()
    prefix = "optim" if is_sft(run) else f"{ACTOR}.optim"
    kept = OWN.get(backend_name(run), "").split()
    others = {name for names in OWN.values() for name in names.split() if kept} - {*kept}
    return frozenset(f"{prefix}.{name}" for name in (*others, *(OF_SFT_UP_TO_0_7 if is_sft(run) else ())))


def _restores(run: Settings) -> Rule | str:
    """Megatron's schedule is loaded where a switch says so, any other one with its optimizer."""
    if "disable" in (run.raw("trainer.resume_mode"), run.raw("trainer", "resume_mode")):
        return of_step("resume_mode=disable loads no checkpoint")
    name = f"{'optim' if is_sft(run) else f'{ACTOR}.optim'}.use_checkpoint_opt_param_scheduler"
    is_loaded = backend_name(run) != "megatron" or is_set(run, name)
    return "" if is_loaded else f"{name} is off"


TRAINER = ForeignTrainer(
    "verl",
    "0.9.1",
    SETTINGS,
    claims,
    read,
    read_words=partial(with_own_config_file, defaults=OWN_FILES),
    takes_repeats=False,
    keys=KnownKeys(("verl",), _fate, _lacks, of_files=True),
    no_training=NoTraining(programs=_NO_TRAINER.pattern, check=_check_validates),
    resumes=("trainer.resume_from_path",),
    restores=_restores,
    known_by="verl.trainer or actor_rollout_ref.actor",
    oldest="0.4.1",
)
