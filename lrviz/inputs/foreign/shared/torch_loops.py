"""A loop of a script's own over a scheduler of torch's: its arguments are computed of the run.

Source: accelerate 1.15.0 ``scheduler.py``; ``torch/optim/lr_scheduler.py`` of torch 2.13.0.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.inputs.foreign.own_script import loop_of
from lrviz.inputs.foreign.python.changed_options import changed_options
from lrviz.inputs.foreign.python.loop_batches import is_unpacked
from lrviz.inputs.foreign.python.loop_totals import LoopSyntax
from lrviz.inputs.foreign.python.scheduler_factors import factors_of_call
from lrviz.inputs.foreign.python.torch_schedulers import TorchCall, torch_call, written_out
from lrviz.inputs.foreign.python.warmup_formulas import LEAVES, PASSED, SHARED, computed, formula_of
from lrviz.inputs.foreign.shared.accelerate_stepped import batches_by, updates_of
from lrviz.inputs.foreign.shared.skipped_updates import note_fp16
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.pasted import read_call
from lrviz.notation.numbers import is_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.python.scheduler_factors import Factors
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value


def torch_call_of(command: Source) -> TorchCall | None:
    """The scheduler of torch's that a command's script steps; None where it has none, or another."""
    script = loop_of(command)
    syntax = LoopSyntax(script[1]) if script else None
    found = torch_call(syntax) if syntax else None
    if syntax and found:
        syntax.schedulers = [found]
    return found


def read_torch(run: Settings, call: TorchCall, option: Callable[[Settings, str], object]) -> Spec:
    """The run of a scheduler that is stepped at each update, or at the end of each epoch."""
    found = factors_of_call(call)
    calls = run.ask("world_size") if found.is_prepared else 1
    if not found.is_prepared and is_unpacked(call.syntax) and run.ask("world_size") > 1:
        run.refuse(f"{run.source.script}: whether accelerate prepares its scheduler is not plain")
    if not found.is_prepared and run["gradient_accumulation_steps"] > 1 and not call.is_by_epoch:
        run.refuse(f"{run.source.script} steps its scheduler at each batch, and not at each update")
    updates, total = updates_of(run, found)
    values = _Values(run, call, found, option, total)
    spec = read_call(written_out(call, call.node, values.of))
    _check_cycle(run, spec, (updates - 1) * calls, is_held=found.is_prepared)
    note_fp16(run)
    has_lr = find(spec.name).by_role(Role.BASE_LR) is not None
    return run.curve(
        spec.name,
        lr=None if has_lr else run["learning_rate"],
        steps=updates,
        calls=calls if calls > 1 else None,
        interval="epoch" if call.is_by_epoch else None,
        **_of_steps(dict(spec.params)),
    )


def _check_cycle(run: Settings, spec: Spec, calls: int, *, is_held: bool) -> None:
    """Refuse a cycle that is over before the run: accelerate steps it no further, and torch alone stops."""
    total = _of_steps(dict(spec.params)).get("total_steps")
    if is_held and is_number(total) and total < calls:
        run.refuse(f"accelerate holds the LR after total_steps={total} of {calls} steps: that is not drawn")


def _of_steps(params: dict[str, Value]) -> dict[str, Value]:
    """The epochs that a scheduler is told, and the steps of each, as the steps that it makes of both."""
    epochs, in_epoch = params.pop("epochs", None), params.pop("steps_per_epoch", None)
    if not is_number(epochs) or not is_number(in_epoch):
        return params
    return {**params, "total_steps": params.get("total_steps") or int(epochs * in_epoch)}


class _Values:
    """What the arguments of a call have in a run."""

    def __init__(
        self,
        run: Settings,
        call: TorchCall,
        found: Factors,
        option: Callable[[Settings, str], object],
        total: int,
    ) -> None:
        self.run, self.call, self.found, self.option, self.total = run, call, found, option, total

    def of(self, node: ast.expr) -> object:
        """A number, or a text.

        Raises:
            ConfigError: nobody knows it.

        """
        made = self.call.syntax.only(node)
        if isinstance(made, ast.Constant):
            return made.value
        if self.call.is_of_total and ast.unparse(node) == ast.unparse(self.call.total):
            return self.total
        formula = formula_of(self.call.syntax, node)
        value = computed(formula, self._named) if formula is not None else None
        if not is_number(value) or (formula is not None and self._is_changed(formula)):
            text = f"{self.run.source.script}: {ast.unparse(node)} in line {node.lineno} is not known"
            self.run.refuse(f"{text}: {self.call.function} has it")
        return value

    def _named(self, name: str) -> object:
        if name == PASSED:
            return self.total
        if name in LEAVES:
            return batches_by(self.run, self.found, "dataset_len")[name == SHARED]
        return self.option(self.run, name)

    def _is_changed(self, formula: ast.expr) -> bool:
        """Whether a line sets one of its options anew."""
        names = {one.attr for one in ast.walk(formula) if isinstance(one, ast.Attribute)}
        return bool(changed_options(self.call.syntax, names, Unknown))
