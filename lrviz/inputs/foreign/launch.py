"""How a command starts its processes, and whose variables those find their ranks in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.word import Word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.unknown import Unknown
    from lrviz.notation.origin import Given


TORCH, SLURM, MPI, LSF, NOBODY = "torch", "slurm", "mpi", "lsf", ""
IMAGE = "image"
"""Whose variables processes find their ranks in; a container of Slurm's may have torch's."""
COUNTED_IN = {
    TORCH: ("WORLD_SIZE",),
    SLURM: ("SLURM_NTASKS",),
    IMAGE: ("WORLD_SIZE", "SLURM_NTASKS"),
    MPI: ("OMPI_COMM_WORLD_SIZE",),
}
"""The variables that say how many there are."""


class Launch(NamedTuple):
    """How a command starts its processes.

    ``world`` is how many there are in all, Unknown where the launcher decides it when it runs, None where
    nothing is said of it. ``config`` is the launcher's own file, as it is named in the command, ``options``
    are the others of that launcher, and ``env`` the variables set for the program; it begins in
    ``line``. ``unknown`` is what nobody knows of the program's name, ``launcher`` who starts it, and
    ``tells`` whose variables its processes find their ranks in. ``handed`` are settings that the launcher
    hands on to the program, which may say them itself.
    """

    program: str = ""
    world: Given | Unknown | None = None
    config: str = ""
    env: Mapping[str, Given] = {}
    options: Mapping[str, Word] = {}
    line: int = 0
    unknown: Unknown | None = None
    launcher: str = ""
    tells: str = TORCH
    handed: Mapping[str, Any] = {}

    @property
    def variables(self) -> dict[str, Word]:
        """The variables set for the program, each as a word."""
        return {name: Word((one.value,)) for name, one in self.env.items()}
