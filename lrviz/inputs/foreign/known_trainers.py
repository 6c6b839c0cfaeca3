"""Every trainer whose files are read, found by walking the folder of their modules."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from lrviz.inputs.foreign import trainers
from lrviz.inputs.foreign.trainer import ForeignTrainer


@cache
def all_trainers() -> tuple[ForeignTrainer, ...]:
    """Those that stand in the modules, under any name."""
    names = sorted(module.name for module in pkgutil.iter_modules(trainers.__path__))
    modules = [importlib.import_module(f"{trainers.__name__}.{name}") for name in names]
    found = [one for module in modules for one in vars(module).values() if isinstance(one, ForeignTrainer)]
    return tuple(dict.fromkeys(found))
