"""The keys of a run: those of its plan, and those that say something to the schedule in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.catalogue.roles import Role
from lrviz.errors import SpecError
from lrviz.plan.keys import PLAN_KEYS
from lrviz.plan.trainers import TRAINERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.notation.spec import Spec, Value

GROUP_KEYS = ("groups", "layer_decay", "layers")
SCALE_KEYS = ("scale_lr", "base_batch_size")
RAMP_KEYS = ("warmup_start", "warmup_mode", "warmup_shape")
CLOCK_KEYS = ("interval", "calls")
END_KEYS = ("until", "for")  # of a phase
RUN_KEYS = (
    "lr",
    "min_lr",
    "warmup",
    "warmup_fraction",
    *RAMP_KEYS,
    *CLOCK_KEYS,
    *GROUP_KEYS,
    *SCALE_KEYS,
    "optimizer",
    "dtype",
    "metrics",
    "metric",
    "label",
)
"""Keys of a spec that belong to the run, unless the schedule has a parameter of that name."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "interval": ("step", "epoch"),
    "warmup_mode": ("front", "over"),
    "warmup_shape": ("linear", "constant", "cosine", "exponential"),
    "scale_lr": ("linear", "sqrt"),
    "trainer": tuple(TRAINERS),
    "dtype": ("float32", "float64"),
    "metric": ("constant", "improving", "noisy"),
}
"""What a key of the run may be, where that is one of a few words."""

WARMUPS = (Role.WARMUP, Role.WARMUP_FRACTION, Role.WARMUP_EPOCHS)

ROLES: Mapping[str, tuple[Role, ...]] = {
    "lr": (Role.BASE_LR,),
    "min_lr": (Role.FLOOR,),
    "warmup": WARMUPS,
    "warmup_fraction": WARMUPS,
    "steps": (Role.TOTAL,),
}
"""What a key of the run says to a schedule's own parameters."""


def split_keys(entry: Entry, spec: Spec) -> tuple[dict[str, Value], dict[str, Value]]:
    """The schedule's own parameters, and the keys of the run."""
    own: dict[str, Value] = {}
    run: dict[str, Value] = {}
    for key, value in spec.params:
        is_run = key in PLAN_KEYS or (key in RUN_KEYS and key not in entry.params)
        (run if is_run else own)[key] = value
    return own, run


def choice(key: str, value: Value) -> str:
    """The value of a key that is one of a few words.

    Raises:
        SpecError: it is none of them.

    """
    if value not in CHOICES[key]:
        words = CHOICES[key]
        none = f"neither {words[0]} nor {words[1]}" if len(words) == 2 else f"none of {', '.join(words)}"
        none += ", nor a number of steps" if key == "interval" else ""
        raise SpecError(f"{key}={value!r} is {none}", hint=f"{key}={words[1]}")
    return str(value)
