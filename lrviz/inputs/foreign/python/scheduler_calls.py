"""The call by which a script makes its scheduler: what it is given, by name, and who steps what it makes."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import called, given_to
from lrviz.inputs.foreign.python.loop_batches import loops_around, origin_of, prepared, shared_out
from lrviz.inputs.foreign.python.script_syntax import factors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax

PROCESSES, ACCUMULATION = "num_processes", "gradient_accumulation_steps"
WARMUP, TOTAL = "num_warmup_steps", "num_training_steps"
FACTORS = (PROCESSES, ACCUMULATION)
BY_NAME = "get_scheduler"
_BEGIN, _DIFFUSERS = ("optimizer", WARMUP, TOTAL), "diffusers"
_SCHEDULES = {
    "get_linear_schedule_with_warmup": ("linear", "last_epoch"),
    "get_cosine_schedule_with_warmup": ("cosine", "num_cycles", "last_epoch"),
    "get_cosine_with_hard_restarts_schedule_with_warmup": (
        "cosine_with_restarts",
        "num_cycles",
        "last_epoch",
    ),
    "get_polynomial_decay_schedule_with_warmup": ("polynomial", "lr_end", "power", "last_epoch"),
}
"""What each function makes, and what it takes behind both lengths."""


class SchedulerCall:
    """A call that is given both lengths, in the syntax of its script."""

    def __init__(self, syntax: ScriptSyntax, node: ast.Call, words: dict[str, ast.expr]) -> None:
        self.syntax, self.node, self.words = syntax, node, words
        self.function = called(node)
        self.warmup, self.total = words[WARMUP], words[TOTAL]

    @property
    def named(self) -> ast.expr | None:
        """What says the schedule, where its function is told which."""
        return self.words.get("name") if self.function == BY_NAME else None

    @property
    def schedule(self) -> str:
        """The schedule that stands in the call: the first word of ``get_scheduler``, else what it calls."""
        if self.function != BY_NAME:
            return _SCHEDULES.get(self.function, ("",))[0]
        return str(self.named.value) if isinstance(self.named, ast.Constant) else ""

    @property
    def parts(self) -> list[ast.Call]:
        """The calls of the schedulers that it is made of."""
        return []

    @property
    def further(self) -> dict[str, ast.expr]:
        """What else it is given."""
        known = ("name", "optimizer", WARMUP, TOTAL)
        return {name: value for name, value in self.words.items() if name not in known}

    @cached_property
    def holders(self) -> frozenset[str]:
        """The names that hold the scheduler."""
        return frozenset(name for name, made in self.syntax.values.items() if self.node in made)

    @cached_property
    def steps(self) -> list[ast.Call]:
        """The calls that step it, by a name that holds it or is like it."""
        named = [one for one in self.syntax.calls if called(one) == "step"]
        return [one for one in named if self._is_own(one.func)]

    @property
    def loops(self) -> list[ast.For | ast.While]:
        """Those that an update is made in, the innermost first."""
        return [loop for one in self.steps[:1] for loop in loops_around(self.syntax, one)]

    def _is_own(self, step: ast.expr) -> bool:
        is_held = isinstance(step, ast.Attribute) and ast.unparse(step.value) in self.holders
        return is_held or "sched" in ast.unparse(step)

    @property
    def is_prepared(self) -> bool:
        """Whether a name that holds it is handed to accelerate, and what that gives for it is stepped."""
        words = [word for one in prepared(self.syntax) for word in given_to(one)]
        made = shared_out(self.syntax)
        stepped = [one.func.value for one in self.steps if isinstance(one.func, ast.Attribute)]
        is_made = any(origin_of(self.syntax, one, one) in made for one in stepped)
        return any(ast.unparse(word) in self.holders for word in words) and (is_made or not stepped)


def scheduler_calls(syntax: ScriptSyntax) -> Iterator[SchedulerCall]:
    """The calls that are given both lengths, by place or as keywords; a function of the script's is none."""
    own = {one.name for one in syntax.nodes if isinstance(one, ast.FunctionDef)}
    for one in syntax.calls:
        words = _words(syntax, one)
        if {WARMUP, TOTAL} <= words.keys() and called(one) not in own:
            yield SchedulerCall(syntax, one, words)


def _words(syntax: ScriptSyntax, call: ast.Call) -> dict[str, ast.expr]:
    """What a call is given, by the names of its function's parameters."""
    is_whole = not any(isinstance(one, ast.Starred) for one in call.args)
    placed = zip(_places(syntax, called(call)), call.args, strict=False) if is_whole else ()
    return {**dict(placed), **{word.arg or "**": word.value for word in call.keywords}}


def _places(syntax: ScriptSyntax, function: str) -> tuple[str, ...]:
    """The parameters of a function in their order: the ``get_scheduler`` of diffusers has others."""
    if function != BY_NAME:
        return (*_BEGIN, *_SCHEDULES[function][1:], "last_epoch") if function in _SCHEDULES else ()
    if _is_of_diffusers(syntax):
        return ("name", "optimizer", "step_rules", WARMUP, TOTAL, "num_cycles", "power", "last_epoch")
    return ("name", *_BEGIN, "scheduler_specific_kwargs")


def _is_of_diffusers(syntax: ScriptSyntax) -> bool:
    imports = (one for one in syntax.nodes if isinstance(one, ast.ImportFrom))
    return any(
        (one.module or "").startswith(_DIFFUSERS) and any(name.name == BY_NAME for name in one.names)
        for one in imports
    )


def own_factors(value: ast.expr) -> list[ast.expr]:
    """The factors of a product, but those that are counted: the processes and the accumulation."""
    return [one for one in factors(value) if not is_counted(one)]


def is_counted(value: ast.expr) -> bool:
    """Whether it is the processes, or the accumulation, of an object."""
    return getattr(value, "attr", "") in FACTORS
