"""Which of verl's trainers and backends a run is of, and what makes the schedule of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.verl_optimizer import Optimizer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

ACTOR = "actor_rollout_ref.actor"
BACKENDS = {
    "fsdp": Optimizer.of_fsdp,
    "fsdp2": Optimizer.of_fsdp,
    "dp": Optimizer.of_fsdp,
    "megatron": Optimizer.of_megatron,
    "torchtitan": Optimizer.of_torchtitan,
    "veomni": Optimizer.of_veomni,
    "automodel": Optimizer.of_automodel,
}
GROUPS = ("model_engine", "engine", "optim")
"""Hydra's words that choose the files of a backend."""


def is_sft(run: Settings) -> bool:
    """Whether it is a fine-tuning, and no RL."""
    source = run.source
    if source.language == "command":
        return "sft" in source.program
    return "actor_rollout_ref" not in source.data


def backend_name(run: Settings) -> str:
    """The backend that is named, FSDP where none is."""
    strategy, config = run[f"{ACTOR}.strategy"], str(run.raw("config_name"))
    named = [value for name in GROUPS if isinstance(value := run.raw(name), str)]
    named += [name for name in BACKENDS if name in config]
    return str(strategy or next(iter(named), "fsdp"))
