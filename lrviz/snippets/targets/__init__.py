"""One module for each target: how a schedule is said there. Found by walking this folder."""

from __future__ import annotations

import pkgutil


def target_names() -> list[str]:
    """What code can be written for."""
    return [module.name for module in pkgutil.iter_modules(__path__)]
