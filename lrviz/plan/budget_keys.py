"""The keys of a plan: each made one of its type, or refused."""

from __future__ import annotations

import math
import operator
import typing
from contextlib import suppress
from dataclasses import dataclass, fields
from types import NoneType
from typing import Any, Final

from lrviz.errors import PlanError
from lrviz.notation.numbers import LARGEST_WHOLE

MAX_STEPS: Final = LARGEST_WHOLE
"""Beyond it a step would not be a definite tick."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PlanKeys:
    """What may be said of the length of a run.

    Raises:
        PlanError: a value is of another type, not positive, or beyond 2**53.

    """

    dataset_len: int | None = None
    batch_size: int | None = None
    epochs: int | float | None = None
    batches_per_epoch: int | None = None
    steps_per_epoch: int | None = None
    steps: int | None = None
    max_steps: int | None = None
    world_size: int = 1
    grad_accum: int = 1
    drop_last: bool = False
    trainer: str = "none"

    def __post_init__(self) -> None:
        """Check each key."""
        for key in PLAN_KEYS:
            object.__setattr__(self, key, checked(key, getattr(self, key), _TYPES[key]))


BATCH_KEYS: Final = ("batch_size", "grad_accum", "world_size")
"""What a batch is made of."""
PLAN_KEYS: Final = tuple(key.name for key in fields(PlanKeys))
_TYPES: Final = {
    key: typing.get_args(kind) or (kind,) for key, kind in typing.get_type_hints(PlanKeys).items()
}
EXAMPLE_PLAN: Final = {"dataset_len": 1235, "batch_size": 32, "epochs": 50}
"""The worked example, where nothing says how long the run is."""
DEFAULTS: Final = {key.name: key.default for key in fields(PlanKeys)}


def checked(key: str, value: Any, types: tuple[type, ...]) -> Any:
    """Make a value one of the types a key takes.

    Raises:
        PlanError: it is of another type, not positive, or beyond 2**53.

    """
    if value is None and NoneType in types:
        return None
    if str in types:
        return str(value)
    if bool in types:
        return _switch(key, value)
    number = _number(key, value, whole=float not in types)
    if number <= 0:
        raise PlanError(f"{key}={value!r} is not positive", hint=f"<{key}=1>, or another number above 0")
    if number > MAX_STEPS:
        raise too_large(key, value)
    return number


def too_large(key: str, value: object) -> PlanError:
    """The refusal of a number beyond 2**53."""
    return PlanError(f"{key}={value!r} is more than 2**53", hint=f"<{key}={MAX_STEPS}> or less")


def _switch(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise PlanError(
            f"{key}={value!r} is neither true nor false", hint=f"give <{key}=true>, or leave it out"
        )
    return value


def _number(key: str, value: Any, *, whole: bool) -> int | float:
    # By __index__, not by type: the integers of numpy are welcome.
    if hasattr(value, "__index__") and not isinstance(value, bool):
        with suppress(TypeError):  # an array has one too, and refuses
            return operator.index(value)
    if isinstance(value, float) and math.isfinite(value) and not whole:
        return int(value) if value.is_integer() else float(value)
    expected = "a whole number" if whole else "a number"
    raise PlanError(f"{key}={value!r} is not {expected}", hint=f"give <{key}> {expected}")
