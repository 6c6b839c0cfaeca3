"""What nobody gave: the worked example for a run with nothing said, each value marked."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lrviz.errors import PlanError, SpecError
from lrviz.plan import PLAN_KEYS, Plan
from lrviz.spans import Span, parse_count, parse_span
from lrviz.spec import Value, parse_value, render_value

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE_PLAN: Mapping[str, Value] = {"dataset_len": 1235, "batch_size": 32, "epochs": 50}
EXAMPLE_LR = 1e-3


@dataclass(frozen=True)
class Assumption:
    """A value nobody gave: ``origin`` is ``example`` (the worked example) or ``assumed`` (a starter)."""

    key: str
    value: str
    origin: str

    def __str__(self) -> str:
        return f"{self.key}={self.value} ({self.origin})"


RIVALS: Mapping[str, tuple[str, ...]] = {
    "steps": ("epochs", "max_steps"),
    "epochs": ("steps",),
    "max_steps": ("steps",),
    "steps_per_epoch": ("dataset_len", "batch_size"),
    "dataset_len": ("steps_per_epoch",),
    "batch_size": ("steps_per_epoch",),
    "metric": ("metrics",),
    "metrics": ("metric",),
    "groups": ("layer_decay", "layers"),
    "layer_decay": ("groups",),
    "layers": ("groups",),
    "warmup": ("warmup_fraction",),
    "warmup_fraction": ("warmup",),
}
"""Keys that say the same in another way: one that wins takes its rivals with it."""


def overlaid(under: Mapping[str, Value], over: Mapping[str, Value]) -> dict[str, Value]:
    """The values of both; where they speak of the same, those of ``over``."""
    beaten = {rival for key, value in over.items() if value is not None for rival in RIVALS.get(key, ())}
    return {key: value for key, value in under.items() if key not in beaten} | dict(over)


def plan_of(values: Mapping[str, Value], assumptions: list[Assumption] | None = None) -> Plan:
    """The plan in ``values``; with a list of assumptions, filled from the worked example, noted there.

    Raises:
        PlanError: keys are missing or contradict each other.

    """
    given = {key: _plan_value(key, values[key]) for key in PLAN_KEYS if values.get(key) is not None}
    if assumptions is not None:
        for key, value in EXAMPLE_PLAN.items():
            if key not in given and _needs(key, given):
                given[key] = value
                assumptions.append(Assumption(key, str(value), "example"))
    return Plan(**given)


def _needs(key: str, given: Mapping[str, Any]) -> bool:
    if "steps" in given or "max_steps" in given:
        return False
    return key == "epochs" or "steps_per_epoch" not in given


def _plan_value(key: str, value: Value) -> Any:
    if key in ("trainer", "drop_last"):
        return value
    if not isinstance(value, (int, float, str)) or isinstance(value, bool):
        raise PlanError(f"{key} must be one number, got {render_value(value)}", hint=f"{key}=100")
    if key == "epochs":
        number = parse_value(str(value))
        if isinstance(number, float):
            return number
    return parse_count(value, what=key)


def warmup_of(values: Mapping[str, Value]) -> Span | None:
    """The warmup in ``values``: ``warmup``, a duration, or ``warmup_fraction``, a share of the run.

    Raises:
        SpecError: both are given, or one is no duration.

    """
    given, share = values.get("warmup"), values.get("warmup_fraction")
    if given is not None and share is not None:
        raise SpecError("warmup and warmup_fraction are both given", hint="leave one of them out")
    if given is not None:
        return parse_span(given if isinstance(given, (int, float)) else str(given), what="warmup")
    if share is None:
        return None
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share < 1:
        raise SpecError(
            f"warmup_fraction must be at least 0 and below 1, got {render_value(share)}",
            hint="warmup_fraction=0.06",
        )
    return Span(Fraction(str(share)), "fraction", str(share))
