"""What every target is asked: to write the curves of one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.engine.traced import Traced
from lrviz.errors import ScheduleError
from lrviz.snippets.constructor import driven_call, is_driven, own_call
from lrviz.snippets.snippet import Definitions
from lrviz.snippets.targets import target_names
from lrviz.snippets.trace import formula_of

if TYPE_CHECKING:
    from lrviz.curves.series import Series
    from lrviz.engine.timeline import Timeline
    from lrviz.snippets.constructor import OwnCall
    from lrviz.snippets.dialect import Dialect
    from lrviz.snippets.snippet import Snippet

CALLBACKS = "callbacks."
"""How the names of callbacks begin, which stand beside an optimizer."""


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves of the param groups of one run, as a target asks for them."""

    rows: Sequence[Series]

    @property
    def steps(self) -> int:
        """The updates of the run."""
        return self.rows[0].steps

    @cached_property
    def own(self) -> OwnCall | None:
        """The constructor that makes them."""
        return driven_call(self.rows) if self.is_driven else own_call(self.rows)

    @cached_property
    def is_driven(self) -> bool:
        """Whether they move on a metric."""
        return is_driven(self.rows)

    @property
    def name(self) -> str:
        """The id of the schedule."""
        run = self.rows[0].run
        return run.schedule.id if run else self.rows[0].label

    @cached_property
    def proved(self) -> Sequence[Timeline]:
        """What code is held against: with a metric the values at one that stays."""
        flat = self.own.flat if self.own else None
        return flat or [row.timeline for row in self.rows]

    @cached_property
    def formulas(self) -> list[Any]:
        """The formula of each.

        Raises:
            ScheduleError: one has none.

        """
        if self.is_driven:
            text = f"{self.name} moves on a metric, and is no function of the step"
            raise ScheduleError(text, hint=self.way_out)
        return [formula_of(row, self.way_out) for row in self.rows]

    @cached_property
    def way_out(self) -> str:
        """What says these curves where a target cannot."""
        found = next((name for name in target_names() if self.own_in(name)), None)
        if found is not None:
            return f"--to {found} calls its own constructor"
        return "lrviz values has the numbers themselves"

    @property
    def is_single(self) -> bool:
        """Whether the schedule itself rounds to float32."""
        return any(_has_single(formula) for formula in self.formulas)

    def own_in(self, package: str) -> OwnCall | None:
        """The constructor, if it is one of this framework, of a schedule or a callback."""
        own = self.own
        is_there = own and own.entry.package == package and "." not in own.entry.name.removeprefix(CALLBACKS)
        return own if is_there else None


def functions_of(
    curves: Curves, dialect: Dialect, variable: str = "step", *, begins: str = "", more: str = ""
) -> tuple[Definitions, list[str]]:
    """A function of the step for each param group, and their names; ``more`` is what else they take.

    Raises:
        ScheduleError: a curve has no formula.
        UntraceableError: the dialect cannot say it.

    """
    count = len(curves.rows)
    made, names = Definitions(dialect), ["lr"] if count == 1 else [f"lr_{i}" for i in range(count)]
    for name, formula in zip(names, curves.formulas, strict=True):
        header = [f"def {name}({variable}):", f'    """The LR of update `{variable}`, from 0{more}."""']
        made.define(header, formula, variable=variable, begins=begins)
    return made, names


def _has_single(node: Any) -> bool:
    """Whether float32 stands anywhere in a formula."""
    if isinstance(node, Traced):
        return node.dtype == np.float32 or any(map(_has_single, node.args))
    return isinstance(node, tuple) and any(map(_has_single, node))


Write = Callable[[Curves], "Snippet"]


def writer_of(name: str) -> Write:
    """How a target is written."""
    write: Write = import_module(f"lrviz.snippets.targets.{name}").write
    return write
