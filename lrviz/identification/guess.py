"""A schedule that may have made a curve, with what is unknown of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.catalogue.build import schedule
from lrviz.catalogue.names import find
from lrviz.errors import LrvizError
from lrviz.notation.spec import Call, Spec
from lrviz.resolve.keys import roles_of
from lrviz.resolve.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lrviz.engine.timeline import Timeline
    from lrviz.notation.spec import Params, Value

    Numbers = Mapping[str, float]


def as_they_are(numbers: Numbers) -> Params:
    """Numbers that are parameters."""
    return tuple(numbers.items())


class Ratio(NamedTuple):
    """How an LR is written that is no number of its own: by ``over``, or, where it divides, that by it."""

    over: str
    divides: bool = False

    def turned(self, value: float, over: float) -> float:
        """What is written of an LR, or the LR of what is written."""
        if not self.divides:
            return value
        return over / value if value else LARGEST

    def written(self, rate: float, over: float) -> float:
        """How the LR is written."""
        return self.turned(rate, over) if self.divides else rate / over

    def rate(self, written: float, over: float) -> float:
        """The LR that is written so."""
        return self.turned(written, over) if self.divides else written * over


@dataclass(frozen=True)
class Guess:
    """A schedule by name, and its unknown numbers.

    Attributes:
        name: that of the catalogue.
        starts: where to look for the numbers that the values do not follow in proportion; the best is taken.
        scaled: those that they do follow: LRs.
        ratios: how those of them are written that are no LRs to the schedule.
        fixed: what is known.
        solved: whether the first start is all there is to seek.
        in_run: whether what a run says beside the schedule is looked at while it is sought.
        read_off: how many numbers were read off the rows, and are sought no more.
        write: makes parameters of the numbers, where they do not stand there as they are.

    """

    name: str
    starts: Sequence[Numbers] = ({},)
    scaled: tuple[str, ...] = ("lr",)
    ratios: Mapping[str, Ratio] = field(default_factory=dict)
    fixed: Params = ()
    solved: bool = False
    in_run: bool = False
    read_off: int = 0
    write: Callable[[Numbers], Params] = as_they_are

    @property
    def is_single(self) -> bool:
        """Whether it computes in float32."""
        return find(self.name).framework.dtype == "float32"

    def spec(self, numbers: Numbers) -> Spec:
        """The spec that says it, with all numbers as they are written."""
        return Spec(self.name, (*self.write(numbers), *self.fixed))

    def line(self, numbers: Numbers, steps: int) -> Timeline | None:
        """The curve; None where it is refused."""
        return (line_of if self.in_run else built_line)(self.spec(numbers), steps)

    def whole_line(self, numbers: Numbers, steps: int) -> Timeline | None:
        """The curve as its spec makes it in a run."""
        return line_of(self.spec(numbers), steps)

    def written(self, rates: Numbers) -> Numbers:
        """LRs as they are written."""
        return {key: self._ratio(key).written(rate, self._over(key, rates)) for key, rate in rates.items()}

    def rate(self, key: str, written: float, rates: Numbers) -> float:
        """The LR of what is written."""
        return self._ratio(key).rate(written, self._over(key, rates))

    def _ratio(self, key: str) -> Ratio:
        return self.ratios.get(key, ITSELF)

    def _over(self, key: str, rates: Numbers) -> float:
        return rates[self.ratios[key].over] if key in self.ratios else 1.0


ITSELF = Ratio("")
LARGEST = 1e99


def built_line(spec: Spec, steps: int) -> Timeline | None:
    """The curve by the schedule alone, for the search: what a run may say beside it is not looked at."""
    entry = find(spec.name)
    lr: Any = None
    params: dict[str, Any] = {}
    for key, value in (("steps", steps), *spec.params):
        own = entry.of_roles(roles_of(key))
        lr = value if key == "lr" else lr
        if own:
            params[own[0].name] = value
        elif key not in ("lr", "steps"):
            params[key] = _as_mapping(value)
    try:
        return schedule(entry.id, params, lr=lr).groups[0]["lr"]
    except LrvizError:
        return None


def _as_mapping(value: Value) -> Any:
    """A call as the catalogue's functions take schedules inside others."""
    if isinstance(value, tuple):
        return tuple(map(_as_mapping, value))
    return {"schedule": value.name, "params": dict(value.params)} if isinstance(value, Call) else value


def line_of(spec: Spec, steps: int) -> Timeline | None:
    """The curve of a spec, which says its length unless it has none; None where it is refused."""
    run: dict[str, Value] = {"interval": "step"}
    if spec.get("steps") is None:
        run["steps"] = steps
    try:
        return resolve(spec, run, starters=spec.name != find(spec.name).id).schedule.groups[0]["lr"]
    except LrvizError:
        return None
