"""What a curve can be asked for: one table, which ``--get``, ``--columns``, ``check``, JSON and help read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.durations import Duration
    from lrviz.notation.own_step import OwnStep

Unit = Literal["steps", "rate", "count", "number"]
UNITS: Final[Mapping[Unit, str]] = {"steps": "steps", "rate": "LR", "count": "times", "number": "a number"}
"""What each unit is called in a table of the facts."""


class FactKind(NamedTuple):
    """What a fact is counted in and means; ``title`` heads its column where its name is long."""

    unit: Unit
    meaning: str
    title: str = ""
    of_plan: bool = False
    takes: str = ""


FACTS: Final[Mapping[str, FactKind]] = {
    "total": FactKind("steps", "Steps of the run.", of_plan=True),
    "steps_per_epoch": FactKind("steps", "Steps in an epoch.", of_plan=True),
    "epochs": FactKind("number", "Epochs of the run.", of_plan=True),
    "warmup": FactKind("steps", "Steps of warmup; 0 without one.", of_plan=True),
    "warmup_end": FactKind("steps", "The first step after the warmup."),
    "first": FactKind("rate", "What step 0 uses."),
    "peak": FactKind("rate", "The greatest value."),
    "peak_at": FactKind("steps", "The first step at the peak.", "@ step"),
    "low": FactKind("rate", "The least value."),
    "low_at": FactKind("steps", "The first step at the low.", "low @ step"),
    "mean": FactKind("rate", "The mean over all steps."),
    "area": FactKind("number", "The sum over all steps."),
    "half": FactKind("steps", "The first step, from the peak on, at half of the peak or below."),
    "last": FactKind("rate", "What the last step uses."),
    "restarts": FactKind("count", "Jumps up."),
    "drops": FactKind("count", "Jumps down."),
    "steps_at_0": FactKind("steps", "Steps whose value is 0."),
    "below": FactKind("steps", "The first step, from the peak on, with less than a value.", takes="(LR)"),
    "lr": FactKind("rate", "What a step uses: lr(1000), lr(50%), lr(last), lr(-2).", takes="(STEP)"),
    "steps": FactKind("steps", "Steps at a value: steps at 3e-4.", takes=" at LR"),
}
"""By name; of a curve, unless ``of_plan``: then a plan has it too."""
COMPARED: Final[Mapping[str, FactKind]] = {
    "ratio": FactKind("number", "Its area by that of the reference."),
    "differs_at": FactKind("steps", "The first step that differs, or that only one of the two has."),
    "difference": FactKind("rate", "The largest difference, its value less that of the reference."),
    "difference_at": FactKind("steps", "The step of that.", "@ step"),
}
"""What a curve can be asked for beside a reference."""
ELSEWHERE: Final[Mapping[str, str]] = {
    "max": "peak",
    "maximum": "peak",
    "min": "low",
    "minimum": "low",
    "start": "first",
    "end": "last",
    "final": "last",
    "avg": "mean",
    "average": "mean",
}
"""What others call a fact."""
REACHED: Final = ("peak", "low")
"""Facts that stand at a step."""


def known_facts() -> str:
    """All facts as they are typed."""
    return ", ".join(f"{name}{kind.takes}" for name, kind in FACTS.items())


class Rate(NamedTuple):
    """An LR or another number, or ``of_peak`` a share of the curve's peak; ``text`` is what was typed."""

    amount: float
    of_peak: bool
    text: str


class Fact(NamedTuple):
    """Something a curve can be asked for: ``lr`` of a step, ``below`` and ``steps`` of an LR, or alone."""

    name: str
    argument: Duration | OwnStep | Rate | None = None

    def __str__(self) -> str:
        """``peak``, ``lr(50%)``, ``below(1e-5)``, ``steps at 0``."""
        if self.argument is None:
            return self.name
        text = self.argument.text
        return f"steps at {text}" if self.name == "steps" else f"{self.name}({text})"

    @property
    def title(self) -> str:
        """What heads its column."""
        return {**FACTS, **COMPARED}[self.name].title or str(self)
