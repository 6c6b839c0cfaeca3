"""Show, compare and check the learning-rate schedule a training run will really use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lrviz.errors import (
    ArgumentError,
    ConfigError,
    LrvizError,
    OutputError,
    PlanError,
    ScheduleError,
    SpecError,
    UnknownScheduleError,
)

if TYPE_CHECKING:
    from lrviz.api.comparing import Difference, diff
    from lrviz.api.curve import Curve
    from lrviz.api.evaluating import evaluate, resume
    from lrviz.api.identifying import Identification, identify
    from lrviz.api.loading import Job, load
    from lrviz.api.plotting import plot
    from lrviz.api.recording import record
    from lrviz.catalogue.schedule import Schedule
    from lrviz.engine.facts import Facts
    from lrviz.inputs.own.declared import schedule
    from lrviz.notation.finding import Finding
    from lrviz.plan.plan import Plan

__version__ = "0.1.0"

__all__ = [
    "ArgumentError",
    "ConfigError",
    "Curve",
    "Difference",
    "Facts",
    "Finding",
    "Identification",
    "Job",
    "LrvizError",
    "OutputError",
    "Plan",
    "PlanError",
    "Schedule",
    "ScheduleError",
    "SpecError",
    "UnknownScheduleError",
    "__version__",
    "diff",
    "evaluate",
    "identify",
    "load",
    "plot",
    "record",
    "resume",
    "schedule",
]

_HOMES = {
    "Curve": "api.curve",
    "Difference": "api.comparing",
    "Facts": "engine.facts",
    "Finding": "notation.finding",
    "Identification": "api.identifying",
    "Job": "api.loading",
    "Plan": "plan.plan",
    "Schedule": "catalogue.schedule",
    "diff": "api.comparing",
    "evaluate": "api.evaluating",
    "identify": "api.identifying",
    "plot": "api.plotting",
    "record": "api.recording",
    "resume": "api.evaluating",
    "load": "api.loading",
    "schedule": "inputs.own.declared",
}


def __getattr__(name: str) -> Any:
    """Load numpy and what needs it only when it is used: --help and --version never do."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lrviz' has no attribute {name!r}")
    return getattr(import_module(f"lrviz.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """What a TAB offers in a notebook."""
    return __all__
