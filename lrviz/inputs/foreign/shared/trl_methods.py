"""TRL's methods: the default LR of each, and what an epoch of its Trainer is counted by.

Source: trl 1.16.0, ``trainer/*_config.py`` and ``experimental/*/*_config.py``.
"""

from __future__ import annotations

from typing import NamedTuple


class Method(NamedTuple):
    """One method; ``config`` is the class of its arguments.

    ``completions`` are those of each prompt by default, 0 where rows are counted, and at least ``least`` of
    them; ``is_windowed`` tells of one that takes the prompts of one update at a time.
    """

    config: str
    lr: float
    completions: int = 0
    least: int = 2
    is_windowed: bool = False


METHODS = {
    "sft": Method("SFTConfig", 2e-5),
    "dpo": Method("DPOConfig", 1e-6),
    "kto": Method("KTOConfig", 1e-6),
    "grpo": Method("GRPOConfig", 1e-6, 8),
    "rloo": Method("RLOOConfig", 1e-6, 2),
    "reward": Method("RewardConfig", 1e-4),
    "distillation": Method("DistillationConfig", 1e-6, 1, 1, is_windowed=True),
    "server_distillation": Method("ServerDistillationConfig", 1e-6, 1, 1, is_windowed=True),
    "gold": Method("GOLDConfig", 1e-7, 1, 1, is_windowed=True),
    "iw_opd": Method("IWOPDConfig", 1e-6, 1, 1, is_windowed=True),
    "bco": Method("BCOConfig", 5e-7),
    "cpo": Method("CPOConfig", 1e-6),
    "orpo": Method("ORPOConfig", 1e-6),
    "tpo": Method("TPOConfig", 5e-7),
    "prm": Method("PRMConfig", 1e-5),
    "gkd": Method("GKDConfig", 2e-5),
    "online_dpo": Method("OnlineDPOConfig", 5e-7),
    "nash_md": Method("NashMDConfig", 5e-7),
    "xpo": Method("XPOConfig", 5e-7),
    "ppo": Method("PPOConfig", 3e-6),
    "minillm": Method("MiniLLMConfig", 1e-6, 8, 1),
    "gmpo": Method("GMPOConfig", 1e-6, 8),
    "grpo_with_replay_buffer": Method("GRPOWithReplayBufferConfig", 1e-6, 8),
    "sdft": Method("SDFTConfig", 5e-5, 8, 1),
    "sdpo": Method("SDPOConfig", 5e-5, 8, 1),
    "ssd": Method("SSDConfig", 5e-5, 1, 1),
}
CONFIGS = {method.config: name for name, method in METHODS.items()}
OF_SCRIPTS = (
    "ScriptArguments",
    "ModelConfig",
    "DatasetMixtureConfig",
    "GRPOScriptArguments",
    "RLOOScriptArguments",
)
"""Other classes that its scripts parse."""
SCRIPTS = {"gspo": "grpo", "mpo": "dpo", "reward_modeling": "reward"}
"""Example scripts that train by a method of another name."""


_OF_COMMAND = ("sft", "dpo", "grpo", "kto", "reward", "rloo")
"""Those that ``trl`` itself has a subcommand for, the likeliest first."""
_ROLLED_OUT = ("grpo", "rloo")
SIGNS: dict[str, tuple[str, ...]] = {
    "total_episodes": ("ppo",),
    "num_ppo_epochs": ("ppo",),
    "desirable_weight": ("kto",),
    "cpo_alpha": ("cpo",),
    "simpo_gamma": ("cpo",),
    "num_generations": _ROLLED_OUT,
    "steps_per_generation": _ROLLED_OUT,
    "generation_batch_size": _ROLLED_OUT,
    "max_completion_length": _ROLLED_OUT,
    "num_iterations": _ROLLED_OUT,
    "beta": ("dpo", "grpo", "kto", "rloo"),
    "packing": ("sft",),
    "dataset_text_field": ("sft",),
    "assistant_only_loss": ("sft",),
    "completion_only_loss": ("sft",),
    "max_length": ("sft", "dpo", "kto", "reward"),
    "center_rewards_coefficient": ("reward",),
}
"""Settings that only its configs have, the surest first, and the methods whose configs have each."""


def methods_with(signs: list[str]) -> list[str]:
    """The methods that have all of these settings; where none has, those of the surest."""
    fitting = [one for one in _OF_COMMAND if all(one in SIGNS[sign] for sign in signs)]
    return fitting or list(SIGNS[signs[0]])


def method_named(stem: str) -> str:
    """The method that a script's name begins with, the longest; nothing where it is none."""
    names = {name: name for name in METHODS} | SCRIPTS
    found = [name for name in names if stem == name or stem.startswith(f"{name}_")]
    return names[max(found, key=len)] if found else ""
