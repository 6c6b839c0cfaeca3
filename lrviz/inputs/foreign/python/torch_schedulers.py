"""The call by which a script makes a scheduler of torch's own, alone or of several that it made before."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.python.call_syntax import called, given_to
from lrviz.inputs.foreign.python.loop_batches import loops_around
from lrviz.inputs.foreign.python.scheduler_calls import SchedulerCall, scheduler_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.inputs.foreign.python.loop_totals import LoopSyntax

    Valued = Callable[[ast.expr], object]

_OF_TORCH, _MODULE = "torch", "lr_scheduler"
_BY_VALUES = ("LambdaLR", "MultiplicativeLR", "ReduceLROnPlateau")
"""Those that a function of the script's decides, or what the run measures."""
_OPTIMIZER = "optimizer"
_LEFT_OUT = (_OPTIMIZER, "verbose")
_NAMED = (ast.Name, ast.Attribute, ast.BinOp)
_NOTHING = ast.Constant(value=None)


class TorchCall(SchedulerCall):
    """A call of one of torch's classes."""

    syntax: LoopSyntax

    def __init__(self, syntax: LoopSyntax, node: ast.Call) -> None:
        self.syntax, self.node, self.words, self.function = syntax, node, {}, called(node)
        self.warmup = ast.Constant(value=0)
        within = (part for one in _arguments(syntax, node) for part in ast.walk(one))
        totals = (one for one in within if isinstance(one, _NAMED) and syntax.is_total(one))
        self.total = next(totals, _NOTHING)

    @cached_property
    def update(self) -> ast.Call | None:
        """The optimizer's step, where it has one."""
        steps = [one for one in self.syntax.calls if called(one) == "step" and one not in self.steps]
        ours = [one for one in steps if "opt" in ast.unparse(one.func)]
        return ours[0] if len(ours) == 1 else None

    @property
    def is_by_epoch(self) -> bool:
        """Whether it is stepped once behind the loop of the batches, in that of the epochs."""
        loops = loops_around(self.syntax, self.update) if self.update else []
        if len(loops) != 2 or len(self.steps) != 1:
            return False
        inner, outer = loops
        lines = [one for one in outer.body if one in (inner, *self.syntax.above(self.steps[0]))]
        return len(lines) == 2 and lines[0] is inner and isinstance(lines[1], ast.Expr)

    @property
    def parts(self) -> list[ast.Call]:
        """The calls of the schedulers that it is made of."""
        return [one for one in self.syntax.calls if _is_torchs(self.syntax, one) and one is not self.node]

    @property
    def loops(self) -> list[ast.For | ast.While]:
        """Those that an update is made in, the innermost first."""
        return loops_around(self.syntax, self.update) if self.update and self.is_by_epoch else super().loops

    @property
    def is_of_total(self) -> bool:
        """Whether its arguments are made of the updates of the run."""
        return self.total is not _NOTHING


def torch_call(syntax: LoopSyntax) -> TorchCall | None:
    """The one that a script steps; None where it has several, others too, or one of no numbers."""
    calls = [one for one in syntax.calls if _is_torchs(syntax, one)]
    parts = {id(part) for one in calls for part in _parts(syntax, one)}
    whole = [one for one in calls if id(one) not in parts]
    is_alone = len(whole) == 1 and not any(scheduler_calls(syntax))
    if not is_alone or any(called(one) in _BY_VALUES for one in calls):
        return None
    return TorchCall(syntax, whole[0])


def _is_torchs(syntax: LoopSyntax, call: ast.Call) -> bool:
    entry = lookup(called(call)) if called(call)[:1].isupper() else None
    if entry is None or entry.framework.name != _OF_TORCH:
        return False
    if isinstance(call.func, ast.Attribute):
        return ast.unparse(call.func.value).endswith(_MODULE)
    imports = [one for one in syntax.nodes if isinstance(one, ast.ImportFrom)]
    names = [name.name for one in imports if (one.module or "").endswith(_MODULE) for name in one.names]
    return called(call) in names or "*" in names


def _parts(syntax: LoopSyntax, call: ast.Call) -> Iterator[ast.Call]:
    """The schedulers that one is made of."""
    for word in given_to(call):
        for one in word.elts if isinstance(word, (ast.List, ast.Tuple)) else [word]:
            made = syntax.only(one)
            if isinstance(made, ast.Call) and made is not call and _is_torchs(syntax, made):
                yield made


def _arguments(syntax: LoopSyntax, call: ast.Call) -> Iterator[ast.expr]:
    """Its arguments, and those of its parts."""
    for word in given_to(call):
        yield from word.elts if isinstance(word, (ast.List, ast.Tuple)) else [word]
    for one in _parts(syntax, call):
        yield from _arguments(syntax, one)


def written_out(call: TorchCall, node: ast.Call, value_of: Valued) -> str:
    """A call as it is pasted, with the value of each argument that is none of the optimizer's."""
    placed = [_text(call, one, value_of) for one in node.args[1:]]
    words = {one.arg or "**": one.value for one in node.keywords if one.arg not in _LEFT_OUT}
    named = [f"{name}={_text(call, value, value_of)}" for name, value in words.items()]
    return f"{called(node)}({', '.join([*[_OPTIMIZER] * bool(node.args), *placed, *named])})"


def _text(call: TorchCall, node: ast.expr, value_of: Valued) -> str:
    if isinstance(node, (ast.List, ast.Tuple)):
        return f"[{', '.join(_text(call, one, value_of) for one in node.elts)}]"
    made = call.syntax.only(node)
    if isinstance(made, ast.Call) and _is_torchs(call.syntax, made):
        return written_out(call, made, value_of)
    if isinstance(made, (ast.List, ast.Tuple)):
        return _text(call, made, value_of)
    return repr(value_of(node))
