"""Every trainer whose files are read, found by walking the folder of their modules."""

from __future__ import annotations

from functools import cache

from lrviz.inputs.foreign import trainers
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.modules import instances_of


@cache
def all_trainers() -> tuple[ForeignTrainer, ...]:
    """Those that stand in the modules, under any name."""
    return instances_of(ForeignTrainer, trainers)


@cache
def trainers_by_name() -> dict[str, ForeignTrainer]:
    """Each under its name, and under what else it is called."""
    return {name: one for one in all_trainers() for name in (one.name, *one.aliases)}
