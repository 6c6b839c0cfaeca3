"""Processes that ``srun`` or ``mpirun`` starts of a trainer that does not ask these who else there is.

Source: accelerate 1.15.0 ``state.py``, transformers 5.23.0 ``training_args.py``: on GPUs they are processes
of one run where LOCAL_RANK is set, as torchrun and accelerate set it; on the CPU MPI's variables do as well.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.opening import script_text
from lrviz.notation.origin import Given

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Launch, Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer

_ASKS_ITSELF = re.compile(r"\b(?:SLURM|OMPI|PMIX?|MV2|PALS|JSM|FLUX)_[A-Z]|\bmpi4py\b")
_ON_CPU = {"use_cpu", "no_cuda", "cpu"}


def with_separate_runs(source: Source, trainer: ForeignTrainer) -> Source:
    """A source whose processes are runs of their own, as one that is started alone; others as they are."""
    if not trainer.rank_variable or not _are_separate(source.launch):
        return source
    is_told = source.language == "command" and _ASKS_ITSELF.search(script_text(source))
    if is_told or _ON_CPU & source.data.keys():
        return source
    return replace(source, launch=source.launch._replace(world=None))


def warn_of_separate_runs(run: Settings, source: Source) -> None:
    """Say that what is meant as one run are several, and how it becomes one."""
    variable, started = run.trainer.rank_variable, source.launch
    if run.source.launch.world is not None or not _are_separate(started) or run.is_answered("world_size"):
        return
    number = started.world.value if isinstance(started.world, Given) else None
    runs = f"{number} runs of one process each" if number else "runs of one process each"
    ways = f"or <world_size={number or 8}> if it sets {variable} itself"
    run.warn(
        "separate-runs",
        f"{started.only_starts} starts {runs}: {run.title} joins processes by {variable}, which is not set",
        hint=f"put torchrun or accelerate launch before the script, {ways}",
    )


def _are_separate(launch: Launch) -> bool:
    is_one = isinstance(launch.world, Given) and launch.world.value == 1
    return bool(launch.only_starts) and launch.world is not None and not is_one
