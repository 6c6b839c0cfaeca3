"""How verl shares its processes out: those of one model see the same rows.

Source: verl 0.9.1, ``workers/engine`` of each backend, and ``trainer/sft_trainer.py``; torch 2.13.0
``distributed/device_mesh.py``, where a process that is in no mesh stops.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, whole

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_ACTOR = "actor_rollout_ref.actor"
_MEGATRON = ("tensor_model_parallel_size", "pipeline_model_parallel_size", "context_parallel_size")
_ULYSSES = "ulysses_sequence_parallel_size"
_SIZES = {
    **dict.fromkeys(("fsdp", "fsdp2", "dp"), (_ULYSSES,)),
    "megatron": _MEGATRON,
    "veomni": ("ulysses_parallel_size",),
    "automodel": ("tp_size", "pp_size", "cp_size"),
}
"""What shares one model out, of each backend whose data-parallel processes are the others."""
_TABLES = {"megatron": "megatron"}
"""The table of an actor that has a backend's sizes, where it is not FSDP's."""
_NAMES = dict.fromkeys(name for names in _SIZES.values() for name in names)
SETTINGS = (
    *(Setting(f"engine.{one}", whole, 1, "", (one,) if one == _ULYSSES else ()) for one in _NAMES),
    Setting(f"{_ACTOR}.fsdp_config.{_ULYSSES}", whole, 1, "", (f"{_ACTOR}.{_ULYSSES}",)),
    *(Setting(f"{_ACTOR}.megatron.{one}", whole, 1) for one in _MEGATRON),
    Setting("trainer.nnodes", whole, 1),
    Setting("trainer.n_gpus_per_node", whole, 8),
)


def replicas(run: Settings, backend: str) -> int:
    """The processes of a fine-tuning that see rows of their own.

    Raises:
        ConfigError: the sizes of one model do not divide all processes.

    """
    world, model = run.ask("world_size"), _shared(run, "engine", backend)
    if world % model:
        _refuse(run, world, model, f"<world_size={model}>")
    return int(world) // model


def check_actor(run: Settings, backend: str) -> None:
    """Refuse sizes of one model that do not divide the processes of an actor, which Ray starts.

    Raises:
        ConfigError: they do not.

    """
    model = _shared(run, f"{_ACTOR}.{_TABLES.get(backend, 'fsdp_config')}", backend)
    world = run["trainer.nnodes"] * run["trainer.n_gpus_per_node"] if model > 1 else 1
    if model > 1 and world % model:
        _refuse(run, world, model, f"--given trainer.n_gpus_per_node={model}")


def _shared(run: Settings, table: str, backend: str) -> int:
    names = [f"{table}.{one}" for one in _SIZES.get(backend, ())]
    return max(math.prod(int(run[one]) for one in names if run.is_said(one)), 1)


def _refuse(run: Settings, world: int, model: int, hint: str) -> None:
    text = f"{world} processes are no multiple of the {model} that share one model: verl stops"
    run.refuse(text, hint=hint)
