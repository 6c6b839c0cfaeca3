"""The plan and the warmup in the values of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lrviz.errors import SpecError
from lrviz.notation.finding import Finding
from lrviz.notation.origin import Origin
from lrviz.plan.budget_keys import EXAMPLE_PLAN, PLAN_KEYS
from lrviz.plan.plan import Plan
from lrviz.resolve.defaults import assumed, findings_of
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.durations import Duration
    from lrviz.notation.origin import Given
    from lrviz.resolve.file_reading import Reading
    from lrviz.resolve.origins import Origins


TOO_LONG = "warmup-longer-than-run"


def too_long(steps: float, plan: Plan) -> list[Finding]:
    """A warmup of more steps than the run has."""
    if steps <= plan.total_steps:
        return []
    text = f"the warmup of {steps} steps is longer than the run of {plan.total_steps}"
    return [Finding(TOO_LONG, "warning", text)]


@dataclass(frozen=True, eq=False)
class Budget:
    """The length of a run and of its warmup, and where their values come from.

    ``counted`` are the steps of warmup as its trainer counts them, ``measured`` those that its curve has,
    where that is looked at.
    """

    plan: Plan
    warmup: Duration | None
    origins: Mapping[str, Given]
    reading: Reading | None = None
    counted: float | None = None
    measured: int | None = None

    @property
    def assumed(self) -> dict[str, Given]:
        """What nobody said of it."""
        return assumed(self.origins)

    @property
    def warmup_steps(self) -> tuple[float, str] | None:
        """Steps of warmup, and a note where a share of the run was rounded; None where nobody says any."""
        if self.counted is None and self.reading is None and self.warmup:
            return self.plan.ticks(self.warmup, warmup=True)
        steps = self.measured if self.counted is None else self.counted
        return None if steps is None else (steps, "")

    @property
    def findings(self) -> list[Finding]:
        """What is worth saying of it, where no schedule has the word."""
        idle, (steps, rounded) = self.plan.idle_note(), self.warmup_steps or (0, "")
        found = [*findings_of(self.assumed), *too_long(steps, self.plan)]
        found += [Finding("rounded-share", "note", f"warmup: {rounded}")] if rounded else []
        return found + ([Finding("idle-key", "note", idle)] if idle else [])


def budget_of(
    plan: Plan,
    warmup: Duration | None,
    origins: Mapping[str, Given],
    reading: Reading | None = None,
    counted: float | None = None,
) -> Budget:
    """The budget of a run, with those of its origins that are of its length."""
    of_warmup = [key.name for key in KEYS.values() if key.roles == KEYS["warmup"].roles]
    known = {*PLAN_KEYS, *of_warmup, *(line.key for line in plan.explain()), "total_ticks"}
    return Budget(
        plan, warmup, {key: given for key, given in origins.items() if key in known}, reading, counted
    )


def plan_of(values: Mapping[str, Any], said: Origins | None = None) -> Plan:
    """The plan in ``values``; where who said them is to be told, filled from the worked example, noted there.

    Raises:
        PlanError: keys are missing or contradict each other.

    """
    given = {key: values[key] for key in PLAN_KEYS if values.get(key) is not None}
    if said is not None:
        for key, value in EXAMPLE_PLAN.items():
            if key not in given and _needs(key, given):
                given[key] = value
                said[key] = Origin("example")
    return Plan(**given)


def _needs(key: str, given: Mapping[str, Any]) -> bool:
    if "steps" in given or "max_steps" in given:
        return False
    return key == "epochs" or not {"batches_per_epoch", "steps_per_epoch"} & given.keys()


def warmup_of(values: Mapping[str, Any]) -> Duration | None:
    """The warmup in ``values``: ``warmup``, a duration, or ``warmup_fraction``, a share of the run.

    Raises:
        SpecError: both are given.

    """
    found: list[Duration] = [values[key] for key in ("warmup", "warmup_fraction") if key in values]
    if len(found) > 1:
        raise SpecError("warmup and warmup_fraction are both given", hint="leave one of them out")
    return next(iter(found), None)
