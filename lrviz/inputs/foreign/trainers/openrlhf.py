"""OpenRLHF: the options of its ``openrlhf.cli`` modules, dotted from 0.10.2 on, plain before.

Source: openrlhf 0.9.0 to 0.11.2, ``cli/train_*.py``, ``trainer/ppo_trainer.py``,
``trainer/ppo_utils/samples_generator.py``, ``trainer/ray/ppo_actor.py``, ``utils/deepspeed/deepspeed.py``.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Setting, count, literal, number, text, whole
from lrviz.inputs.foreign.shared.openrlhf_length import Kind, of_epochs, of_ppo
from lrviz.inputs.foreign.shared.transformers_schedule import COMMON, SCHEDULES, lengths_of
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign import setting
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value


KINDS = {
    "sft": Kind(5e-6, epochs=2),
    "dpo": Kind(1e-5),
    "rm": Kind(9e-6, micro_batch=1),
    "kto": Kind(1e-5),
    "kd": Kind(5e-6),
    "prm": Kind(1e-6, micro_batch=1),
    "ppo": Kind(1e-6, micro_batch=1, max_samples=10**8),
}
PLAIN = {
    "adam.lr": ("actor.adam.lr", "actor_learning_rate", "learning_rate"),
    "train.batch_size": ("train_batch_size",),
    "train.micro_batch_size": ("micro_train_batch_size",),
    "train.max_epochs": ("max_epochs",),
    "train.num_episodes": ("num_episodes",),
    "rollout.batch_size": ("rollout_batch_size",),
    "rollout.n_samples_per_prompt": ("n_samples_per_prompt",),
    "data.max_samples": ("max_samples",),
    "ds.ring_attn_size": ("ring_attn_size",),
    "ds.tensor_parallel_size": ("ds_tensor_parallel_size",),
}
"""Settings by the names of other versions, or of the actor."""
BOTH = {"local_rank", "lr_scheduler", "lr_warmup_ratio", "max_norm", "min_lr_ratio", "use_ms"}
"""Options that no version dots; of all others those without a dot are of up to 0.10.1, but for ``optim``."""
KEYS = KnownKeys(("openrlhf",), by_language(Fate.STOPS))


def _setting(name: str, reads: setting.Kind, default: Value | None = None, key: str = "") -> Setting:
    return Setting(name, reads, default, key, PLAIN.get(name, (f"actor.{name}",)))


SETTINGS = (
    _setting("adam.lr", number, None, "lr"),
    _setting("optim", text, "adam"),
    _setting("muon.lr", number, 0.02),
    _setting("lr_scheduler", text, "cosine_with_min_lr"),
    _setting("lr_warmup_ratio", number, 0.03),
    _setting("min_lr_ratio", number, 0.1),
    _setting("train.batch_size", whole, 128),
    _setting("train.micro_batch_size", whole, None, "batch_size"),
    _setting("train.max_epochs", whole, None, "epochs"),
    _setting("train.num_episodes", whole, 1),
    _setting("rollout.batch_size", count, 1024),
    _setting("rollout.n_samples_per_prompt", whole, 1),
    _setting("data.max_samples", number),
    _setting("ds.ring_attn_size", whole, 1),
    _setting("ds.tensor_parallel_size", whole, 1),
    Setting("critic.adam.lr", number, 9e-6, "", ("critic_learning_rate",)),
    Setting("critic.freezing_steps", whole, -1, "", ("freezing_actor_steps",)),
    Setting("algo.advantage.estimator", text, "gae", "", ("advantage_estimator",)),
)
WITH_FLOOR = ("cosine_with_min_lr", "cosine_warmup_with_min_lr")
PASS_FLOOR = (*WITH_FLOOR, "constant_with_warmup", "inverse_sqrt")
"""Schedules that take the ``min_lr`` of up to 0.10.1, or are not handed it."""


def claims(source: Source) -> bool:
    """A module of ``openrlhf.cli``."""
    return "openrlhf.cli" in source.module


def read(run: Settings) -> Spec:
    """The run of a module; its schedule is one of transformers, over all updates."""
    _assume_version(run)
    _warn_of_others(run)
    name = re.sub(r".*train_([a-z]+).*", r"\1", run.source.program)
    if name not in KINDS:
        run.refuse(f"openrlhf has no module train_{name} with a schedule", hint="openrlhf.cli.train_sft")
    kind = KINDS[name]
    length, steps = (
        of_ppo(run, kind) if name == "ppo" else of_epochs(run, kind, is_exact=_is_exact(run, name))
    )
    warmup = math.ceil(length * run["lr_warmup_ratio"])
    run.warmup = run.line("warmup", f"ceil({length} * {run['lr_warmup_ratio']:g})", warmup)
    return _curve(run, name, _lr(run, name, kind), (length, steps), warmup)


def _assume_version(run: Settings) -> None:
    old = _old(run)
    if old and not run.is_version_given:
        run.assume("0.9.10", f"--{old} is an option of up to 0.10.1")


def _is_exact(run: Settings, name: str) -> bool:
    """Whether the schedule is made for the very updates of the run."""
    decides = "" if _old(run) else "before, SFT counted rows // batch_size in an epoch"
    return name == "sft" and run.since("0.11.2", decides)


def _old(run: Settings) -> str:
    """The first option of up to 0.10.1, where none is of later ones."""
    said = sorted(name for name in KEYS.names() - BOTH if run.raw(name) is not None)
    return "" if any(map(_is_new, said)) else next(iter(said), "")


def _is_new(name: str) -> bool:
    return "." in name or name == "optim"


def _lacks(run: Settings) -> frozenset[str]:
    """The settings of the versions with dots, or of those without."""
    read = {name for one in SETTINGS for name in one.names}
    return _of_others(run) & read


def _of_others(run: Settings) -> frozenset[str]:
    is_new = run.since("0.10.2") if run.is_version_given else not _old(run)
    return frozenset(name for name in KEYS.names() - BOTH if _is_new(name) != is_new)


def _warn_of_others(run: Settings) -> None:
    """Options that decide nothing here, of other versions than this one."""
    for name in sorted(_of_others(run)):
        if run.raw(name) is not None:
            run.warn("older-key", f"--{name} is of another version, and {run.title} stops at it", at=name)


def _lr(run: Settings, name: str, kind: Kind) -> float:
    """The LR of the bulk of the weights: Muon's where that is the optimizer."""
    if name == "ppo" and run["algo.advantage.estimator"] == "gae":
        run.note(
            "critic", f"this is the actor; the critic has an LR of its own, {lr_text(run['critic.adam.lr'])}"
        )
    lr: float = run.get("adam.lr", kind.lr)
    if run["optim"] == "muon":
        run.note(
            "aux-adam", f"this is Muon's LR; embeddings, head and vectors run at {lr_text(lr)}", at="optim"
        )
        lr = run["muon.lr"]
    return lr


