"""Processes that ``srun`` or ``mpirun`` starts of a trainer that does not ask these who else there is.

Source: accelerate 1.15.0 ``state.py``, transformers 5.23.0 ``training_args.py``: on GPUs they are processes
of one run where LOCAL_RANK is set, as torchrun and accelerate set it; on the CPU MPI's variables do as well.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.launch import IMAGE, SLURM, TORCH
from lrviz.inputs.foreign.opening import script_text
from lrviz.notation.numbers import digits
from lrviz.notation.origin import Given

if TYPE_CHECKING:
    from lrviz.inputs.foreign.launch import Launch
    from lrviz.inputs.foreign.ranks import Ranks
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer

_ASKS_ITSELF = re.compile(r"\b(?:SLURM|OMPI|PMIX?|MV2|PALS|JSM|FLUX)_[A-Z]|\bmpi4py\b")
_NTASKS, _OTHERS_COUNT = "SLURM_NTASKS", "WORLD_SIZE"
"""Counts of processes; where the second is set, the first is not looked at."""
_ON_CPU = {"use_cpu", "no_cuda", "cpu"}


def with_separate_runs(source: Source, trainer: ForeignTrainer) -> Source:
    """A source whose processes are runs of their own, as one that is started alone; others as they are."""
    ranks = trainer.ranks
    if ranks is None or source.launch.tells in ranks.stops or not _are_separate(source, ranks):
        return source
    asks_itself = source.language == "command" and _ASKS_ITSELF.search(script_text(source))
    if asks_itself or _ON_CPU & source.data.keys():
        return source
    return replace(source, launch=source.launch._replace(world=None))


def warn_of_separate_runs(run: Settings, source: Source) -> None:
    """Say that what is meant as one run are several, or none, and how it becomes one."""
    ranks, started = run.trainer.ranks, source.launch
    if ranks is None or run.is_answered("world_size"):
        return
    if not _are_several(started):
        _warn_of_waiting(run, started, ranks)
        return
    if started.tells == IMAGE and TORCH in ranks.joins and SLURM not in ranks.joins:
        text = f"its container is taken to set {ranks.variable}, as NVIDIA's hook for PyTorch does"
        run.note("ranks-of-container", f"{started.launcher}: {text}", hint="<world_size=1> if it does not")
    elif _are_separate(source, ranks) and (run.source.launch.world is None or started.tells in ranks.stops):
        _warn(run, started, ranks)


def _warn_of_waiting(run: Settings, started: Launch, ranks: Ranks) -> None:
    """Say that one process takes itself for the first of all tasks of its job.

    Source: timm 1.0.30 and open_clip 3.3.0 ``distributed.py``; the script of a job has SLURM_NTASKS itself.
    """
    tasks = started.env.get(_NTASKS)
    number = digits(str(tasks.value)) if tasks else None
    looks = SLURM in ranks.joins and started.world is None and _OTHERS_COUNT not in started.env
    if looks and number is not None and number > 1:
        text = f"{_NTASKS}={number} in its job, and nothing starts more than one process"
        run.warn("separate-runs", f"{text}: {run.title} waits for the others", hint="put srun before python")


def _warn(run: Settings, started: Launch, ranks: Ranks) -> None:
    number = _number(started)
    runs = f"{number} runs of one process each" if number else "runs of one process each"
    text = f"starts {runs}: {run.title} joins processes by {ranks.variable}, which is not set"
    if started.tells in ranks.stops:
        text = f"sets no {ranks.variable}, by which {run.title} joins processes: it stops"
    run.warn(
        "separate-runs",
        f"{started.launcher} {text}",
        hint=f"put {ranks.way(started.tells, number or 'N')},"
        f" or tell lrviz <world_size={number or 'N'}> if it sets {ranks.variable} itself",
    )


def _are_separate(source: Source, ranks: Ranks) -> bool:
    return _are_several(source.launch) and not ranks.join(source, _number(source.launch))


def _are_several(launch: Launch) -> bool:
    return launch.world is not None and _number(launch) != 1


def _number(launch: Launch) -> int | None:
    return launch.world.value if isinstance(launch.world, Given) else None
