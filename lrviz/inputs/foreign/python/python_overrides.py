"""Where a script takes a Trainer's schedule into its own hands, read off its syntax."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.python_changes import dotted
from lrviz.inputs.foreign.source import Override

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_SCHEDULER = ("create_scheduler", "create_optimizer_and_scheduler")
OF_OPTIMIZER = ("create_optimizer", "get_optimizer_cls_and_kwargs")
BY_HAND = ("sets the LR itself", "steps a scheduler itself")
_PARTS = (*OF_SCHEDULER, *OF_OPTIMIZER, "lr_scheduler", "optimizer")
_MAKER = re.compile(r"get_(?:\w+_)?schedule(?:r|_\w+)?|TYPE_TO_SCHEDULER_FUNCTION\[\]")
"""What the Trainer calls for its scheduler."""
_OWNERS = ("Trainer", "TrainerMixin", "Callback")


def overrides_of(module: ast.Module) -> tuple[Override, ...]:
    """What a file puts into a Trainer, and what its classes built on one or on a callback do of it."""
    classes = [one for one in ast.walk(module) if isinstance(one, ast.ClassDef)]
    known = {one.name: [dotted(base).rpartition(".")[2] for base in one.bases] for one in classes}
    owners = [one for one in classes if any(base.endswith(_OWNERS) for base in _above(one.name, dict(known)))]
    return (*(found for one in owners for found in _overrides(one)), *_put_in(module))


def _put_in(module: ast.Module) -> Iterator[Override]:
    """``trainer.lr_scheduler = …``, ``Trainer.create_scheduler = …``, ``optimization.get_scheduler = …``."""
    for one in ast.walk(module):
        if not isinstance(one, (ast.Attribute, ast.Subscript)) or not isinstance(one.ctx, ast.Store):
            continue
        owner, _, what = dotted(one).rpartition(".")
        of_trainer = what in _PARTS and owner.lower().endswith("trainer")
        if of_trainer or _MAKER.fullmatch(what):
            yield Override(owner or what, what.removesuffix("[]"), one.lineno)


def _above(name: str, left: dict[str, list[str]]) -> Iterator[str]:
    """The bases of a class, and theirs in the same file."""
    for base in left.pop(name, []):
        yield base
        yield from _above(base, left)


def _overrides(owner: ast.ClassDef) -> Iterator[Override]:
    own = [one for one in owner.body if isinstance(one, ast.FunctionDef)]
    replaced = [one for one in own if one.name in OF_SCHEDULER + OF_OPTIMIZER]
    yield from (Override(owner.name, one.name, one.lineno) for one in replaced)
    for method in (one for one in own if one not in replaced):
        parts = (one for one in ast.walk(method) if isinstance(one, ast.expr))
        hands = {what: one.lineno for one in parts if (what := _by_hand(one))}
        yield from (Override(owner.name, what, line) for what, line in hands.items())


def _by_hand(node: ast.expr) -> str:
    """``group["lr"] = …``, or ``lr_scheduler.step()``."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        is_lr = isinstance(node.slice, ast.Constant) and node.slice.value == "lr"
        return BY_HAND[0] if is_lr else ""
    if isinstance(node, ast.Call) and dotted(node.func).endswith(("scheduler.step", "sched.step")):
        return BY_HAND[1]
    return ""
