"""OpenRLHF: the options of its ``openrlhf.cli`` modules, dotted from 0.10.2 on, plain before.

Source: openrlhf 0.9.0 to 0.11.2, ``cli/train_*.py``, ``trainer/ppo_trainer.py``,
``trainer/ppo_utils/samples_generator.py``, ``trainer/ray/ppo_actor.py``, ``utils/deepspeed/deepspeed.py``.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Setting, count, literal, number, text, whole
from lrviz.inputs.foreign.shared.transformers_schedule import COMMON, SCHEDULES, lengths_of
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign import setting
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value


class Kind(NamedTuple):
    """What differs from module to module."""

    lr: float
    epochs: int = 1
    micro_batch: int = 8
    max_samples: int = 1_000_000


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
    name = re.sub(r".*train_([a-z]+).*", r"\1", run.source.program)
    if name not in KINDS:
        run.refuse(f"openrlhf has no module train_{name} with a schedule", hint="openrlhf.cli.train_sft")
    kind = KINDS[name]
    length, steps = _of_ppo(run, kind) if name == "ppo" else _of_epochs(run, name, kind)
    warmup = math.ceil(length * run["lr_warmup_ratio"])
    run.warmup = run.line("warmup", f"ceil({length} * {run['lr_warmup_ratio']:g})", warmup)
    return _curve(run, name, _lr(run, name, kind), (length, steps), warmup)


def _assume_version(run: Settings) -> None:
    old = _old(run)
    if old and not run.is_version_given:
        run.assume("0.9.10", f"--{old} is an option of up to 0.10.1")


def _old(run: Settings) -> str:
    """The first option of up to 0.10.1, where none is of later ones."""
    said = sorted(name for name in KEYS.names() - BOTH if run.raw(name) is not None)
    return "" if any(map(_is_new, said)) else next(iter(said), "")


def _is_new(name: str) -> bool:
    return "." in name or name == "optim"


def _lacks(run: Settings) -> frozenset[str]:
    """The options of the versions with dots, or of those without."""
    is_new = run.since("0.10.2") if run.is_version_given else not _old(run)
    return frozenset(name for name in KEYS.names() - BOTH if _is_new(name) != is_new)


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


def _of_epochs(run: Settings, name: str, kind: Kind) -> tuple[int, int]:
    """The updates that the schedule is made for, and those of the run.

    DeepSpeed counts the batches of an update on from epoch to epoch; the schedule is made for the whole
    updates of each, but for SFT since 0.11.2.
    """
    decides = "" if _old(run) else "before, SFT counted rows // batch_size in an epoch"
    is_sft = name == "sft" and run.since("0.11.2", decides)
    batch, epochs = _batch(run), run.get("train.max_epochs", kind.epochs)
    micro = run.get("train.micro_batch_size", kind.micro_batch)
    whole = not is_sft and (epochs < 2 or (run.is_said("dataset_len") and _rows(run, kind) % batch == 0))
    if not whole:
        run.ask("dataset_len", "world_size")
    n = _rows(run, kind)
    if run.is_said("world_size"):
        _check_divides(run, batch, micro)
    if whole:
        total = run.product(run.TOTAL_STEPS, epochs, run.floor(run.STEPS_PER_EPOCH, n, batch))
        return _some(run, total), total
    if is_sft:
        total = _of_batches(run, n, batch, epochs, micro)
        return _some(run, total), total
    length = run.line("schedule steps", f"floor({n} / {batch}) * {epochs}", n // batch * epochs)
    return _some(run, length), _of_batches(run, n, batch, epochs, micro)


def _of_ppo(run: Settings, kind: Kind) -> tuple[int, int]:
    """The updates that the schedule is made for, and those of the actor."""
    run.ask("dataset_len")
    n, batch, epochs = _rows(run, kind), _batch(run), run.get("train.max_epochs", kind.epochs)
    samples, episodes = run["rollout.n_samples_per_prompt"], run["train.num_episodes"]
    label = "schedule steps" if _drops_prompts(run) and n % run["rollout.batch_size"] else run.TOTAL_STEPS
    formula = f"floor({n} * {samples} / {batch}) * {episodes} * {epochs}"
    length = _some(run, run.line(label, formula, n * samples // batch * episodes * epochs))
    return length, _unfrozen(run, kind, _rolled_out(run, kind, length))


def _some(run: Settings, length: int) -> int:
    """The updates of a schedule, which has some.

    Raises:
        ConfigError: it has none.

    """
    if length < 1:
        run.refuse(f"{length} updates: OpenRLHF stops", hint=run.longer("<epochs=1>"))
    return length


def _rows(run: Settings, kind: Kind) -> int:
    return min(int(run.ask("dataset_len")), int(run.get("data.max_samples", kind.max_samples)))


def _batch(run: Settings) -> int:
    batch: int = run["train.batch_size"]
    if batch < 1:
        run.refuse(f"train.batch_size={batch} has no sample", hint="--given train.batch_size=128")
    return batch


def _check_divides(run: Settings, batch: int, micro: int) -> None:
    """Refuse a batch that is no whole number of updates' parts, at which DeepSpeed stops.

    Raises:
        ConfigError: it is none.

    """
    world, together = run.ask("world_size"), run["ds.ring_attn_size"] * run["ds.tensor_parallel_size"]
    part, rows = max(micro, 1) * world, batch * together
    if rows > part and rows % part:
        of = f"{batch} * {together}" if together > 1 else f"{batch}"
        text = f"a batch of {of} is no multiple of {micro} samples on each of {world} processes"
        whole = math.lcm(part, together) // together
        run.refuse(f"{text}: DeepSpeed stops", at="train.batch_size", instead=batch // whole * whole or whole)


def _drops_prompts(run: Settings) -> bool:
    """Whether an episode ends with its last whole rollout, as it did before 0.11."""
    return run.since("0.9.1") and not run.since("0.11")


def _rolled_out(run: Settings, kind: Kind, total: int) -> int:
    """The updates of PPO: prompts that do not fill a rollout are dropped before 0.11."""
    n, size, batch = _rows(run, kind), run["rollout.batch_size"], run["train.batch_size"]
    if not _drops_prompts(run) or n % size == 0:
        return total
    samples, episodes = run["rollout.n_samples_per_prompt"], run["train.num_episodes"]
    epochs, rollouts = run.get("train.max_epochs", kind.epochs), n // size
    if not rollouts:
        text = f"{n} prompts fill no rollout of {size}: {run.title} drops them and makes no update"
        run.refuse(text, at="rollout.batch_size", instead=n)
    formula = f"floor({rollouts} * {size} * {samples} / {batch}) * {episodes} * {epochs}"
    steps = run.line(run.TOTAL_STEPS, formula, rollouts * size * samples // batch * episodes * epochs)
    run.settled.add("length-differs")
    run.warn(
        "rollout-dropped",
        f"the last {n % size} prompts of an episode fill no rollout of {size}, and {run.title} drops them:"
        f" the run ends at {steps} of {total} updates of its schedule",
        at="rollout.batch_size",
    )
    return steps


def _unfrozen(run: Settings, kind: Kind, total: int) -> int:
    """The updates of the actor, which stands still with its schedule while the critic warms up."""
    frozen = run["critic.freezing_steps"] + 1  # rollouts are counted from 0
    if frozen < 1:
        return total
    size, batch = run["rollout.batch_size"] * run["rollout.n_samples_per_prompt"], run["train.batch_size"]
    epochs = run.get("train.max_epochs", kind.epochs)
    steps: int = total - frozen * (size // batch) * epochs
    if steps < 1:
        text = "the actor stands still in all rollouts: nothing of it is trained"
        run.refuse(text, at="critic.freezing_steps", instead=-1)
    run.line("updates of the actor", f"{total} - {frozen} * floor({size} / {batch}) * {epochs}", steps)
    run.settled.add("length-differs")
    run.warn(
        "actor-frozen",
        f"the actor and its schedule stand still in the first {frozen} rollouts:"
        f" it ends at {steps} of {total} updates of its schedule",
        at="critic.freezing_steps",
    )
    return steps


def _of_batches(run: Settings, n: int, batch: int, epochs: int, micro: int) -> int:
    """Whole batches of each process, of which so many make an update, over all epochs."""
    together = run["ds.ring_attn_size"] * run["ds.tensor_parallel_size"]
    world = run.ask("world_size")
    replicas = max(world // max(together, 1), 1)
    batches = n // replicas // max(micro, 1)
    run.line(run.BATCHES_PER_EPOCH, f"floor(floor({n} / {replicas}) / {micro})", batches)
    accum = batch * together // max(micro, 1) // world
    run.line("accumulation", f"floor(floor({batch} * {together} / {micro}) / {world})", accum)
    if accum < 1:
        run.refuse(
            f"a batch of {batch} is below {micro} samples on each of {world} processes: it stops",
            at="train.batch_size",
            instead=micro * world,
        )
    run.note_epoch(of=accum)
    return run.line(run.TOTAL_STEPS, f"floor({batches} * {epochs} / {accum})", batches * epochs // accum)


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
