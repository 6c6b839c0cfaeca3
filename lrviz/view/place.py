"""Where a step stands on a horizontal axis that counts steps, epochs, percents, samples or tokens."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lrviz.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lrviz.plan.plan import Plan
    from lrviz.view.view import View

Step = TypeVar("Step", float, "NDArray[np.float64]")


class Axis(NamedTuple):
    """What a horizontal axis counts: its name, and that of one place on it."""

    title: str
    unit: str


AXES: Mapping[str, Axis] = {
    "step": Axis("optimizer step", "step"),
    "epoch": Axis("epoch", "epoch"),
    "percent": Axis("percent of the run", "percent"),
    "samples": Axis("samples seen", "sample"),
    "tokens": Axis("tokens seen", "token"),
}
"""What may be counted, by the word for it."""


@dataclass(frozen=True)
class Ruler:
    """Turns steps of one run into places: ``per_step`` of them, less what the last batch of an epoch lacks.

    ``place`` takes a number or an array of them; no step is rounded.
    """

    per_step: Fraction = Fraction(1)
    epoch: Fraction = Fraction(1)
    lacking: Fraction = Fraction(0)

    def place(self, step: Step) -> Step:
        """Where so many steps lead to."""
        if self.per_step == 1 and not self.lacking:
            return step
        found = step * self.per_step.numerator / self.per_step.denominator
        if self.lacking:
            epochs = step * self.epoch.denominator // self.epoch.numerator
            found = found - epochs * float(self.lacking)
        return found

    def step(self, place: float, most: int) -> int:
        """The last of ``most`` steps that does not stand behind a place."""
        return int(self.steps([place], most)[0])

    def steps(self, places: Sequence[float] | NDArray[np.float64], most: int) -> NDArray[np.int64]:
        """For each place the last step that does not stand behind it."""
        import numpy as np  # whoever asks for help does without

        low, high = np.zeros(len(places), np.int64), np.full(len(places), most)
        while (low < high).any():
            middle = (low + high + 1) // 2
            is_before = self.place(middle.astype(float)) <= places
            low, high = np.where(is_before, middle, low), np.where(is_before, high, middle - 1)
        return low


STEPS = Ruler()
"""Each step is a place."""


def ruler_of(view: View, plan: Plan) -> Ruler:
    """How the axis of a view counts the steps of a run.

    Raises:
        PlanError: the run does not say what the axis counts.

    """
    return _RULERS[view.x or "step"](view, plan)


def _of_steps(_: View, __: Plan) -> Ruler:
    return STEPS


def _of_epochs(_: View, plan: Plan) -> Ruler:
    if plan.epoch is None:
        hint = "give <steps_per_epoch=39>, or <dataset_len=1235> <batch_size=32>"
        raise PlanError("x=epoch: how many steps an epoch has is not known", hint=hint)
    return Ruler(1 / plan.epoch)


def _of_percent(_: View, plan: Plan) -> Ruler:
    return Ruler(Fraction(100, plan.total_steps))


def _of_samples(_: View, plan: Plan, what: str = "x=samples") -> Ruler:
    """The samples of each update; the last one of an epoch has what is left of the dataset."""
    if plan.samples_per_step is None:
        raise PlanError(f"{what}: how many samples a step has is not known", hint="give <batch_size=32>")
    each = Fraction(plan.samples_per_step)
    if plan.dataset_len is None or plan.epoch is None:
        return Ruler(each)
    return Ruler(each, plan.epoch, max(plan.epoch * each - plan.dataset_len, Fraction(0)))


def _of_tokens(view: View, plan: Plan) -> Ruler:
    if view.tokens_per_step is not None:
        return Ruler(Fraction(view.tokens_per_step))
    if view.seq_len is None:
        hint = "give <tokens_per_step=65536>, or <seq_len=2048> beside a batch size"
        raise PlanError("x=tokens: how many tokens a step has is not known", hint=hint)
    samples = _of_samples(view, plan, "x=tokens")
    return Ruler(samples.per_step * view.seq_len, samples.epoch, samples.lacking * view.seq_len)


_RULERS = {
    "step": _of_steps,
    "epoch": _of_epochs,
    "percent": _of_percent,
    "samples": _of_samples,
    "tokens": _of_tokens,
}
