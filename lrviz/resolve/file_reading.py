"""What a trainer makes of its own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from lrviz.errors import PlanError
from lrviz.notation.numbers import counted
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lrviz.notation.finding import Finding
    from lrviz.notation.origin import Given
    from lrviz.notation.spec import Spec
    from lrviz.plan.rules import Line


def refuse_given(names: Iterable[str]) -> NoReturn:
    """Refuse values for what a trainer's file leaves open, where there is none.

    Raises:
        PlanError: always.

    """
    text = f"{listed(list(names))} is given, and no trainer's file or command is there that leaves it open"
    raise PlanError(text, hint="name that too, or leave out --given")


class Reading(NamedTuple):
    """What a trainer makes of its file: the run in lrviz's words, and how that came about.

    ``settings`` are those that were looked at, each with its origin; ``lines`` the derivation in the
    trainer's own arithmetic; ``unused`` the keys nobody looked at; ``files`` what was read on the way;
    ``settled`` general findings, by id, that are none here.
    """

    spec: Spec
    trainer: str
    settings: Mapping[str, Given]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    warmup: int | float | None = None
    unused: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    settled: frozenset[str] = frozenset()

    def summary(self, steps: int) -> str:
        """The trainer, and how the steps come about: ``transformers 5.23.0 · ceil(3 * 204) = 612 steps``."""
        totals = (line for line in self.lines if line.key == "total_steps" and line.value == steps)
        formula = next((line.formula for line in totals), "")
        is_sum = formula and formula != str(steps)
        return f"{self.trainer} · {f'{formula} = ' if is_sum else ''}{counted(steps, 'step')}"
