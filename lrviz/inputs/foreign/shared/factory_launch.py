"""How LLaMA-Factory starts its processes: ``llamafactory-cli`` by torchrun, where it does, or a plain script.

Source: llamafactory 0.9.5, ``launcher.py``, ``hparams/parser.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.factory_megatron import MCA
from lrviz.inputs.foreign.shell.world import DEVICES, product, visible_devices
from lrviz.inputs.foreign.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.source import Word

_RAY = "USE_RAY"
_OWN = ("llamafactory-cli", "lmf")


def processes(said: Said) -> Count:
    """All visible GPUs of each node, unless the variable of torchrun says how many.

    It reads those variables where it starts torchrun, which it does for more than one GPU, or as it is told.
    """
    devices = visible_devices(said.env)
    if not _is_forced(said.env):
        if alone := next((name for name in (_RAY, "USE_KT") if _is_on(said.env, name)), ""):
            return Unknown(f"{said.launcher} with {alone}")
        if devices == 1:
            return said.given(1, (DEVICES, said.env[DEVICES]))
    nodes = "$NNODES"
    if {"RDZV_ID", "MIN_NNODES", "MAX_NNODES"} <= said.env.keys():
        least, most = (said.env[name].text for name in ("MIN_NNODES", "MAX_NNODES"))
        if least != most:
            return Unknown(f"{said.launcher} of {least} to {most} nodes")
        nodes = "$MIN_NNODES"
    found = product(said, ("$NPROC_PER_NODE", devices), (nodes, 1))
    return found or said.unknown("NPROC_PER_NODE")


def check_launch(run: Settings) -> None:
    """Refuse a command of one process that the trainer wants torchrun for: of DeepSpeed, or of several GPUs.

    Raises:
        ConfigError: it stops.

    """
    launch = run.source.launch
    if run.source.language != "command" or run.lookup.flags.get("world_size") or _is_distributed(run):
        return
    devices = visible_devices(launch.variables) or 1
    if run.raw("deepspeed") is not None:
        what, place = "DeepSpeed", "deepspeed"
    elif devices > 1 and not (run["use_cpu"] or run.raw("use_kt")):
        what, place = f"{devices} visible GPUs", ""
    else:
        return
    way = f"torchrun before the script, FORCE_TORCHRUN=1 before llamafactory-cli, or <world_size={devices}>"
    run.refuse(f"{what} without torchrun: it stops", hint=way, at=place or "use_cpu")


def _is_distributed(run: Settings) -> bool:
    """Whether torchrun, another launcher or ray starts its process."""
    launch = run.source.launch
    env = launch.variables
    if launch.launcher not in ("", *_OWN) or _is_on(env, _RAY):
        return True
    return bool(launch.launcher) and (visible_devices(env) != 1 or _is_forced(env))


def _is_forced(env: Mapping[str, Word]) -> bool:
    return _is_on(env, "FORCE_TORCHRUN") or _is_on(env, MCA)


def _is_on(env: Mapping[str, Word], name: str) -> bool:
    return name in env and env[name].text.lower() in ("1", "true", "y")
