"""The Trainers and callbacks that a script imports: read where their module lies beside it, else named."""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import Opener, is_beside
from lrviz.inputs.foreign.python.python_changes import dotted
from lrviz.inputs.foreign.python.python_overrides import OWNERS, overrides_of
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.source import Override

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SUFFIX = ".py"
_LIBRARIES = frozenset(
    {
        *("transformers", "trl", "peft", "sentence_transformers", "unsloth", "setfit", "optimum"),
        *(
            "accelerate",
            "lightning",
            "keras",
            "fastai",
            "mmengine",
            "composer",
            "wandb",
            "dvclive",
            "swanlab",
        ),
        *("swanlab", "ray", "optuna", "comet_ml", "mlflow", "clearml", "neptune", "codecarbon"),
    }
)
"""Those whose Trainers are other readers', or whose callbacks only report."""


def imported_overrides(module: ast.Module, folder: Path) -> Iterator[Override]:
    """What the classes do that a script trains with, and has from another module."""
    used, opener = dict(_used(module)), Opener()
    for one in ast.walk(module):
        if not isinstance(one, ast.ImportFrom) or (one.module or "").partition(".")[0] in _LIBRARIES:
            continue
        for name in one.names:
            if line := used.get(name.asname or name.name):
                yield from _of_class(name.name, line, one, folder, opener)


def _used(module: ast.Module) -> Iterator[tuple[str, int]]:
    """The names of classes that are called as a Trainer, given it as callbacks, or built on, and where."""
    for one in ast.walk(module):
        if isinstance(one, ast.ClassDef):
            yield from ((dotted(base), one.lineno) for base in one.bases if dotted(base).endswith(OWNERS))
        if not isinstance(one, ast.Call):
            continue
        if dotted(one.func).endswith("Trainer"):
            yield dotted(one.func), one.lineno
        lists = [word.value for word in one.keywords if word.arg == "callbacks"]
        given = [item for part in lists if isinstance(part, ast.List) for item in part.elts]
        given += one.args if dotted(one.func).endswith(".add_callback") else []
        yield from ((dotted(item).removesuffix("()"), one.lineno) for item in given)


def _of_class(
    name: str, line: int, written: ast.ImportFrom, folder: Path, opener: Opener
) -> Iterator[Override]:
    module = "." * written.level + (written.module or "")
    path = "../" * (written.level - 1) + (written.module or "").replace(".", "/") + _SUFFIX
    if is_beside(folder, path):
        with suppress(ConfigError, RecursionError):
            found = opener.read(path, folder, frozenset({_SUFFIX}), module)
            tree = parse(decode(found.raw, found.name), found.name)
            bases = _with_bases(name, tree)
            yield from (one._replace(file=found.name) for one in overrides_of(tree) if one.owner in bases)
            return
    yield Override(name, f"is of {module}, which is not read", line)


def _with_bases(name: str, module: ast.Module) -> set[str]:
    """A class and those that it is built on in the same file."""
    classes = {one.name: one for one in module.body if isinstance(one, ast.ClassDef)}
    left, found = [name], set[str]()
    while left:
        one = left.pop()
        if one in classes and one not in found:
            found.add(one)
            left += [dotted(base) for base in classes[one].bases]
    return found
