"""The keys of a run: those of its plan, and those that say something to the schedule in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.plan import PLAN_KEYS
from lrviz.registry import Entry, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.spec import Spec, Value

RAMP_KEYS = ("warmup_start", "warmup_mode", "warmup_shape")
CLOCK_KEYS = ("interval", "calls")
RUN_KEYS = (
    "lr",
    "min_lr",
    "warmup",
    "warmup_fraction",
    *RAMP_KEYS,
    *CLOCK_KEYS,
    "optimizer",
    "metrics",
    "label",
)
"""Keys of a spec that belong to the run, unless the schedule has a parameter of that name."""

ROLES: Mapping[str, tuple[Role, ...]] = {
    "lr": (Role.BASE_LR,),
    "min_lr": (Role.FLOOR,),
    "warmup": (Role.WARMUP, Role.WARMUP_FRACTION),
    "warmup_fraction": (Role.WARMUP, Role.WARMUP_FRACTION),
    "steps": (Role.TOTAL,),
}
"""What a key of the run says to a schedule's own parameters."""


def divided(entry: Entry, spec: Spec) -> tuple[dict[str, Value], dict[str, Value]]:
    """The schedule's own parameters, and the keys of the run."""
    own: dict[str, Value] = {}
    run: dict[str, Value] = {}
    for key, value in spec.params:
        is_run = key in PLAN_KEYS or (key in RUN_KEYS and key not in entry.params)
        (run if is_run else own)[key] = value
    return own, run
