"""The plan and the warmup in the values of a run."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lrviz.errors import PlanError, SpecError
from lrviz.notation.durations import Duration, parse_count, parse_duration
from lrviz.notation.finding import Finding
from lrviz.notation.spec import Value, parse_value, render_value
from lrviz.plan.keys import PLAN_KEYS
from lrviz.plan.plan import Plan
from lrviz.resolve.defaults import EXAMPLE_PLAN, Assumption, findings_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Budget:
    """The length of a run and of its warmup, with what was assumed."""

    plan: Plan
    warmup: Duration | None
    assumptions: tuple[Assumption, ...]

    @property
    def warmup_steps(self) -> tuple[int, str] | None:
        """Steps of warmup, and a note where a share of the run was rounded."""
        return self.plan.ticks(self.warmup, warmup=True) if self.warmup else None

    @property
    def findings(self) -> list[Finding]:
        """What is worth saying of it, where no schedule has the word."""
        idle, rounded = self.plan.idle_note(), self.warmup_steps
        found = [*findings_of(self.assumptions)]
        found += [Finding("rounded-share", "note", f"warmup: {rounded[1]}")] if rounded and rounded[1] else []
        return found + ([Finding("idle-key", "note", idle)] if idle else [])


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


def warmup_of(values: Mapping[str, Value]) -> Duration | None:
    """The warmup in ``values``: ``warmup``, a duration, or ``warmup_fraction``, a share of the run.

    Raises:
        SpecError: both are given, or one is no duration.

    """
    given, share = values.get("warmup"), values.get("warmup_fraction")
    if given is not None and share is not None:
        raise SpecError("warmup and warmup_fraction are both given", hint="leave one of them out")
    if given is not None:
        return parse_duration(given if isinstance(given, (int, float)) else str(given), what="warmup")
    if share is None:
        return None
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share < 1:
        raise SpecError(
            f"warmup_fraction must be at least 0 and below 1, got {render_value(share)}",
            hint="warmup_fraction=0.06",
        )
    return Duration(Fraction(str(share)), "fraction", str(share))
