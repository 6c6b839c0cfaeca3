"""The total that a script makes its scheduler for: the updates of its run, or something else."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import called, keyword
from lrviz.inputs.foreign.python.loop_batches import loader_of, turns_of
from lrviz.inputs.foreign.python.scheduler_calls import (
    ACCUMULATION,
    PROCESSES,
    is_counted,
    own_factors,
    scheduler_calls,
)
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, ScriptSyntax, factors

if TYPE_CHECKING:
    from lrviz.inputs.foreign.python.scheduler_calls import SchedulerCall

EPOCHS, STEPS = "num_train_epochs", "max_train_steps"
"""The options that say how long a run is."""
_RANGES = ("range", "trange")


class LoopSyntax(ScriptSyntax):
    """A script around the calls that make its schedulers."""

    def __init__(self, module: ast.Module) -> None:
        super().__init__(module)
        self.schedulers = [*scheduler_calls(self)]
        self.accelerators = [one for one in self.calls if called(one) == "Accelerator"]

    @property
    def scheduler(self) -> SchedulerCall:
        """The call that makes the one whose loop it is."""
        return self.schedulers[0]

    @cached_property
    def accumulated(self) -> ast.expr | None:
        """What its ``Accelerator`` accumulates by."""
        found = (keyword(one, ACCUMULATION) for one in self.accelerators)
        return next((one for one in found if one is not None), None)

    @cached_property
    def trained_with(self) -> list[ast.expr]:
        """What makes the loader of the loop that steps its scheduler."""
        return [
            made for one in self.scheduler.loops[:1] for made in self.values.get(loader_of(self, one), [])
        ]

    @cached_property
    def turns(self) -> list[tuple[ast.If, ast.expr]]:
        """Its conditions for an update, each with what it divides the number of a batch by."""
        return [(one, by) for one in self.nodes if isinstance(one, ast.If) for by in _updates_by(one)]

    def counted_to(self, loop: ast.AST) -> ast.expr | None:
        """How many turns a loop makes: ``range(first, args.num_train_epochs)``, whose first is 0 at first."""
        turns = turns_of(loop) if isinstance(loop, ast.For) else None
        match turns:
            case ast.Call(args=[end]) if called(turns) in _RANGES:
                return end
            case ast.Call(args=[first, end]) if called(turns) in _RANGES:
                return end if self._may_be_0(first) else _without(first, end)
        return None

    def _may_be_0(self, first: ast.expr) -> bool:
        made = self.values.get(ast.unparse(first), [first])
        return any(isinstance(one, ast.Constant) and one.value == 0 for one in made)

    def is_accumulation(self, value: ast.expr) -> bool:
        """Whether it is what gradients are accumulated by."""
        own = self.accumulated and ast.unparse(self.accumulated)
        return self.is_option(value, ACCUMULATION) or ast.unparse(value) == own

    def is_total(self, value: ast.expr, depth: int = 0) -> bool:
        """Whether it is the updates of the run, by its steps or epochs, times factors that are counted."""
        if depth > DEEPEST:
            return False
        if isinstance(value, ast.IfExp):
            return self.is_total(value.body, depth + 1) and self.is_total(value.orelse, depth + 1)
        parts = own_factors(value)
        if len(parts) == 1:
            made = self.values.get(ast.unparse(parts[0]), [])
            return bool(made or is_limit(parts[0])) and all(self.is_total(one, depth + 1) for one in made)
        turns = [one for loop in self.nodes if (one := self.counted_to(loop))]
        others = [one for one in parts if not self.is_option(one, EPOCHS) and not self.is_among(one, turns)]
        return len(parts) - len(others) == len(others) == 1 and self._is_epoch(others[0])

    def is_among(self, value: ast.expr, turns: list[ast.expr]) -> bool:
        """Whether it is what a loop counts to: written so, and no number under that name elsewhere."""
        return any(ast.unparse(one) == ast.unparse(value) and self._are_same(one, value) for one in turns)

    def _are_same(self, one: ast.expr, other: ast.expr) -> bool:
        if not isinstance(one, ast.Name) or not isinstance(other, ast.Name):
            return True
        made, others = self.assigned_to(one), self.assigned_to(other)
        return made == others or not any(isinstance(value, ast.Constant) for value in (*made, *others))

    def is_uneven(self, value: ast.expr) -> bool:
        """Whether a name stands for products that differ in their counted factors."""
        made = self.values.get(ast.unparse(value), [])
        counted = ([ast.unparse(part) for part in factors(one) if is_counted(part)] for one in made)
        return len({frozenset(one) for one in counted}) > 1

    def _is_epoch(self, value: ast.expr, depth: int = 0) -> bool:
        """Whether it is the updates of an epoch: ``math.ceil(len(loader) / accumulation)``, or batches."""
        if made := self.values.get(ast.unparse(value)):
            return depth < DEEPEST and all(self._is_epoch(one, depth + 1) for one in made)
        if isinstance(value, ast.Call) and called(value) == "len":
            return self.accumulated is None and not self.turns
        quotient = value.args[0] if isinstance(value, ast.Call) and called(value) == "ceil" else None
        if not isinstance(quotient, ast.BinOp):
            return False
        return self._is_batches(quotient.left) and self.is_accumulation(quotient.right)

    def _is_batches(self, value: ast.expr) -> bool:
        """Whether it is a loader's length, or ``ceil(len(loader) / processes)``, the share of one."""
        value = self.only(value)
        if not isinstance(value, ast.Call):
            return getattr(value, "attr", "") == "num_batches"  # of a web data set, by the script's count
        shared = value.args[0] if called(value) == "ceil" and value.args else None
        if isinstance(shared, ast.BinOp) and getattr(shared.right, "attr", "") == PROCESSES:
            return self._is_batches(shared.left)
        return called(value) == "len"


def is_limit(target: ast.expr) -> bool:
    """Whether it is the ``max_train_steps`` of an object."""
    return isinstance(target, ast.Attribute) and target.attr == STEPS


def _without(first: ast.expr, end: ast.expr) -> ast.expr | None:
    """The turns of ``range(1, epochs + 1)``."""
    match end:
        case ast.BinOp(left=turns, op=ast.Add(), right=more) if ast.unparse(more) == ast.unparse(first):
            return turns
    return None


def _updates_by(node: ast.If) -> list[ast.expr]:
    """What a condition for an update divides the number of a batch by."""
    if ".step()" not in ast.unparse(node):
        return []
    rests = (one for one in ast.walk(node.test) if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mod))
    return [one.right for one in rests]
