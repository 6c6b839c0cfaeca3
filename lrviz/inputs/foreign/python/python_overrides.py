"""Where a script takes a Trainer's schedule into its own hands, read off its syntax."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import called, dotted
from lrviz.inputs.foreign.python.own_optimizers import lrs_of
from lrviz.inputs.foreign.python.python_script import Override
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_SCHEDULER = ("create_scheduler", "create_optimizer_and_scheduler")
OF_OPTIMIZER = ("create_optimizer", "get_optimizer_cls_and_kwargs")
OF_DATA = ("get_train_dataloader", "get_train_sampler", "_get_train_sampler", "get_batch_samples")
OF_LOOP = ("training_step", "_inner_training_loop", "train")
BY_HAND = ("sets the LR itself", "steps a scheduler itself")
STOPS = "may stop the run"
STREAM = "IterableDataset"
_PARTS = (*OF_SCHEDULER, *OF_OPTIMIZER, *OF_DATA, *OF_LOOP, "lr_scheduler", "optimizer")
_MAKER = re.compile(r"get_(?:\w+_)?schedule(?:r|_\w+)?|TYPE_TO_SCHEDULER_FUNCTION\[\]")
"""What the Trainer calls for its scheduler."""
OWNERS = ("Trainer", "TrainerMixin", "Callback")


def overrides_of(module: ast.Module) -> tuple[Override, ...]:
    """What a file puts into a Trainer, and what its classes built on one or on a callback do of it."""
    classes = [one for one in ast.walk(module) if isinstance(one, ast.ClassDef)]
    known = {one.name: [dotted(base).rpartition(".")[2] for base in one.bases] for one in classes}
    found = [*put_in(module)]
    for one in classes:
        above = [*_above(one.name, dict(known))]
        if any(base.endswith(OWNERS) for base in above):
            found += overrides_by(one)
        if STREAM in above:
            found.append(Override(one.name, STREAM, one.lineno))
    return tuple(found)


def put_in(module: ast.Module) -> Iterator[Override]:
    """``trainer.lr_scheduler = …``, ``Trainer.create_scheduler = …``, ``optimization.get_scheduler = …``."""
    trainers, emptied = _trainers(module), _emptied(module)
    for one in ast.walk(module):
        if not isinstance(one, (ast.Attribute, ast.Subscript)) or not isinstance(one.ctx, ast.Store):
            continue
        owner, _, what = dotted(one).rpartition(".")
        of_trainer = what in _PARTS and (owner.lower().endswith("trainer") or owner in trainers)
        if (of_trainer or is_maker(what)) and id(one) not in emptied:
            lrs = (Unknown(f"what line {one.lineno} puts there"),) if what in OF_OPTIMIZER else ()
            yield Override(owner or what, what, one.lineno, lrs=lrs)


def is_maker(what: str) -> bool:
    """Whether the Trainer calls it for its scheduler: ``get_scheduler``."""
    return _MAKER.fullmatch(what) is not None


def _emptied(module: ast.Module) -> set[int]:
    """What is set to None, ``trainer.lr_scheduler = None``, which the Trainer makes then."""
    nothing = (one for one in ast.walk(module) if isinstance(one, ast.Assign) and _is_none(one.value))
    return {id(target) for one in nothing for target in one.targets}


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _trainers(module: ast.Module) -> set[str]:
    """The names that a Trainer is given."""
    return {
        target.id
        for one in ast.walk(module)
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call)
        for target in one.targets
        if isinstance(target, ast.Name) and dotted(one.value.func).endswith("Trainer")
    }


def _above(name: str, left: dict[str, list[str]]) -> Iterator[str]:
    """The bases of a class, and theirs in the same file."""
    for base in left.pop(name, []):
        yield base
        yield from _above(base, left)


def overrides_by(owner: ast.ClassDef, file: str = "") -> Iterator[Override]:
    """What a class does that is built on a Trainer or a callback, and stands in that file."""
    own = [one for one in owner.body if isinstance(one, ast.FunctionDef)]
    replaced = [one for one in own if one.name in OF_SCHEDULER + OF_OPTIMIZER + OF_DATA or _has_own_loop(one)]
    for one in replaced:
        lrs = lrs_of(one) if one.name in OF_OPTIMIZER else ()
        yield Override(owner.name, one.name, one.lineno, file, not _may_hand_on(one), lrs)
    for method in (one for one in own if one not in replaced):
        parts = (one for one in ast.walk(method) if isinstance(one, ast.expr))
        hands = {what: one.lineno for one in parts if (what := _by_hand(one))}
        yield from (Override(owner.name, what, line, file) for what, line in hands.items())


def _may_hand_on(method: ast.FunctionDef) -> bool:
    """Whether the Trainer's own may make the scheduler after all."""
    names = {called(one) for one in ast.walk(method) if isinstance(one, ast.Call)}
    return not names.isdisjoint(OF_SCHEDULER)


def _has_own_loop(method: ast.FunctionDef) -> bool:
    """Whether it takes the place of a part of the Trainer's loop, and does not hand on to that."""
    hands_on = any(isinstance(one, ast.Call) and dotted(one.func) == "super" for one in ast.walk(method))
    return method.name in OF_LOOP and not hands_on


def _by_hand(node: ast.expr) -> str:
    """``group["lr"] = …``, ``lr_scheduler.step()``, or ``control.should_training_stop = …``."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        is_lr = isinstance(node.slice, ast.Constant) and node.slice.value == "lr"
        return BY_HAND[0] if is_lr else ""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return STOPS if node.attr == "should_training_stop" else ""
    if isinstance(node, ast.Call) and dotted(node.func).endswith(("scheduler.step", "sched.step")):
        return BY_HAND[1]
    return ""
