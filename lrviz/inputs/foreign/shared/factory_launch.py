"""How LLaMA-Factory starts its processes: ``llamafactory-cli`` by torchrun, where it does, or a plain script.

Source: llamafactory 0.9.5, ``launcher.py``, ``hparams/parser.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared import omega_conf
from lrviz.inputs.foreign.shared.factory_megatron import MCA, is_on
from lrviz.inputs.foreign.shared.ray_workers import ray_workers
from lrviz.inputs.foreign.shell.world import DEVICES, product, visible_devices
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.word import Word

_RAY = "USE_RAY"
PROGRAMS = ("llamafactory-cli", "lmf")


def processes(said: Said) -> Count:
    """All visible GPUs of each node, unless the variable of torchrun says how many.

    It reads those variables where it starts torchrun, which it does for more than one GPU, or as it is told.
    """
    devices = visible_devices(said.env)
    if not _is_forced(said.env):
        if alone := next((name for name in (_RAY, "USE_KT") if is_on(said.env, name)), ""):
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
    if devices and isinstance(found, Given) and "NPROC_PER_NODE" not in said.env:
        more = said.find(nodes)
        return said.given(int(found.value), (DEVICES, said.env[DEVICES]), *([more] if more else []))
    return found or said.unknown("NPROC_PER_NODE")


def with_workers(layers: list[Source]) -> list[Source]:
    """The layers merged, with as many processes as ray starts where it does."""
    layers = omega_conf.merged(layers)
    if not is_of_ray(layers[0]):
        return layers
    return ray_workers(layers, "llamafactory with USE_RAY")


def is_of_ray(source: Source) -> bool:
    """Whether ray starts the processes of a command."""
    env = source.launch.variables
    return source.language == "command" and is_on(env, _RAY) and not _is_forced(env)


def check_file(run: Settings) -> None:
    """Refuse a file in JSON that its command names: its parser reads the path as if it were the file.

    Raises:
        ConfigError: it stops.

    """
    text = "llamafactory 0.9.5 stops at a file in JSON that its command names"
    if run.source.language == "json" and run.since("0.9.5"):
        run.warn("json-not-read", text, hint="save it as YAML, which JSON is too: a.yaml")
    named = next((word for word in run.source.words[1:3] if word.endswith(".json")), "")
    if run.source.language == "command" and named and run.since("0.9.5"):
        run.refuse(
            f"{named}: {text}", hint="name it as YAML, which JSON is too, or <trainer=llamafactory@0.9.4>"
        )


def check_launch(run: Settings) -> None:
    """Refuse a command of one process that the trainer wants torchrun for: of DeepSpeed, or of several GPUs.

    Raises:
        ConfigError: it stops.

    """
    launch = run.source.launch
    if run.source.language != "command" or run.lookup.flags.get("world_size") or _is_started(run):
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


def is_distributed(run: Settings) -> bool:
    """Whether it surely has several processes, or one that torchrun starts."""
    said, launch = run.lookup.flags.get("world_size"), run.source.launch
    found = said or (run.lookup.world if run.source.language == "command" else None)
    if isinstance(found, Given) and found.value != 1:
        return True
    is_torchrun = launch.launcher not in ("", *PROGRAMS) or _is_forced(launch.variables)
    return said is None and run.source.language == "command" and is_torchrun


def _is_started(run: Settings) -> bool:
    """Whether torchrun, another launcher or ray starts its process."""
    launch = run.source.launch
    env = launch.variables
    if launch.launcher not in ("", *PROGRAMS) or is_on(env, _RAY):
        return True
    return bool(launch.launcher) and (visible_devices(env) != 1 or _is_forced(env))


def _is_forced(env: Mapping[str, Word]) -> bool:
    return is_on(env, "FORCE_TORCHRUN") or is_on(env, MCA)
