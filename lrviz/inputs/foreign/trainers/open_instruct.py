"""open-instruct: ``grpo_fast.py`` and ``finetune.py``, whose arguments are no Trainer's.

Source: open-instruct of 2026-08, ``grpo_fast.py``, ``grpo_utils.py``, ``olmo_core_utils.py``,
``data_loader.py`` and ``finetune.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, count, number, off, text
from lrviz.inputs.foreign.shared.accelerate_stepped import Stepped, stepped, updates_of
from lrviz.inputs.foreign.shared.transformers_schedule import COMMON, SCHEDULES, lengths_of
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    Setting("learning_rate", number, 2e-5, "lr"),
    Setting("lr_scheduler_type", text, "linear"),
    Setting("warmup_ratio", number, 0.0),
    Setting("total_episodes", count, 100_000),
    Setting("num_unique_prompts_rollout", count, 16),
    Setting("num_samples_per_prompt_rollout", count, 4),
    Setting("num_epochs", count, 1),
    Setting("num_mini_batches", count, 1),
    Setting("num_train_epochs", count, 2, "epochs"),
    Setting("max_train_steps", count, None, "steps"),
    Setting("per_device_train_batch_size", count, 8, "batch_size"),
    Setting("gradient_accumulation_steps", count, 1, "grad_accum"),
    Setting("sequence_parallel_size", count, 1),
    Setting("final_lr_ratio", number),
)
NAMES = (*COMMON, "inverse_sqrt")


def claims(source: Source) -> bool:
    """Its scripts, or the prompts of a rollout as it calls them."""
    is_command = source.language == "command"
    return is_command and (_names_script(source) or "num_unique_prompts_rollout" in source.data)


def _names_script(source: Source) -> bool:
    return source.script == "grpo_fast.py" or _tunes(source)


def read(run: Settings) -> Spec:
    """A schedule of transformers: over the mini-batches of all steps, or as accelerate steps it."""
    return _finetune(run) if _tunes(run.source) else _grpo(run)


def _tunes(source: Source) -> bool:
    return source.program.endswith(("open_instruct/finetune.py", "open_instruct.finetune"))


def _finetune(run: Settings) -> Spec:
    """The scheduler of ``finetune.py``; its warmup is a share of the steps that it is made for."""
    name = run.choose("lr_scheduler_type", COMMON)
    if run["sequence_parallel_size"] > 1:
        return _in_sequences(run, name)
    ratio, calls = run.get("warmup_ratio", 0.03), run.ask("world_size")
    updates, total = updates_of(run)
    warmup = run.share("warmup of the scheduler", total, ratio)
    made = Stepped(name, updates, calls, warmup, total, int(updates * ratio))
    return stepped(run, "transformers", run["learning_rate"], made, **_ending(run, made))


def _in_sequences(run: Settings, name: str) -> Spec:
    """Processes that share sequences: the scheduler is made anew, and stepped after each micro-batch."""
    shared, accum = run["sequence_parallel_size"], run["gradient_accumulation_steps"]
    updates, ratio = _updates_in_sequences(run, shared), run.get("warmup_ratio", 0.03)
    total = run.product("scheduler steps", updates, accum)
    made = Stepped(name, updates, accum, int(total * ratio), total, int(updates * ratio))
    run.warmup = 0
    if name != "constant":
        run.share("warmup of the scheduler", total, ratio)
        run.warmup = made.warmup_updates
    values = lengths_of(name, made.warmup, total) | _ending(run, made)
    clock = {"calls": accum, "lead": accum - 1} if accum > 1 else {}
    return run.curve(SCHEDULES[name], lr=run["learning_rate"], steps=updates, **clock, **values)


def _updates_in_sequences(run: Settings, shared: int) -> int:
    limit, accum = run["max_train_steps"], run["gradient_accumulation_steps"]
    if limit is not None:
        return run.line(run.TOTAL_STEPS, "max_train_steps", limit)
    run.explain("batches_per_epoch", f"how many batches a process has, where {shared} of them share each")
    batches, epochs = run.ask("batches_per_epoch"), run["num_train_epochs"]
    in_epoch = run.ceil(run.STEPS_PER_EPOCH, batches, accum)
    if left := batches % accum:
        text = f"the last update of an epoch has {left} of {accum} micro-batches: the scheduler falls behind"
        run.note(
            "uneven-epochs", f"{text} by {accum - left} of its steps in each", at="sequence_parallel_size"
        )
    return run.product(run.TOTAL_STEPS, epochs, in_epoch)


def _ending(run: Settings, made: Stepped) -> dict[str, Value]:
    """Where a linear schedule that ends above 0 would come to 0."""
    share = run["final_lr_ratio"]
    if share is None:
        return {}
    if made.name != "linear" or not 0 <= share < 1:
        text = f"final_lr_ratio {share:g} is a share below 1 of a linear schedule alone: it stops"
        run.refuse(
            text, hint="--given lr_scheduler_type=linear --given final_lr_ratio=0.1", at="final_lr_ratio"
        )
    return {"num_training_steps": (made.total - share * made.warmup) / (1 - share)}


def _grpo(run: Settings) -> Spec:
    kind, total = run.choose("lr_scheduler_type", NAMES), _updates(run)
    warmup = run.warmup = 0 if kind == "constant" else run.share("warmup", total, run["warmup_ratio"])
    lengths = lengths_of(kind, warmup, total)
    return run.curve(SCHEDULES[kind], lr=run["learning_rate"], steps=total, **lengths)


def _updates(run: Settings) -> int:
    """The updates that the schedule is made for."""
    episodes, epochs, parts = run["total_episodes"], run["num_epochs"], run["num_mini_batches"]
    prompts, samples = run["num_unique_prompts_rollout"], run["num_samples_per_prompt_rollout"]
    formula = f"floor({episodes} / ({prompts} * {samples}))"
    steps = run.line("training steps", formula, episodes // (prompts * samples))
    if not steps:
        hint = f"--given total_episodes={prompts * samples}"
        run.refuse(f"{episodes} episodes fill no rollout of {prompts} * {samples}", hint=hint)
    if parts > 1:
        text = f"a step of {parts} mini-batches makes as many updates where they divide its packed sequences"
        run.note("mini-batches-assumed", text, at="num_mini_batches")
    return run.product(run.TOTAL_STEPS, steps, epochs, parts)


TRAINER = ForeignTrainer(
    "open_instruct",
    "2026-08",
    SETTINGS,
    claims,
    read,
    program="open-instruct",
    names_script=_names_script,
    schedules={name: SCHEDULES[name] for name in NAMES},
    dash="_",
    had_other_dash=True,
    interpolates=False,
    ranks=BY_LOCAL_RANK,
    no_training=NoTraining(needs=off("cache_dataset_only")),
    keys=KnownKeys(fate=by_language(command=Fate.STOPS)),
    known_by="grpo_fast.py, open_instruct/finetune.py, or --num_unique_prompts_rollout",
)
