"""The configs that torchtitan's own modules register, each a function: what they say of steps and LR.

Source: torchtitan 0.3.0, ``models/*/config_registry.py``, ``components/optimizer/lr_scheduler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

NAMES = (
    "training.steps",
    "optimizer.lr",
    "lr_scheduler.warmup_steps",
    "lr_scheduler.decay_ratio",
    "lr_scheduler.decay_type",
    "lr_scheduler.min_lr_factor",
)
_LINEAR = (None, "linear", 0.0)
_SHORT = (10, 8e-4, 2, 0.8, "linear", 0.0)
_COSINE = (0.8, "cosine", 0.1)
_CONFIGS: dict[str, dict[str, tuple[Any, ...]]] = {
    "llama3": {
        "llama3_debugmodel": _SHORT,
        "llama3_8b": (1000, 3e-4, 200, *_LINEAR),
        "llama3_70b": (1000, 1.5e-4, 200, *_LINEAR),
        "llama3_405b": (3000, 8e-5, 600, *_LINEAR),
    },
    "deepseek_v3": {
        "deepseek_v3_debugmodel": _SHORT,
        "deepseek_v3_16b": (1000, 2.2e-4, 200, *_COSINE),
        "deepseek_v3_671b": (10000, 2.2e-4, 2000, *_COSINE),
    },
    "gpt_oss": dict.fromkeys(("gpt_oss_20b", "gpt_oss_120b"), (10000, 8e-4, 2000, *_COSINE)),
    "qwen3": {
        "qwen3_debugmodel": _SHORT,
        "qwen3_0_6b": (10, 3e-4, 2, *_LINEAR),
        "qwen3_1_7b": (100, 8e-4, 20, *_LINEAR),
        **dict.fromkeys(("qwen3_14b", "qwen3_32b", "qwen3_30b_a3b"), (3000, 8e-4, 600, *_LINEAR)),
    },
}


def take_base(run: Settings) -> None:
    """Have what the config of the command says as defaults.

    Raises:
        PlanError: nobody knows what it says, and the command leaves some of it out.

    """
    module, config = _named(run, "module", "llama3"), _named(run, "config", "llama3_debugmodel")
    known = _CONFIGS.get(module.removeprefix("torchtitan.models."), {}).get(config)
    if known:
        run.set_defaults(**dict(zip(NAMES, known, strict=True)))
        run.defaults_of = f"{config} of {run.title}"
        return
    missing = [name for name in NAMES if not (run.is_said(name) or run.is_answered(name))]
    if missing:
        run.explain(missing[0], f"what its config {module}:{config} says: {missing[0]}")
        raise run.question(missing)


def _named(run: Settings, name: str, default: str) -> str:
    """What an option says, or the variable of ``run_train.sh``."""
    said = run.raw(name)
    variable = run.source.launch.env.get(name.upper())
    return str(said or (variable.value if variable else default))
