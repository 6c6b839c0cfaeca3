"""Whose variables tell a process its rank, and which of them a trainer looks for.

Source: torch 2.13.0 ``distributed/run.py``, srun(1) of Slurm 24.05, mpirun(1) of Open MPI 5, and
``50-slurm-pytorch.sh`` of NVIDIA's enroot 3.5, which sets torch's variables in a container of PyTorch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.launch import IMAGE, LSF, MPI, NOBODY, SLURM, TORCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.source import Source

OTHERS = frozenset({SLURM, MPI, LSF, NOBODY})


class Ranks(NamedTuple):
    """How the processes of a trainer know that they are one run.

    ``variable`` is the one that must be set, ``joins`` are those whose variables it looks for, and
    ``options`` its own by which it does so: a switch, or one that says how many there are. Where it finds
    none it trains alone, or ``stops``. ``starter`` is who sets its variable.
    """

    variable: str
    joins: frozenset[str] = frozenset({TORCH})
    options: Mapping[str, str] = {}
    stops: frozenset[str] = frozenset()
    starter: str = "torchrun"

    def join(self, source: Source, number: int | None) -> bool:
        """Whether what a launcher starts, so many as far as that is known, is one run."""
        tells = source.launch.tells
        said = source.data.get(self.options.get(tells, ""))
        finds = TORCH if tells == IMAGE else tells
        return finds in self.joins or said is True or (said is not None and said == str(number))

    def way(self, tells: str, number: int | str) -> str:
        """What makes one run of so many processes: the option that asks a launcher, if there is one."""
        option = self.options.get(tells, "")
        value = f" {number}" if option == _NUMBER else ""
        return f"--{option}{value} behind the script" if option else f"{self.starter} before the script"


_NUMBER = "world_size"
BY_LOCAL_RANK = Ranks("LOCAL_RANK", starter="torchrun or accelerate launch")
BY_RANK = Ranks("RANK")
BY_SLURM_TOO = Ranks("RANK", frozenset({TORCH, SLURM}))
BY_TORCH_OR_STOP = Ranks("RANK", stops=OTHERS)
BY_WORLD_SIZE = Ranks("RANK", options={SLURM: _NUMBER}, stops=frozenset({SLURM}))
BY_OPTION = BY_WORLD_SIZE._replace(options={SLURM: _NUMBER, MPI: "dist_on_itp"})
