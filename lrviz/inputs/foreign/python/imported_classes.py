"""The Trainers and callbacks that a script has of modules: read where these lie beside it, else named."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.modules_beside import Module, Modules, Origin
from lrviz.inputs.foreign.python.python_overrides import OWNERS, overrides_by, put_in
from lrviz.inputs.foreign.python.python_script import Override

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from lrviz.inputs.foreign.python.modules_beside import Found

    Handed = tuple[int, str]

LIBRARIES = frozenset(
    {
        *("transformers", "trl", "peft", "sentence_transformers", "unsloth", "setfit", "optimum"),
        *("accelerate", "lightning", "keras", "fastai", "mmengine", "composer", "wandb", "dvclive"),
        *("swanlab", "ray", "optuna", "comet_ml", "mlflow", "clearml", "neptune", "codecarbon"),
        *("torch", "datasets", "evaluate", "pytorch_lightning"),
    }
)
"""Those whose Trainers are other readers', or whose callbacks only report."""
_TRAINING = re.compile(r"(?:\w+_)?trainer|(?:(?:do|run)_)?(?:train|training|fit|fine_?tune)(?:_model)?")
"""Names of functions that may make a Trainer."""
_DEEPEST = 10


def imported_overrides(
    module: ast.Module, folder: Path, modules: Modules, handed: Collection[Handed]
) -> list[Override]:
    """What the classes do that a script trains with, and has from another module.

    ``handed`` are the calls, by line and name, that are given the arguments of a Trainer.
    """
    script = Module.of(module, folder)
    return list(dict.fromkeys((*_of_used(script, modules, handed), *_patched(script, modules))))


def is_of_library(name: str) -> bool:
    """Whether it is of one that leaves what it is given as it is, or of Python's own."""
    library = name.partition(".")[0]
    return library in LIBRARIES or library in sys.stdlib_module_names


def _of_used(script: Module, modules: Modules, handed: Collection[Handed]) -> Iterator[Override]:
    used = dict(reversed([*_used(script, handed)]))  # the first line that has it
    lines = {line for line, _ in handed}
    for name, (line, is_sure) in used.items():
        if name.partition(".")[0] not in {*script.classes, *script.origins} and not script.stars:
            continue
        lineage = modules.lineage(name, script)
        yield from _unread(lineage, line, is_trainer=name.endswith(OWNERS) or line in lines)
        for one in lineage if any(part.name.endswith(OWNERS) for part in lineage) else ():
            if one.node and (one.module.file or not _is_seen(one.node)):
                made = overrides_by(one.node, one.module.file)
                yield from (part._replace(is_sure=part.is_sure and is_sure) for part in made)


def _is_seen(node: ast.ClassDef) -> bool:
    """Whether a class of the script itself is known to be a Trainer by the names of its bases."""
    return any(dotted(base).endswith(OWNERS) for base in node.bases)


def _unread(lineage: list[Found], line: int, *, is_trainer: bool) -> Iterator[Override]:
    """What it, or one that it is built on, is of, where that is not read."""
    for one in lineage:
        origin = one.origin
        if one.node is not None or origin is None or origin.library in LIBRARIES:
            continue
        *_, last = one.name.split(".")
        is_function = last[:1].islower() and not _TRAINING.fullmatch(last)
        if is_trainer and not is_function:
            yield Override(last, f"is of {origin.module}, which is not read", line)


def _patched(script: Module, modules: Modules) -> Iterator[Override]:
    """``Trainer.create_scheduler = …`` in a module that a script imports."""
    for module in modules.imported(script):
        yield from (one._replace(file=module.file, is_sure=False) for one in put_in(module.tree))


def _used(script: Module, handed: Collection[Handed]) -> Iterator[tuple[str, tuple[int, bool]]]:
    """The names of classes that are a Trainer, its callbacks or bases, with the line, and whether surely."""
    values = _assigned(script.tree)
    for one in ast.walk(script.tree):
        if isinstance(one, ast.ClassDef):
            yield from ((dotted(base), (one.lineno, True)) for base in one.bases)
        if not isinstance(one, ast.Call):
            continue
        given = [word.value for word in one.keywords if word.arg == "callbacks"]
        given += one.args if dotted(one.func).endswith(".add_callback") else []
        if dotted(one.func).endswith("Trainer") or (one.lineno, _real(script, one.func)) in handed:
            given.append(one.func)
        for part in given:
            names = list(_names(part, values, 0))
            is_sure = part is not one.func or len(names) == 1
            yield from ((name, (one.lineno, is_sure)) for name in names)


def _real(script: Module, function: ast.expr) -> str:
    """The name of what is called, without ``as``."""
    first, dot, rest = dotted(function).partition(".")
    origin = script.origins.get(first, [Origin(first)])[0]
    return f"{origin.what or origin.module}{dot}{rest}"


def _names(node: ast.AST, values: dict[str, list[ast.AST]], depth: int) -> Iterator[str]:
    """The classes that an expression may stand for, or hold, or make."""
    if isinstance(node, ast.Name) and node.id in values and depth < _DEEPEST:
        for one in values[node.id]:
            yield from _names(one, values, depth + 1)
    elif isinstance(node, (ast.Name, ast.Attribute)):
        yield dotted(node)
    elif isinstance(node, (ast.Call, ast.Subscript)):
        yield from _names(node.func if isinstance(node, ast.Call) else node.value, values, depth)
    elif isinstance(node, (ast.IfExp, ast.List, ast.Tuple, ast.Dict, ast.BinOp)):
        for one in ast.iter_child_nodes(node):
            yield from _names(one, values, depth)


def _assigned(module: ast.Module) -> dict[str, list[ast.AST]]:
    """What each name is set to, or has appended, anywhere."""
    found: dict[str, list[ast.AST]] = {}
    for one in ast.walk(module):
        if isinstance(one, ast.Assign):
            for target in one.targets:
                found.setdefault(dotted(target), []).append(one.value)
        elif isinstance(one, ast.Call) and dotted(one.func).endswith((".append", ".extend")):
            found.setdefault(dotted(one.func).rpartition(".")[0], []).extend(one.args)
    return found
