"""open-instruct: ``grpo_fast.py``, whose arguments are no Trainer's.

Source: open-instruct of 2026-08, ``grpo_fast.py``, ``grpo_utils.py``, ``olmo_core_utils.py`` and
``data_loader.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, count, number, text
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("learning_rate", number, 2e-5, "lr"),
    Setting("lr_scheduler_type", text, "linear"),
    Setting("warmup_ratio", number, 0.0),
    Setting("total_episodes", count, 100_000),
    Setting("num_unique_prompts_rollout", count, 16),
    Setting("num_samples_per_prompt_rollout", count, 4),
    Setting("num_epochs", count, 1),
    Setting("num_mini_batches", count, 1),
)
WITH_TOTAL = ("linear", "cosine", "cosine_with_restarts", "polynomial")
WITHOUT = ("constant_with_warmup", "inverse_sqrt", "constant")


def claims(source: Source) -> bool:
    """Its script, or the prompts of a rollout as it calls them."""
    is_command = source.language == "command"
    return is_command and (source.script == "grpo_fast.py" or "num_unique_prompts_rollout" in source.data)


def read(run: Settings) -> Spec:
    """A schedule of transformers over the mini-batches of all steps."""
    kind = run.choose("lr_scheduler_type", (*WITH_TOTAL, *WITHOUT))
    total = _updates(run)
    values = {"num_training_steps": total} if kind in WITH_TOTAL else {}
    run.warmup = 0
    if kind != "constant":
        ratio = run["warmup_ratio"]
        run.warmup = run.line("warmup", f"int({total} * {ratio:g})", int(total * ratio))
        values["num_warmup_steps"] = run.warmup
    return run.curve(SCHEDULES[kind], lr=run["learning_rate"], steps=total, **values)


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
    return run.line("total steps", f"{steps} * {epochs} * {parts}", steps * epochs * parts)


TRAINER = ForeignTrainer(
    "open_instruct",
    "2026-08",
    SETTINGS,
    claims,
    read,
    program="open-instruct",
    schedules={name: SCHEDULES[name] for name in (*WITH_TOTAL, *WITHOUT)},
    dash="_",
    known_by="grpo_fast.py, or --num_unique_prompts_rollout",
)
