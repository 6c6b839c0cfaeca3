"""The modules of a folder, found by walking it: what lies there is one of them."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from types import ModuleType

Kind = TypeVar("Kind")


def module_names(folder: ModuleType) -> list[str]:
    """Their names, in order."""
    return [module.name for module in pkgutil.iter_modules(folder.__path__)]


def modules_of(folder: ModuleType) -> list[ModuleType]:
    """All of them, imported."""
    return [importlib.import_module(f"{folder.__name__}.{name}") for name in module_names(folder)]


def instances_of(kind: type[Kind], folder: ModuleType) -> tuple[Kind, ...]:
    """What stands in them of a class, under any name."""
    found = [one for module in modules_of(folder) for one in vars(module).values() if isinstance(one, kind)]
    return tuple(dict.fromkeys(found))
