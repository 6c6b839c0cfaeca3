"""Functions of other modules that may give the groups of an optimizer LRs of their own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.imported_classes import is_of_library, real_name
from lrviz.inputs.foreign.python.modules_beside import Module, Modules
from lrviz.inputs.foreign.python.own_optimizers import grouped_at

if TYPE_CHECKING:
    from pathlib import Path


def group_makers(module: ast.Module, folder: Path, modules: Modules) -> frozenset[str]:
    """What a script calls of modules that are not here, or that make such a group, by its full name too."""
    script, found = Module.of(module, folder), set()
    for one in ast.walk(module):
        if not isinstance(one, ast.Call):
            continue
        name = dotted(one.func)
        for origin in script.origins.get(name.partition(".")[0], []):
            beside = modules.open(origin.module, folder)
            may_group = not is_of_library(origin.module) if beside is None else grouped_at(beside.tree)
            found |= {name, real_name(script, one.func)} if may_group else set()
    return frozenset(found)
