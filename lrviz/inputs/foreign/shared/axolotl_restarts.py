"""axolotl: the restarts of ReLoRA around its schedule.

Source: axolotl 0.19.0, ``core/trainers/mixins/scheduler.py`` and ``utils/schemas/validation.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, switch, whole

if TYPE_CHECKING:
    from lrviz.inputs.foreign.setting import Raw
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Call, Value

JAGGED = "axolotl.JaggedLRRestartScheduler"


def _steps(raw: Raw) -> int:
    """A whole number; its schema makes one of a switch too."""
    return int(raw.value) if isinstance(raw.value, bool) else whole(raw)


SETTINGS = (
    Setting("jagged_restart_steps", _steps),
    Setting("jagged_restart_warmup_steps", _steps),
    Setting("jagged_restart_anneal_steps", _steps),
    Setting("relora", switch, default=False),
)


def check(run: Settings) -> None:
    """What ``relora`` goes with.

    Raises:
        ConfigError: axolotl stops, or a scheduler of DeepSpeed stands inside the restarts.

    """
    steps, is_relora = run["jagged_restart_steps"], run["relora"]
    if run.stated("relora_steps") and not steps:
        text = f"relora_steps is of an older axolotl: {run.version} restarts at jagged_restart_steps alone"
        run.warn("older-key", text, hint=f"--given jagged_restart_steps={run.stated('relora_steps')}")
    if is_relora and not steps:
        run.refuse(
            "jagged_restart_steps must be set to use ReLoRA: axolotl stops",
            hint="--given jagged_restart_steps=500",
            at="relora",
        )
    if is_relora and run["lr_scheduler"] == "one_cycle":
        run.refuse(
            "ReLoRA does not go with one_cycle: axolotl stops", hint="lr_scheduler: cosine", at="lr_scheduler"
        )
    if is_relora and run["adapter"] in (None, "llama-adapter"):
        run.refuse("ReLoRA needs an adapter: axolotl stops", hint="adapter: lora", at="relora")
    for name in ("deepspeed", "fsdp", "fsdp_config"):
        if is_relora and run.stated(name):
            run.refuse(
                f"ReLoRA does not go with {name}: axolotl stops", hint=f"leave {name} out", at="relora"
            )
    if (steps or 1) < 1:
        run.refuse(
            f"jagged_restart_steps={steps} is no number of steps",
            hint="leave jagged_restart_steps out",
            at="jagged_restart_steps",
        )


def jagged(run: Settings, inner: Call) -> dict[str, Value]:
    """The restarts and the schedule inside them; a 0 is the default, and their floor that of the cosine."""
    return {
        "inner_schedule": inner,
        "jagged_restart_steps": run["jagged_restart_steps"],
        "jagged_restart_warmup_steps": run["jagged_restart_warmup_steps"] or 10,
        "jagged_restart_anneal_steps": run["jagged_restart_anneal_steps"] or 1,
        "min_lr_scale": run["cosine_min_lr_ratio"] or 0.001,
    }
