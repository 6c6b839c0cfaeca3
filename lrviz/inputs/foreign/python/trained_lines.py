"""Whether the lines of a script that train are run: ``if args.eval_only: trainer.evaluate()``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import EXITS, dotted
from lrviz.inputs.foreign.python.python_script import EVALUATED, UNUSED, Untrained
from lrviz.inputs.foreign.python.uncalled import uncalled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_METHOD, _TRAINER = "train", "trainer"
_PRETRAINED = "pretrained"
_EVALUATES = ("evaluate", "predict")
_TRAINS = ("fit", "hyperparameter_search")
_DEEPEST = 4
"""Functions that call each other before one trains."""
_START = "__name__"


class Branches(dict[ast.If, set[bool]]):
    """What the conditions of a file were found to be, also those of a function that is called again."""

    def note(self, node: ast.If, truth: object) -> None:
        """Keep what a condition is; one that nobody knows is both."""
        self.setdefault(node, set()).update((truth,) if isinstance(truth, bool) else (True, False))


def untrained(module: ast.Module, branches: Branches) -> Untrained | None:
    """Why no line that trains is run, or may not be; None where one is, or there is none."""
    trains = {id(one) for one in trainings(module)}
    if not trains:
        return _never_trained(module)
    passed: dict[int, Untrained] = {}
    for reason, nodes in (*_passed(module, branches, trains), *uncalled(module)):
        _put(nodes, reason, passed)
    for _ in range(_DEEPEST if passed else 0):
        _put_functions(module, passed)
    found = [why for one in trains if (why := passed.get(one))]
    if not found or len(found) < len(trains):
        return None
    return next((one for one in found if not one.is_sure), found[0])


def _never_trained(module: ast.Module) -> Untrained | None:
    """What a file does with a Trainer that it makes, where that trains nothing and nobody else has it."""
    made, nodes = _trainers(module), list(ast.walk(module))
    attributes = [one for one in nodes if isinstance(one, ast.Attribute)]
    of_it = [one for one in attributes if dotted(one.value) in made or _is_made(one.value)]
    inner = {id(one.value) for one in of_it}
    read = (one for one in nodes if isinstance(one, (ast.Name, ast.Attribute)))
    read = (one for one in read if isinstance(one.ctx, ast.Load) and id(one) not in inner)
    if any(_may_train(one.attr) for one in of_it) or any(dotted(one) in made for one in read):
        return None
    called = [one.func for one in nodes if isinstance(one, ast.Call)]
    others = any(isinstance(one, ast.Attribute) and _may_train(one.attr) for one in called)
    instead = next((one for one in of_it if one.attr in _EVALUATES), None)
    if instead is not None and not others:
        return Untrained(dotted(instead), instead.lineno, how=EVALUATED)
    name, line = next(iter(made.items()), (None, 0))
    return Untrained(name, line, is_sure=False, how=UNUSED) if name else None


def _may_train(method: str) -> bool:
    """Whether it is called as what trains is, and not ``from_pretrained``."""
    return _METHOD in method.replace(_PRETRAINED, "") or method in _TRAINS


def _is_made(node: ast.expr) -> bool:
    """Whether it is a trainer that is given no name: ``Trainer(...).evaluate()``."""
    return isinstance(node, ast.Call) and _is_trainer(node)


def _trainers(module: ast.Module) -> dict[str, int]:
    """The names of the trainers that a file makes, and where."""
    made = [
        one for one in ast.walk(module) if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call)
    ]
    return {dotted(target): one.lineno for one in made if _is_trainer(one.value) for target in one.targets}


def trainings(module: ast.Module) -> list[ast.Call]:
    """The calls that train: ``trainer.train()``, of whatever is called or made so."""
    names = _trainers(module)
    calls = (one for one in ast.walk(module) if isinstance(one, ast.Call))
    return [
        one
        for one in calls
        if isinstance(one.func, ast.Attribute) and one.func.attr == _METHOD
        if _is_trainer(one.func.value) or dotted(one.func.value) in names
    ]


def _is_trainer(node: ast.expr) -> bool:
    return dotted(node).removesuffix("()").lower().endswith(_TRAINER)


def _passed(
    module: ast.Module, branches: Branches, trains: set[int]
) -> Iterator[tuple[Untrained, Sequence[ast.AST]]]:
    """What each condition leads past; where it is not known, and one way alone trains, that."""
    rests = _rests(module)
    for node, truths in branches.items():
        test = ast.unparse(node.test)
        if _START in test:
            continue
        why = Untrained(test, node.lineno, is_sure=len(truths) == 1)
        for truth, taken, other in ((True, node.body, node.orelse), (False, node.orelse, node.body)):
            if truths == {truth}:
                yield why, [*other, *(rests.get(node, []) if _ends(taken) else [])]
            elif not why.is_sure and trains.isdisjoint(id(part) for one in taken for part in ast.walk(one)):
                yield why, other


def _put(nodes: Sequence[ast.AST], why: Untrained, passed: dict[int, Untrained]) -> None:
    """Keep of all within nodes what leads past them; what is sure to comes first."""
    for one in (part for node in nodes for part in ast.walk(node)):
        if why.is_sure or id(one) not in passed:
            passed[id(one)] = why


def _put_functions(module: ast.Module, passed: dict[int, Untrained]) -> None:
    """What is passed over with the only lines that name a function is its own lines, too."""
    named: dict[str, list[Any]] = {}
    for one in ast.walk(module):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            named.setdefault(one.id, []).append(passed.get(id(one)))
    for one in ast.walk(module):
        whys = named.get(one.name, []) if isinstance(one, ast.FunctionDef) else []
        if whys and all(whys):
            _put([one], next((why for why in whys if not why.is_sure), whys[0]), passed)


def _rests(module: ast.Module) -> dict[ast.If, Sequence[ast.AST]]:
    """What stands behind each ``if`` among the lines of its own block."""
    blocks = [
        getattr(one, name, None) for one in ast.walk(module) for name in ("body", "orelse", "finalbody")
    ]
    lists = [one for one in blocks if isinstance(one, list)]
    return {line: one[at + 1 :] for one in lists for at, line in enumerate(one) if isinstance(line, ast.If)}


def _ends(body: Sequence[ast.stmt]) -> bool:
    """Whether nothing behind it is run."""
    last = body[-1] if body else None
    call = last.value if isinstance(last, ast.Expr) else None
    is_exit = isinstance(call, ast.Call) and dotted(call.func) in EXITS
    return is_exit or isinstance(last, (ast.Return, ast.Raise))
