"""What a word may stand for; to ask for the classes would load what reads such files."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeGuard

if TYPE_CHECKING:
    from lrviz.inputs.config.job import Job
    from lrviz.inputs.curve_file import CurveFile
    from lrviz.inputs.foreign.foreign_run import ForeignRun
    from lrviz.inputs.logs.log import Log
    from lrviz.notation.spec import Spec

Wanted: TypeAlias = "CurveFile | ForeignRun | Job | Log | Spec"


def is_of_trainer(item: Wanted) -> TypeGuard[ForeignRun]:
    """Whether it is a trainer's file or launch line."""
    return hasattr(item, "raw")


def is_job(item: Wanted) -> TypeGuard[Job]:
    """Whether it is a config."""
    return hasattr(item, "entries")


def is_kept(item: Wanted) -> TypeGuard[CurveFile]:
    """Whether it is values kept in a file."""
    return hasattr(item, "runs")


def is_log(item: Wanted) -> TypeGuard[Log]:
    """Whether it is a log of a run that has happened."""
    return hasattr(item, "format")