def _curve(run: Settings, name: str, lr: float, lengths: tuple[int, int], warmup: int) -> Spec:
    """The schedule over its own length and that of the run.

    Up to 0.10.1 it was handed a ``min_lr``, in shares of Adam's LR.

    Raises:
        ConfigError: it is none that can be built so.

    """
    schedule = run.choose("lr_scheduler", (*COMMON, "inverse_sqrt", *WITH_FLOOR))
    is_new = run.since("0.10.2")
    if not is_new and schedule not in PASS_FLOOR:
        run.refuse(
            f"{run.title} hands min_lr to every schedule, which {schedule} does not take: it stops",
            at="lr_scheduler",
            instead="cosine_with_min_lr",
        )
    if schedule == "constant":
        run.warmup = 0
    values = lengths_of(schedule, warmup, lengths[0])
    if schedule in WITH_FLOOR:
        values["min_lr_rate"] = run["min_lr_ratio"] if is_new or name == "dpo" else _tenth(run)
    return run.curve(SCHEDULES[schedule], lr=lr, steps=lengths[1], **values)


def _tenth(run: Settings) -> float:
    """The floor that only DPO had an option for up to 0.10.1, unless its script is here and has one."""
    if run.origin("min_lr_ratio").place and "min_lr_ratio" not in run.source.data:
        return float(run["min_lr_ratio"])
    if run.is_said("min_lr_ratio"):
        text = f"{run.title} has no min_lr_ratio but for DPO: it stops"
        run.refuse(text, hint=f"--trainer openrlhf@{run.trainer.version}", at="min_lr_ratio")
    return 0.1


TRAINER = ForeignTrainer(
    "openrlhf",
    "0.11.2",
    SETTINGS,
    claims,
    read,
    dash="_",
    keys=KEYS._replace(lacks=_lacks),
    interpolates=False,
    no_training=NoTraining(programs=r"openrlhf[./]cli[./](?!train_)"),
    resumes=("ckpt.load_enable", "load_checkpoint"),
    ends_early={Setting("algo.dynamic_filtering_enable", literal, None, "", ("dynamic_filtering",)): ""},
    known_by="openrlhf.cli",
    oldest="0.9",
    takes_words=False,
)
