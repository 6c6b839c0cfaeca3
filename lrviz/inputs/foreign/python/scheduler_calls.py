"""The call by which a script makes its scheduler: what it is given, by name, and who steps what it makes."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import called
from lrviz.inputs.foreign.python.script_syntax import factors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax

PROCESSES, ACCUMULATION = "num_processes", "gradient_accumulation_steps"
WARMUP, TOTAL = "num_warmup_steps", "num_training_steps"
FACTORS = (PROCESSES, ACCUMULATION)
BY_NAME = "get_scheduler"
_SCHEDULES = {
    "get_linear_schedule_with_warmup": "linear",
    "get_cosine_schedule_with_warmup": "cosine",
    "get_cosine_with_hard_restarts_schedule_with_warmup": "cosine_with_restarts",
    "get_polynomial_decay_schedule_with_warmup": "polynomial",
}


class SchedulerCall:
    """A call that is given both lengths, in the syntax of its script."""

    def __init__(self, syntax: ScriptSyntax, node: ast.Call) -> None:
        self.syntax, self.node = syntax, node
        self.function = called(node)
        self.words = {word.arg or "**": word.value for word in node.keywords}
        self.warmup, self.total = self.words[WARMUP], self.words[TOTAL]

    @property
    def named(self) -> ast.expr | None:
        """What says the schedule, where its function is told which."""
        if self.function != BY_NAME:
            return None
        return self.words.get("name") or next(iter(self.node.args), None)

    @property
    def schedule(self) -> str:
        """The schedule that stands in the call: the first word of ``get_scheduler``, else what it calls."""
        if self.function != BY_NAME:
            return _SCHEDULES.get(self.function, "")
        return str(self.named.value) if isinstance(self.named, ast.Constant) else ""

    @property
    def further(self) -> dict[str, ast.expr]:
        """What else it is given."""
        known = ("name", "optimizer", WARMUP, TOTAL)
        return {name: value for name, value in self.words.items() if name not in known}

    @cached_property
    def holders(self) -> frozenset[str]:
        """The names that hold the scheduler."""
        return frozenset(name for name, made in self.syntax.values.items() if self.node in made)

    @property
    def is_prepared(self) -> bool:
        """Whether a name that holds it is handed to ``prepare``."""
        calls = (one for one in self.syntax.calls if isinstance(one.func, ast.Attribute))
        prepared = (word for one in calls if called(one) == "prepare" for word in one.args)
        return any(ast.unparse(word) in self.holders for word in prepared)


def scheduler_calls(syntax: ScriptSyntax) -> Iterator[SchedulerCall]:
    """The calls that are given both lengths as keywords."""
    for one in syntax.calls:
        if {WARMUP, TOTAL} <= {word.arg for word in one.keywords}:
            yield SchedulerCall(syntax, one)


def own_factors(value: ast.expr) -> list[ast.expr]:
    """The factors of a product, but those that are counted: the processes and the accumulation."""
    return [one for one in factors(value) if not is_counted(one)]


def is_counted(value: ast.expr) -> bool:
    """Whether it is the processes, or the accumulation, of an object."""
    return getattr(value, "attr", "") in FACTORS
