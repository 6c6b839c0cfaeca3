"""The processes of what starts its own: ``devices`` times ``num_nodes`` of Lightning and its Fabric.

Source: lightning 2.6.6 ``fabric/connector.py`` and ``pytorch/trainer/connectors/accelerator_connector.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.launch import IMAGE, LSF, SLURM, TORCH
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.notation.origin import Given

if TYPE_CHECKING:
    from lrviz.inputs.foreign.launch import Launch
    from lrviz.inputs.foreign.settings import Settings

_ASKED = {TORCH, SLURM, LSF, IMAGE}
"""Launchers whose variables Lightning looks for; those of MPI only with mpi4py, to no other end."""


def devices(raw: Raw) -> int | None:
    """How many: a number, or the list of them; None for all that there are."""
    found = literal(raw)
    if isinstance(found, str) and found != "auto":
        found = [one for one in found.split(",") if one.strip()] if "," in found else literal(Raw(found))
    count = len(found) if isinstance(found, (list, tuple)) else found
    return count if isinstance(count, int) and count > 0 else None


def joined(run: Settings, own: int | None) -> int | None:
    """Those of an option, else ``own``, the devices of all nodes; None where the machine decides.

    A launcher that Lightning asks must start as many, but one device alone looks at none.
    """
    if run.is_answered("world_size"):
        return int(run.ask("world_size"))
    started, launch = run.lookup.world, run.source.launch
    if not launch.launcher or launch.tells not in _ASKED or not isinstance(started, Given):
        return own
    number = int(started.value)
    _check_tasks(run, launch, number)
    if own == 1 and number > 1:
        run.warn(
            "separate-runs",
            f"{launch.launcher} starts {number} runs of one process each: devices and num_nodes are 1",
            hint=f"<world_size={number}> if they are meant to be one run, of as many devices",
        )
    elif own not in {None, number}:
        run.refuse(
            f"{launch.launcher} starts {number}, and devices * num_nodes is {own}: it stops",
            hint=f"<world_size={number}> or <world_size={own}>, whichever is meant",
        )
    return own or int(run.ask("world_size"))


def _check_tasks(run: Settings, launch: Launch, number: int) -> None:
    """Lightning stops at several tasks of Slurm where nobody says how many are on a node."""
    is_said = "ntasks_per_node" in launch.options or "SLURM_NTASKS_PER_NODE" in launch.env
    if launch.tells in {SLURM, IMAGE} and number > 1 and not is_said:
        text = f"{launch.launcher} starts {number} tasks and no --ntasks-per-node is said: it stops"
        run.warn(
            "tasks-of-node",
            text,
            hint=f"say --nodes=1 --ntasks-per-node={number} to it",
        )
